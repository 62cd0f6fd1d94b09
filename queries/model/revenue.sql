-- name: revenue
-- title: Recurring revenue
-- definition: Revenue per company and month as billing exports say it, in the reporting currency, joined to the company by id, else by a
--   name only one company bears. A row without a kind is recurring revenue. A customer nobody can join stays a customer of its own.
-- returns: customer_ref, company_key, company_id, company_name, system, month_start, kind, amount, currency,
--   is_rate_missing
with joined as (
    select
        base_revenue.system,
        coalesce(by_id.company_key, by_name.company_key) as company_key,
        coalesce(base_revenue.company_id, base_revenue.company_name) as company_id,
        base_revenue.company_name,
        cast(date_trunc('month', base_revenue.month) as date) as month_start,
        coalesce(lower(trim(base_revenue.kind)), 'recurring') as kind,
        case
            when base_revenue.currency is null or base_revenue.currency = config.reporting_currency
                then base_revenue.amount
            else cast(round(base_revenue.amount * rates.rate, 4) as decimal(18, 4))
        end as amount,
        base_revenue.currency,
        base_revenue.amount is not null
        and base_revenue.currency is not null
        and base_revenue.currency != config.reporting_currency
        and rates.rate is null as is_rate_missing
    from base_revenue
    cross join config
    left join reference_scopes on base_revenue.system = reference_scopes.system
    left join company_refs as by_id
        on
            reference_scopes.companies_scope = by_id.companies_scope
            and by_id.reference_kind = 'id'
            and base_revenue.company_id = by_id.reference
    left join company_refs as by_name
        on
            reference_scopes.companies_scope = by_name.companies_scope
            and by_name.reference_kind = 'name'
            and lower(trim(base_revenue.company_name)) = by_name.reference
    left join currency_rates as rates
        on
            base_revenue.currency = rates.currency
            and rates.from_on <= cast(base_revenue.month as date)
            and (rates.until_on is null or cast(base_revenue.month as date) < rates.until_on)
    where base_revenue.missing_since is null and base_revenue.month is not null
)

select
    coalesce('c' || cast(joined.company_key as varchar), 'r' || lower(trim(joined.company_id)))
        as customer_ref,
    joined.company_key,
    joined.company_id,
    joined.company_name,
    joined.system,
    joined.month_start,
    joined.kind,
    joined.amount,
    joined.currency,
    joined.is_rate_missing
from joined

-- name: revenue
-- title: Recurring revenue
-- definition: Revenue per company and month as billing exports say it.
-- returns: company_key, company_id, month_start, kind, amount, currency
select
    company_refs.company_key,
    coalesce(base_revenue.company_id, base_revenue.company_name) as company_id,
    cast(date_trunc('month', base_revenue.month) as date) as month_start,
    base_revenue.kind,
    base_revenue.amount,
    base_revenue.currency
from base_revenue
left join reference_scopes on base_revenue.system = reference_scopes.system
left join company_refs
    on
        reference_scopes.companies_scope = company_refs.companies_scope
        and company_refs.reference_kind = 'id'
        and base_revenue.company_id = company_refs.reference
where base_revenue.missing_since is null

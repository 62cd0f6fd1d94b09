-- name: unit_economics_cells
-- title: Paying customers, those gone and margins
-- definition: Customers and revenue of the newest month, customer-months and customers gone in the months before, and the gross margin of won deals.
-- params: account_lists, campaigns, channels, months, owners, period_end, pipelines, products, regions,
--   segments, sides, sources, teams, video_engaged
-- defaults: months=12
-- needs: revenue.amount
-- returns: customers, revenue, customer_months, churned, margin_deals, margin, amount, closing_on, opening_on
with ends as (
    select
        max(customer_months.month_start) as closing_on,
        cast(max(customer_months.month_start) - interval 1 month * $months as date) as opening_on
    from customer_months
    where
        $period_end::date is null
        or cast(customer_months.month_start + interval 1 month as date) <= $period_end::date
),

chosen as (
    select customers.customer_key
    from customers
    where
        true
        and (len($channels) = 0 or list_contains($channels, coalesce(customers.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(customers.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(customers.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(customers.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(customers.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(customers.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(customers.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(customers.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(customers.owner, '')))
        and (len($pipelines) = 0 or list_contains($pipelines, coalesce(customers.pipeline, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(customers.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when customers.video_engaged then 'yes' else 'no' end)
        )
),

paid as (
    select
        customer_months.customer_key,
        customer_months.month_start,
        customer_months.level,
        lead(customer_months.month_start) over (
            partition by customer_months.customer_key order by customer_months.month_start
        ) as next_paid_on
    from customer_months
    inner join chosen on customer_months.customer_key = chosen.customer_key
    where customer_months.level > 0
),

-- At risk is who pays in a month and could stop in the next; who comes back by the end has not gone.
risks as (
    select
        count(*) as customer_months,
        count(*) filter (where paid.next_paid_on is null) as churned
    from paid
    cross join ends
    where paid.month_start >= ends.opening_on and paid.month_start < ends.closing_on
),

now_paying as (
    select
        count(*) as customers,
        sum(cast(paid.level as double)) as revenue
    from paid
    inner join ends on paid.month_start = ends.closing_on
),

margins as (
    select
        count(*) as margin_deals,
        sum(
            cast(deals.margin as double)
            * cast(deals.amount as double)
            / nullif(cast(deals.amount_original as double), 0)
        )
            as margin,
        sum(cast(deals.amount as double)) as amount
    from deals
    cross join ends
    where
        deals.is_won
        and deals.margin is not null
        and deals.amount > 0
        and deals.closed_on >= ends.opening_on
        and ($period_end::date is null or deals.closed_on < $period_end::date)
        and (len($channels) = 0 or list_contains($channels, coalesce(deals.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(deals.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(deals.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(deals.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(deals.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(deals.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(deals.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(deals.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(deals.owner, '')))
        and (len($pipelines) = 0 or list_contains($pipelines, coalesce(deals.pipeline, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(deals.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when deals.video_engaged then 'yes' else 'no' end)
        )
)

select
    now_paying.customers,
    now_paying.revenue,
    risks.customer_months,
    risks.churned,
    margins.margin_deals,
    margins.margin,
    margins.amount,
    ends.closing_on,
    ends.opening_on
from now_paying
cross join risks
cross join margins
cross join ends

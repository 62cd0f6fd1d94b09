-- name: nrr
-- title: Net revenue retention
-- unit: percent
-- good: up
-- aggregate: ratio
-- population: customers who paid twelve months before
-- clock: month of the revenue, whose last day it is counted on
-- grain: one row per customer and month who paid twelve months before
-- needs: revenue.amount
-- definition: What the customers of twelve months before pay now, over what they paid then, month by month - with what they
--   buy more, without new customers. Over several months the sums are divided, not the rates averaged.
-- returns: entity, entity_id, happened_on, channel, source, side, campaign, region, segment, product, team,
--   owner, pipeline, account_list, video_engaged, numerator, denominator
with ends as (
    select
        min(customer_months.month_start) as first_month,
        max(customer_months.month_start) as last_month
    from customer_months
),

months as (
    select distinct
        calendar.month_start,
        cast(calendar.month_start - interval 12 month as date) as before_on,
        cast(calendar.month_start + interval 1 month - interval 1 day as date) as happened_on
    from calendar
    cross join ends
    where calendar.month_start between ends.first_month and ends.last_month
)

select
    'company' as entity,
    customers.customer_id as entity_id,
    least(months.happened_on, config.as_of_on) as happened_on,
    customers.channel,
    customers.source,
    customers.side,
    customers.campaign,
    customers.region,
    customers.segment,
    customers.product,
    customers.team,
    customers.owner,
    customers.pipeline,
    customers.account_list,
    customers.video_engaged,
    coalesce(now_paid.level, 0) as numerator,
    before.level as denominator
from months
cross join config
inner join customer_months as before on months.before_on = before.month_start and before.level > 0
inner join customers on before.customer_key = customers.customer_key
left join customer_months as now_paid
    on before.customer_key = now_paid.customer_key and months.month_start = now_paid.month_start

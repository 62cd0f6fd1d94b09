-- name: acquisition_cells
-- title: What was won and what was spent
-- definition: New customers, won new business and spend by group, the spend once on its day and once laid forward by the lag, from which the cost of
--   a new customer is worked out.
-- params: account_lists, by, campaigns, channels, lag, model, owners, period_end, period_start, pipelines, products,
--   regions, segments, sides, sources, teams, video_engaged
-- defaults: by='', lag=-1, model=origin
-- choices: by=|channel|side|campaign|source|region|segment|product|team|owner|pipeline|account_list|month,
--   model=origin|first|last|last_non_direct|linear|position|u|w|full_path|time_decay
-- needs: deals.closed_at
-- returns: group_value, customers, deals, revenue, revenue_squared, accounts, margin, revenue_with_margin, spend,
--   spend_lagged, media_lagged, lag_days, is_lag_known, lag_customers, spend_from, spend_until, kinds, undated,
--   rate_missing, is_comparable
with lags as (
    select
        case
            when $lag >= 0 then cast($lag as double)
            else median(cast(date_diff('day', customers.lead_on, customers.won_on) as double))
        end as lag_days,
        count(*) as lag_customers
    from customers
    where customers.is_new_customer and customers.lead_on is not null
),

lag as (
    select
        cast(round(coalesce(lags.lag_days, 0)) as integer) as days,
        lags.lag_days is not null as is_known,
        lags.lag_customers
    from lags
),

credited as (
    select
        deals.deal_key,
        deals.channel,
        deals.side,
        deals.campaign,
        cast(1 as double) as weight,
        cast(deals.amount as double) as revenue
    from deals
    where $model = 'origin' and deals.is_won
    union all
    select
        credit_fact.deal_key,
        credit_fact.channel,
        credit_fact.side,
        credit_fact.campaign,
        credit_fact.weight,
        cast(credit_fact.amount as double) as revenue
    from credit_fact
    where credit_fact.model = $model
    union all
    select
        deals.deal_key,
        'Unattributed' as channel,
        'unknown' as side,
        null as campaign,
        cast(1 as double) as weight,
        cast(deals.amount as double) as revenue
    from deals
    left join credit_fact on deals.deal_key = credit_fact.deal_key and credit_fact.model = $model
    where $model != 'origin' and deals.is_won and credit_fact.deal_key is null
),

won as (
    select
        customer_deals.customer_ref,
        case $by
            when 'channel' then coalesce(credited.channel, 'Unknown')
            when 'side' then coalesce(credited.side, 'unknown')
            when 'campaign' then coalesce(credited.campaign, '(none)')
            when 'month' then substr(cast(deals.closed_on as varchar), 1, 7)
            when 'source' then coalesce(deals.source, '(none)')
            when 'region' then coalesce(deals.region, '(none)')
            when 'segment' then coalesce(deals.segment, '(none)')
            when 'product' then coalesce(deals.product, '(none)')
            when 'team' then coalesce(deals.team, '(none)')
            when 'owner' then coalesce(deals.owner, '(none)')
            when 'pipeline' then coalesce(deals.pipeline, '(none)')
            when 'account_list' then coalesce(deals.account_list, '(none)')
            else ''
        end as group_value,
        case when customer_deals.is_new_customer then credited.weight else 0 end as customers,
        credited.weight as deals,
        credited.revenue,
        case
            when deals.margin is null then null
            when deals.amount_original is null or deals.amount_original = 0
                then cast(deals.margin as double) * credited.weight
            else
                cast(deals.margin as double)
                * (cast(deals.amount as double) / nullif(cast(deals.amount_original as double), 0))
                * credited.weight
        end as margin,
        case when deals.margin is not null then credited.revenue end as revenue_with_margin
    from deals
    inner join customer_deals on deals.deal_key = customer_deals.deal_key
    inner join credited on deals.deal_key = credited.deal_key
    where
        deals.is_new_business
        and deals.closed_on is not null
        and ($period_start::date is null or deals.closed_on >= $period_start::date)
        and ($period_end::date is null or deals.closed_on < $period_end::date)
        and (len($channels) = 0 or list_contains($channels, coalesce(credited.channel, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(credited.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(credited.campaign, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(deals.source, '')))
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
),

won_by_customer as (
    select
        won.group_value,
        won.customer_ref,
        sum(won.customers) as customers,
        sum(won.deals) as deals,
        sum(won.revenue) as revenue,
        sum(won.margin) as margin,
        sum(won.revenue_with_margin) as revenue_with_margin
    from won
    group by won.group_value, won.customer_ref
),

won_sums as (
    select
        won_by_customer.group_value,
        sum(won_by_customer.customers) as customers,
        sum(won_by_customer.deals) as deals,
        sum(won_by_customer.revenue) as revenue,
        sum(won_by_customer.revenue * won_by_customer.revenue) as revenue_squared,
        count(*) as accounts,
        sum(won_by_customer.margin) as margin,
        sum(won_by_customer.revenue_with_margin) as revenue_with_margin
    from won_by_customer
    group by won_by_customer.group_value
),

-- The same costs twice: on their day, and laid forward to the day they are expected to bring a customer.
costs as (
    select
        spend.channel,
        spend.side,
        spend.campaign,
        spend.kind,
        spend.spent_on as counted_on,
        false as is_lagged,
        cast(spend.cost as double) as cost
    from spend
    union all
    select
        spend.channel,
        spend.side,
        spend.campaign,
        spend.kind,
        cast(spend.spent_on + interval 1 day * lag.days as date) as counted_on,
        true as is_lagged,
        cast(spend.cost as double) as cost
    from spend
    cross join lag
),

spent as (
    select
        case $by
            when 'channel' then costs.channel
            when 'side' then costs.side
            when 'campaign' then coalesce(costs.campaign, '(none)')
            when 'month' then substr(cast(costs.counted_on as varchar), 1, 7)
            else ''
        end as group_value,
        sum(costs.cost) filter (where not costs.is_lagged) as spend,
        sum(costs.cost) filter (where costs.is_lagged) as spend_lagged,
        sum(costs.cost) filter (where costs.is_lagged and costs.kind = 'media') as media_lagged
    from costs
    cross join config
    where
        list_contains(['', 'channel', 'side', 'campaign', 'month'], $by)
        and costs.counted_on <= config.as_of_on
        and ($period_start::date is null or costs.counted_on >= $period_start::date)
        and ($period_end::date is null or costs.counted_on < $period_end::date)
        and (len($channels) = 0 or list_contains($channels, coalesce(costs.channel, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(costs.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(costs.campaign, '')))
    group by group_value
),

reach as (
    select
        min(spend.spent_on) as spend_from,
        max(spend.spent_on) as spend_until,
        coalesce(sum(case when spend.spent_on is null then 1 else 0 end), 0) as undated,
        coalesce(sum(case when spend.is_rate_missing then 1 else 0 end), 0) as rate_missing,
        count(distinct spend.kind) as kinds
    from spend
)

select
    coalesce(won_sums.group_value, spent.group_value) as group_value,
    coalesce(won_sums.customers, 0) as customers,
    coalesce(won_sums.deals, 0) as deals,
    won_sums.revenue,
    won_sums.revenue_squared,
    coalesce(won_sums.accounts, 0) as accounts,
    won_sums.margin,
    won_sums.revenue_with_margin,
    spent.spend,
    spent.spend_lagged,
    spent.media_lagged,
    lag.days as lag_days,
    lag.is_known as is_lag_known,
    lag.lag_customers,
    reach.spend_from,
    reach.spend_until,
    reach.kinds,
    reach.undated,
    reach.rate_missing,
    len($sources) + len($regions) + len($segments) + len($products) + len($teams) + len($owners) + len($pipelines)
    + len($account_lists) + len($video_engaged) = 0 as is_comparable
from won_sums
full outer join spent on won_sums.group_value = spent.group_value
cross join lag
cross join reach
order by customers desc, won_sums.revenue desc nulls last, group_value asc

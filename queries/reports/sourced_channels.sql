-- name: sourced_channels
-- title: Won revenue by channel over time
-- definition: Won revenue by channel week by week or month by month - a period in which a channel won nothing is a known
--   0 - and whether the period was over on the day of the data.
-- params: account_lists, business, campaigns, channels, grain, owners, period_end, period_start, pipelines,
--   products, regions, segments, sides, sources, teams, video_engaged
-- defaults: business=all, grain=week
-- returns: dimension, period, value, is_complete
with chosen as (
    select
        deals.channel,
        deals.amount,
        case $grain
            when 'month' then cast(date_trunc('month', deals.closed_on) as date)
            else cast(date_trunc('week', deals.closed_on) as date)
        end as period
    from deals
    where
        deals.closed_on is not null
        and deals.is_won
        and ($business = 'all' or deals.is_new_business)
        and ($period_start::date is null or deals.closed_on >= $period_start::date)
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
),

reach as (
    select
        min(chosen.period) as first_period,
        max(chosen.period) as last_period
    from chosen
),

days as (
    select
        calendar.day,
        case $grain
            when 'month' then cast(date_trunc('month', calendar.day) as date)
            else cast(date_trunc('week', calendar.day) as date)
        end as period
    from calendar
),

periods as (
    select
        days.period,
        max(days.day) <= max(config.as_of_on) as is_complete
    from days
    cross join config
    cross join reach
    where days.period >= reach.first_period and days.period <= greatest(reach.last_period, config.as_of_on)
    group by days.period
),

names as (select distinct chosen.channel from chosen),

summed as (
    select
        chosen.channel,
        chosen.period,
        sum(chosen.amount) as amount
    from chosen
    group by chosen.channel, chosen.period
)

select
    names.channel as dimension,
    periods.period,
    cast(coalesce(summed.amount, 0) as double) as value,
    periods.is_complete
from names
cross join periods
left join summed on names.channel = summed.channel and periods.period = summed.period
order by names.channel, periods.period

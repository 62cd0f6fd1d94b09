-- name: driver_facts
-- title: What won revenue is made of, in two periods
-- definition: New leads, deals closed, deals won and won revenue, each as its metric counts them, in the period asked for and in the
--   equally long one before it, or in the one of that length that ends with the day to compare with. Without a period the
--   last 13 weeks.
-- params: account_lists, by, campaigns, channels, compare_to, owners, period_end, period_start, pipelines, products,
--   regions, segments, sides, sources, teams, video_engaged
-- defaults: by='', compare_to=null
-- choices: by=|channel|source|side|campaign|region|segment|product|team|owner|pipeline|account_list|video_engaged
-- needs: deals.amount|deals.amount_home, deals.closed_at
-- returns: period_no, period_start, period_end, group_value, leads, closed, won, revenue
with asked as (
    select
        coalesce(
            $period_start::date,
            cast(coalesce($period_end::date, config.as_of_on + interval 1 day) - interval 91 day as date)
        ) as period_start,
        coalesce($period_end::date, cast(config.as_of_on + interval 1 day as date)) as period_end
    from config
),

lasting as (
    select
        asked.period_start,
        asked.period_end,
        date_diff('day', cast(asked.period_start as date), cast(asked.period_end as date)) as days,
        coalesce(cast($compare_to::date + interval 1 day as date), asked.period_start) as before_end
    from asked
),

periods as (
    select
        0 as period_no,
        cast(lasting.before_end - interval 1 day * lasting.days as date) as period_start,
        lasting.before_end as period_end
    from lasting
    union all
    select
        1 as period_no,
        lasting.period_start,
        lasting.period_end
    from lasting
),

cut as (
    select
        periods.period_no,
        metric_rows.metric,
        metric_rows.numerator,
        metric_rows.denominator,
        coalesce(
            case $by
                when 'channel' then metric_rows.channel
                when 'source' then metric_rows.source
                when 'side' then metric_rows.side
                when 'campaign' then metric_rows.campaign
                when 'region' then metric_rows.region
                when 'segment' then metric_rows.segment
                when 'product' then metric_rows.product
                when 'team' then metric_rows.team
                when 'owner' then metric_rows.owner
                when 'pipeline' then metric_rows.pipeline
                when 'account_list' then metric_rows.account_list
                when 'video_engaged' then case when metric_rows.video_engaged then 'yes' else 'no' end
                else ''
            end,
            '(none)'
        ) as group_value
    from metric_rows
    inner join periods
        on metric_rows.happened_on >= periods.period_start and metric_rows.happened_on < periods.period_end
    where
        metric_rows.metric in ('new_leads', 'win_rate_closed', 'won_revenue')
        and (len($channels) = 0 or list_contains($channels, coalesce(metric_rows.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(metric_rows.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(metric_rows.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(metric_rows.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(metric_rows.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(metric_rows.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(metric_rows.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(metric_rows.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(metric_rows.owner, '')))
        and (len($pipelines) = 0 or list_contains($pipelines, coalesce(metric_rows.pipeline, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(metric_rows.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when metric_rows.video_engaged then 'yes' else 'no' end)
        )
),

summed as (
    select
        cut.period_no,
        cut.group_value,
        sum(cut.numerator) filter (where cut.metric = 'new_leads') as leads,
        sum(cut.denominator) filter (where cut.metric = 'win_rate_closed') as closed,
        sum(cut.numerator) filter (where cut.metric = 'win_rate_closed') as won,
        sum(cut.numerator) filter (where cut.metric = 'won_revenue') as revenue
    from cut
    group by cut.period_no, cut.group_value
)

select
    periods.period_no,
    periods.period_start,
    periods.period_end,
    summed.group_value,
    cast(coalesce(summed.leads, 0) as bigint) as leads,
    cast(coalesce(summed.closed, 0) as bigint) as closed,
    cast(coalesce(summed.won, 0) as bigint) as won,
    cast(coalesce(summed.revenue, 0) as decimal(18, 2)) as revenue
from periods
left join summed on periods.period_no = summed.period_no
order by periods.period_no asc, summed.group_value asc

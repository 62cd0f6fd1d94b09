-- name: metric_trend
-- title: Trend of a metric
-- definition: A metric week by week (or month by month), every period of the calendar present - a count of nothing is
--   0, a rate of nothing is empty - with a 95 % Wilson interval on rates and whether the period is over.
-- params: account_lists, by, campaigns, channels, grain, metric, owners, period_end, period_start, pipelines,
--   products, regions, segments, sides, sources, teams, video_engaged
-- defaults: grain=week, by=''
-- returns: metric, period, dimension, value, numerator, denominator, entities, low, high, is_complete
with normal as (
    select cast('1.959963984540054' as double) as z
),

cut as (
    select
        metric_rows.metric,
        metric_rows.entity_id,
        metric_rows.numerator,
        metric_rows.denominator,
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
            when 'video_engaged'
                then if(metric_rows.video_engaged, 'yes', if(not metric_rows.video_engaged, 'no', null))
        end as dimension,
        case $grain
            when 'month' then cast(date_trunc('month', metric_rows.happened_on) as date)
            when 'quarter'
                then
                    coalesce(
                        calendar.fiscal_quarter_start, cast(date_trunc('quarter', metric_rows.happened_on) as date)
                    )
            when 'day' then metric_rows.happened_on
            else cast(date_trunc('week', metric_rows.happened_on) as date)
        end as period
    from metric_rows
    left join calendar on metric_rows.happened_on = calendar.day
    where
        metric_rows.metric = $metric
        and metric_rows.happened_on is not null
        and ($period_start::date is null or metric_rows.happened_on >= $period_start::date)
        and ($period_end::date is null or metric_rows.happened_on < $period_end::date)
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

sums as (
    select
        cut.period,
        cut.dimension,
        sum(cut.numerator) as numerator,
        sum(cut.denominator) as denominator,
        count(distinct cut.entity_id) as entities
    from cut
    group by cut.period, cut.dimension
),

periods as (
    select
        case $grain
            when 'month' then calendar.month_start
            when 'quarter' then calendar.fiscal_quarter_start
            when 'day' then calendar.day
            else calendar.week_start
        end as period,
        max(calendar.day) as last_day
    from calendar
    group by period
),

dimensions as (
    select distinct sums.dimension
    from sums
),

bounds as (
    select
        min(sums.period) as first_period,
        max(sums.period) as last_period
    from sums
),

wanted as (
    select
        periods.period,
        periods.last_day,
        dimensions.dimension
    from periods
    cross join dimensions
    cross join config
    cross join bounds
    where
        periods.period >= coalesce($period_start::date, bounds.first_period)
        and periods.period < coalesce($period_end::date, greatest(bounds.last_period, config.as_of_on) + interval 1 day)
)

select
    metric_catalog.metric,
    wanted.period,
    wanted.dimension,
    case
        when metric_catalog.aggregate = 'sum' then cast(coalesce(sums.numerator, 0) as double)
        when metric_catalog.is_zero_null and sums.numerator = 0 then null
        else cast(sums.numerator as double) / nullif(cast(sums.denominator as double), 0)
    end as value,
    coalesce(sums.numerator, 0) as numerator,
    coalesce(sums.denominator, 0) as denominator,
    coalesce(sums.entities, 0) as entities,
    case
        when metric_catalog.aggregate = 'ratio' and metric_catalog.unit = 'percent' then
            (
                sums.numerator + normal.z * normal.z / 2
                - normal.z * sqrt(
                    cast(sums.numerator as double) * (sums.denominator - sums.numerator) / nullif(sums.denominator, 0)
                    + normal.z * normal.z / 4
                )
            ) / nullif(sums.denominator + normal.z * normal.z, 0)
    end as low,
    case
        when metric_catalog.aggregate = 'ratio' and metric_catalog.unit = 'percent' then
            (
                sums.numerator + normal.z * normal.z / 2
                + normal.z * sqrt(
                    cast(sums.numerator as double) * (sums.denominator - sums.numerator) / nullif(sums.denominator, 0)
                    + normal.z * normal.z / 4
                )
            ) / nullif(sums.denominator + normal.z * normal.z, 0)
    end as high,
    wanted.last_day <= config.as_of_on as is_complete
from wanted
cross join config
cross join normal
inner join metric_catalog on metric_catalog.metric = $metric
left join sums on wanted.period = sums.period and wanted.dimension is not distinct from sums.dimension
order by wanted.dimension, wanted.period

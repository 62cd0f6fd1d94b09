-- name: metric_rollup
-- title: Roll-up of a metric
-- definition: A metric summed over its rows - for ratios the sum of numerators over the sum of denominators, never a
--   mean of ratios - by period and, if asked, by a dimension. A total starts at the first day asked for.
-- params: account_lists, by, campaigns, channels, grain, metric, owners, period_end, period_start, pipelines,
--   products, regions, segments, sides, sources, teams, video_engaged
-- defaults: grain=total, by=''
-- returns: metric, period, dimension, value, numerator, denominator, entities
with cut as (
    select
        metric_rows.metric,
        metric_rows.entity_id,
        metric_rows.happened_on,
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
            when 'day' then metric_rows.happened_on
            when 'week' then cast(date_trunc('week', metric_rows.happened_on) as date)
            when 'month' then cast(date_trunc('month', metric_rows.happened_on) as date)
            when 'quarter'
                then
                    coalesce(
                        calendar.fiscal_quarter_start, cast(date_trunc('quarter', metric_rows.happened_on) as date)
                    )
            when 'year'
                then
                    coalesce(
                        calendar.fiscal_year_start, cast(date_trunc('year', metric_rows.happened_on) as date)
                    )
            else coalesce($period_start::date, min(metric_rows.happened_on) over ())
        end as period
    from metric_rows
    left join calendar on metric_rows.happened_on = calendar.day
    where
        metric_rows.metric = $metric
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
)

select
    cut.metric,
    cut.period,
    cut.dimension,
    case
        when metric_catalog.aggregate = 'sum' then cast(sum(cut.numerator) as double)
        when metric_catalog.is_zero_null and sum(cut.numerator) = 0 then null
        else cast(sum(cut.numerator) as double) / nullif(cast(sum(cut.denominator) as double), 0)
    end as value,
    sum(cut.numerator) as numerator,
    sum(cut.denominator) as denominator,
    count(distinct cut.entity_id) as entities
from cut
inner join metric_catalog on cut.metric = metric_catalog.metric
group by cut.metric, cut.period, cut.dimension, metric_catalog.aggregate, metric_catalog.is_zero_null
order by cut.period asc, value desc nulls last, cut.dimension asc

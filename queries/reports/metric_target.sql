-- name: metric_target
-- title: Targets of a metric
-- definition: The agreed plan for a metric over the periods that touch the one asked for, overall and by side,
--   channel and segment.
-- params: metric, period_end, period_start
-- returns: metric, period, grain, side, channel, segment, value
select
    targets.metric,
    targets.period,
    targets.grain,
    targets.side,
    targets.channel,
    targets.segment,
    targets.value
from targets
where
    targets.metric = $metric
    and ($period_end::date is null or targets.period < $period_end::date)
    and (
        $period_start::date is null
        or targets.period + case targets.grain
            when 'week' then interval 7 day
            when 'month' then interval 1 month
            when 'year' then interval 12 month
            else interval 3 month
        end > $period_start::date
    )
order by targets.period, targets.side, targets.channel, targets.segment

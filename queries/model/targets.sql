-- name: targets
-- title: Targets
-- definition: The plan both teams agreed. A value typed in the app replaces the one of an export for the same period and cut.
-- returns: period, grain, metric, side, channel, segment, value
with planned as (
    select
        cast(base_targets.period as date) as period,
        coalesce(lower(base_targets.grain), 'quarter') as grain,
        base_targets.metric,
        lower(base_targets.side) as side,
        base_targets.channel,
        base_targets.segment,
        base_targets.value,
        1 as preference,
        base_targets.as_of
    from base_targets
    where base_targets.missing_since is null
    union all
    select
        book_targets.period,
        book_targets.grain,
        book_targets.metric,
        book_targets.side,
        book_targets.channel,
        book_targets.segment,
        book_targets.value,
        0 as preference,
        null as as_of
    from book_targets
)

select
    planned.period,
    planned.grain,
    planned.metric,
    nullif(planned.side, '') as side,
    nullif(planned.channel, '') as channel,
    nullif(planned.segment, '') as segment,
    planned.value
from planned
qualify row_number() over (
    partition by
        planned.period,
        planned.grain,
        planned.metric,
        coalesce(planned.side, ''),
        coalesce(planned.channel, ''),
        coalesce(planned.segment, '')
    order by planned.preference asc, planned.as_of desc
) = 1

-- name: deal_paths
-- title: Paths of deals
-- definition: The channels of a deal's journey in the order of its touches, and how the journey ended - won; null where the deal is lost, or
--   open and older than nine in ten won deals were at their close; young open deals are undecided. A deal without a touch inside the
--   lookback has no path here. `resolved_on` is the close, or the day an open deal grew too old.
-- params: lookback_days
-- returns: deal_key, outcome, resolved_on, path
with won_lag as (
    select
        percentile_cont(0.9) within group (
            order by date_diff('day', cast(deals.created_at as date), cast(deals.closed_at as date))
        ) as days
    from deals
    where deals.is_won and deals.created_at is not null and deals.closed_at >= deals.created_at
),

paths as (
    select
        deal_journeys.deal_key,
        string_agg(deal_journeys.channel, chr(31) order by deal_journeys.place) as path
    from deal_journeys
    cross join config
    where deal_journeys.days_before <= coalesce($lookback_days::double, config.lookback_days)
    group by deal_journeys.deal_key
),

aged as (
    select
        deals.deal_key,
        deals.status,
        deals.closed_on,
        cast(deals.created_on + interval 1 day * cast(ceil(won_lag.days) as integer) as date) as too_old_on,
        config.as_of_on
    from deals
    cross join config
    cross join won_lag
)

select
    aged.deal_key,
    case
        when aged.status = 'won' then 'won'
        when aged.status = 'lost' then 'null'
        when aged.too_old_on < aged.as_of_on then 'null'
        else 'undecided'
    end as outcome,
    case
        when aged.status != 'open' then aged.closed_on
        when aged.too_old_on < aged.as_of_on then aged.too_old_on
    end as resolved_on,
    paths.path
from aged
inner join paths on aged.deal_key = paths.deal_key

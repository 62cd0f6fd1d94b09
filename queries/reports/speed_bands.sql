-- name: speed_bands
-- title: How soon leads are attempted
-- definition: Every lead handed over in the period by how soon a person in Sales first attempted it, in business
--   hours (or on the wall clock) - within 5 minutes, 15, an hour, the promise, later - or not yet, pending or due.
--   Contacted before the hand-over is a band of its own. The share is of all but those.
-- params: account_lists, by, campaigns, channels, clock, owners, period_end, period_start, products, regions,
--   segments, sides, sources, teams, video_engaged
-- defaults: by='', clock=business
-- choices: by=|channel|source|side|campaign|region|segment|product|team|owner|account_list|week|video_engaged,
--   clock=business|wall
-- needs: activities.at|people.first_response_at
-- returns: group_value, band, band_order, leads, share
with chosen as (
    select
        coalesce(
            case $by
                when 'channel' then coalesce(handoff_fact.channel, '(none)')
                when 'source' then coalesce(handoff_fact.source, '(none)')
                when 'side' then coalesce(handoff_fact.side, '(none)')
                when 'campaign' then coalesce(handoff_fact.campaign, '(none)')
                when 'region' then coalesce(handoff_fact.region, '(none)')
                when 'segment' then coalesce(handoff_fact.segment, '(none)')
                when 'product' then coalesce(handoff_fact.product, '(none)')
                when 'team' then coalesce(handoff_fact.team, '(none)')
                when 'owner' then coalesce(handoff_fact.owner, '(none)')
                when 'account_list' then coalesce(handoff_fact.account_list, '(none)')
                when 'week' then strftime(handoff_fact.week_start, '%Y-%m-%d')
                when 'video_engaged' then if(handoff_fact.video_engaged, 'yes', 'no')
            end,
            'All'
        ) as group_value,
        handoff_fact.sla_class,
        handoff_fact.first_attempt_at is not null as is_touched,
        case when $clock = 'wall' then handoff_fact.wall_s else handoff_fact.speed_s end as seconds
    from handoff_fact
    where
        ($period_start::date is null or handoff_fact.handoff_on >= $period_start::date)
        and ($period_end::date is null or handoff_fact.handoff_on < $period_end::date)
        and (len($channels) = 0 or list_contains($channels, coalesce(handoff_fact.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(handoff_fact.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(handoff_fact.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(handoff_fact.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(handoff_fact.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(handoff_fact.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(handoff_fact.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(handoff_fact.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(handoff_fact.owner, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(handoff_fact.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when handoff_fact.video_engaged then 'yes' else 'no' end)
        )
),

banded as (
    select
        chosen.group_value,
        case
            when chosen.sla_class = 'before hand-over' then 8
            when chosen.sla_class = 'pending' then 6
            when not chosen.is_touched then 7
            when chosen.seconds <= 300 then 1
            when chosen.seconds <= 900 then 2
            when chosen.seconds <= 3600 then 3
            when chosen.sla_class = 'in time' then 4
            else 5
        end as band_order,
        count(*) as leads
    from chosen
    group by all
)

select
    banded.group_value,
    case banded.band_order
        when 1 then '0 to 5 min'
        when 2 then '5 to 15 min'
        when 3 then '15 to 60 min'
        when 4 then 'over 60 min, in time'
        when 5 then 'late'
        when 6 then 'untouched, not due'
        when 7 then 'untouched, due'
        else 'before hand-over'
    end as band,
    banded.band_order,
    banded.leads,
    case
        when banded.band_order < 8
            then
                cast(banded.leads as double)
                / nullif(
                    sum(banded.leads) filter (where banded.band_order < 8) over (partition by banded.group_value), 0
                )
    end as share
from banded
order by banded.group_value, banded.band_order

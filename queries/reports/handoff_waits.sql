-- name: handoff_waits
-- title: Waits from hand-over to follow-up
-- definition: How many leads of each group waited how long, on each clock - from the hand-over to the first attempt (total), to
--   the assignment (system), and from there to the first attempt (human) - and whether it happened or they wait still;
--   what speed to lead is worked out of.
-- params: account_lists, by, campaigns, channels, clock, owners, period_end, period_start, products, regions,
--   segments, sides, sources, teams, video_engaged
-- defaults: by='', clock=business
-- choices: by=|channel|source|side|campaign|region|segment|product|team|owner|account_list|week|video_engaged,
--   clock=business|wall
-- needs: activities.at|people.first_response_at
-- returns: group_value, clock, happened, sla_class, follow_up, seconds, leads
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
        handoff_fact.follow_up,
        handoff_fact.first_attempt_at is not null as is_touched,
        handoff_fact.is_assigned_known,
        handoff_fact.assigned_at is not null as is_assigned,
        case
            when $clock = 'wall'
                then
                    coalesce(
                        handoff_fact.wall_s,
                        greatest(epoch(config.as_of_at) - epoch(handoff_fact.handoff_at), 0)
                    )
            else coalesce(handoff_fact.speed_s, handoff_fact.age_s)
        end as speed_s,
        case
            when $clock = 'wall'
                then
                    epoch(coalesce(handoff_fact.assigned_at, config.as_of_at)) - epoch(handoff_fact.handoff_at)
            else coalesce(handoff_fact.system_s, handoff_fact.age_s)
        end as system_s,
        case
            when $clock = 'wall'
                then
                    epoch(coalesce(handoff_fact.first_attempt_at, config.as_of_at)) - epoch(handoff_fact.assigned_at)
            else coalesce(handoff_fact.human_s, handoff_fact.age_s - handoff_fact.system_s)
        end as human_s
    from handoff_fact
    cross join config
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

clocks as (
    select
        chosen.group_value,
        'speed' as clock,
        chosen.speed_s as seconds,
        chosen.is_touched as happened,
        chosen.sla_class,
        chosen.follow_up
    from chosen
    union all
    select
        chosen.group_value,
        'system' as clock,
        chosen.system_s as seconds,
        chosen.is_assigned as happened,
        chosen.sla_class,
        chosen.follow_up
    from chosen
    where chosen.is_assigned_known
    union all
    select
        chosen.group_value,
        'human' as clock,
        chosen.human_s as seconds,
        chosen.is_touched as happened,
        chosen.sla_class,
        chosen.follow_up
    from chosen
    where chosen.is_assigned_known and chosen.is_assigned
)

select
    clocks.group_value,
    clocks.clock,
    clocks.happened,
    clocks.sla_class,
    clocks.follow_up,
    cast(
        greatest(
            case
                when clocks.seconds < 3600 then clocks.seconds
                else floor(clocks.seconds / 60) * 60
            end,
            0
        ) as bigint
    ) as seconds,
    count(*) as leads
from clocks
group by all

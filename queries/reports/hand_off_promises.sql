-- name: hand_off_promises
-- title: Both promises
-- definition: What both teams promised each other about the leads handed over in the period. Sales - attempted in
--   time (of those due), attempted at all, attempts made on leads nobody reached, and decided within 14 days with a
--   reason for each rejection (of those old enough). Marketing - leads handed over, what they are worth, and the
--   share that met the agreed criteria.
-- params: account_lists, by, campaigns, channels, owners, period_end, period_start, products, regions, segments,
--   sides, sources, teams, video_engaged
-- defaults: by=''
-- choices: by=|channel|source|side|campaign|region|segment|product|team|owner|account_list|week|video_engaged
-- needs: people.created_at|people.mql_at
-- returns: group_value, handoffs, due, in_time, due_attempted, unreached, unreached_attempts, given_up,
--   given_up_attempts, old_enough, decided_with_reason, met_criteria, expected_value, without_value
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
        handoff_fact.*,
        config.as_of_at
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
)

select
    chosen.group_value,
    count(*) as handoffs,
    count_if(chosen.follow_up in ('in time', 'late', 'never')) as due,
    count_if(chosen.follow_up = 'in time') as in_time,
    count_if(chosen.follow_up in ('in time', 'late')) as due_attempted,
    count_if(chosen.attempts > 0 and chosen.first_contact_at is null) as unreached,
    sum(chosen.attempts) filter (where chosen.attempts > 0 and chosen.first_contact_at is null) as unreached_attempts,
    count_if(
        chosen.attempts > 0
        and chosen.first_contact_at is null
        and chosen.decision != 'accepted'
        and cast(chosen.last_attempt_at as date) + interval 14 day <= chosen.as_of_at
    ) as given_up,
    sum(chosen.attempts) filter (
        where
        chosen.attempts > 0
        and chosen.first_contact_at is null
        and chosen.decision != 'accepted'
        and cast(chosen.last_attempt_at as date) + interval 14 day <= chosen.as_of_at
    ) as given_up_attempts,
    count_if(chosen.handoff_on + interval 15 day <= chosen.as_of_at) as old_enough,
    count_if(
        chosen.handoff_on + interval 15 day <= chosen.as_of_at
        and chosen.decided_at < chosen.handoff_on + interval 15 day
        and (chosen.decision = 'accepted' or chosen.reject_reason is not null)
    ) as decided_with_reason,
    count_if(chosen.criteria_met) as met_criteria,
    sum(chosen.expected_value) as expected_value,
    count_if(chosen.expected_value is null) as without_value
from chosen
group by chosen.group_value
order by handoffs desc, chosen.group_value asc

-- name: attempts_before_giving_up
-- title: Attempts before giving up
-- definition: Leads attempted but never reached (no answer, no call taken, no meeting), not accepted, and not
--   attempted for 14 days, by how many attempts were made.
-- params: account_lists, campaigns, channels, owners, period_end, period_start, products, regions, segments, sides,
--   sources, teams, video_engaged
-- needs: activities.at
-- returns: attempts, attempts_order, leads
select
    case when least(handoff_fact.attempts, 6) = 6 then '6 or more' else cast(handoff_fact.attempts as varchar) end
        as attempts,
    least(handoff_fact.attempts, 6) as attempts_order,
    count(*) as leads
from handoff_fact
cross join config
where
    handoff_fact.attempts > 0
    and handoff_fact.first_contact_at is null
    and handoff_fact.decision != 'accepted'
    and cast(handoff_fact.last_attempt_at as date) + interval 14 day <= config.as_of_at
    and ($period_start::date is null or handoff_fact.handoff_on >= $period_start::date)
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
group by all
order by attempts_order

-- name: hand_off_people
-- title: Leads behind a cell
-- definition: The leads handed over in the period, newest first, with the clock, the decision and the end of each.
--   A cell is named by whether the criteria were met (yes or no) and the work was in time (yes, no, pending), and a
--   list by a decision, a reason of rejection or a flag.
-- params: account_lists, campaigns, channels, criteria, decision, ended, flag, owners, period_end, period_start,
--   products, reason, regions, row_limit, segments, sides, sources, teams, video_engaged, worked
-- defaults: criteria='', worked='', ended='', decision='', reason='', flag='', row_limit=1000
-- choices: criteria=|yes|no, worked=|yes|no|pending, ended=|won|lost|rejected|open,
--   decision=|accepted|rejected|undecided, flag=|wrongly_rejected|wrongly_accepted|recycled|no_reason|untouched
-- needs: people.created_at|people.mql_at
-- returns: person_id, person_name, company_name, channel, segment, owner, handoff_at, minutes, attempts, sla_class,
--   criteria_failed, decision, reject_reason, outcome, expected_value, won_amount
select
    handoff_fact.person_id,
    handoff_fact.person_name,
    handoff_fact.company_name,
    handoff_fact.channel,
    handoff_fact.segment,
    handoff_fact.owner,
    handoff_fact.handoff_at,
    round(handoff_fact.speed_s / 60, 1) as minutes,
    handoff_fact.attempts,
    handoff_fact.sla_class,
    handoff_fact.criteria_failed,
    handoff_fact.decision,
    handoff_fact.reject_reason,
    handoff_fact.outcome,
    handoff_fact.expected_value,
    handoff_fact.won_amount
from handoff_fact
where
    ($criteria = '' or handoff_fact.criteria_met = ($criteria = 'yes'))
    and (
        $worked = ''
        or $worked = case
            when handoff_fact.sla_class in ('in time', 'before hand-over') then 'yes'
            when handoff_fact.sla_class = 'breached' then 'no'
            else 'pending'
        end
    )
    and ($ended = '' or handoff_fact.outcome = $ended)
    and ($decision = '' or handoff_fact.decision = $decision)
    and ($reason = '' or handoff_fact.reject_reason = $reason)
    and (
        case $flag
            when 'wrongly_rejected' then handoff_fact.wrongly_rejected
            when 'wrongly_accepted' then handoff_fact.wrongly_accepted
            when 'recycled' then handoff_fact.is_recycled
            when 'no_reason' then handoff_fact.decision = 'rejected' and handoff_fact.reject_reason is null
            when 'untouched' then handoff_fact.follow_up = 'never'
            else true
        end
    )
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
order by handoff_fact.handoff_at desc, handoff_fact.person_id asc
limit $row_limit

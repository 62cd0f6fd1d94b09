-- name: hand_off_waiting
-- title: Handed over and untouched
-- definition: Leads handed over to Sales whom nobody has tried, who are open and on whom nobody has decided, with the deadline of the
--   promise and whether it is pending or breached. The owner is who holds the lead now.
-- params: account_lists, campaigns, channels, owners, products, regions, segments, sides, sources, teams, video_engaged
-- needs: people.created_at|people.mql_at, activities.at|people.first_response_at
-- returns: person_key, person_id, name, company, owner, handoff_at, deadline_at, sla_class, minutes_since, expected_value
select
    handoff_fact.person_key,
    handoff_fact.person_id,
    coalesce(handoff_fact.person_name, lead_fact.email_norm, handoff_fact.person_id) as name,
    handoff_fact.company_name as company,
    lead_fact.owner,
    handoff_fact.handoff_at,
    handoff_fact.deadline_at,
    handoff_fact.sla_class,
    cast(floor((epoch(config.as_of_at) - epoch(handoff_fact.handoff_at)) / 60) as bigint) as minutes_since,
    handoff_fact.expected_value
from handoff_fact
inner join lead_fact on handoff_fact.person_key = lead_fact.person_key
cross join config
where
    handoff_fact.first_attempt_at is null
    and handoff_fact.sla_class in ('pending', 'breached')
    and handoff_fact.decision = 'undecided'
    and handoff_fact.outcome = 'open'
    and (len($channels) = 0 or list_contains($channels, coalesce(lead_fact.channel, '')))
    and (len($sources) = 0 or list_contains($sources, coalesce(lead_fact.source, '')))
    and (len($sides) = 0 or list_contains($sides, coalesce(lead_fact.side, '')))
    and (len($campaigns) = 0 or list_contains($campaigns, coalesce(lead_fact.campaign, '')))
    and (len($regions) = 0 or list_contains($regions, coalesce(lead_fact.region, '')))
    and (len($segments) = 0 or list_contains($segments, coalesce(lead_fact.segment, '')))
    and (len($products) = 0 or list_contains($products, coalesce(lead_fact.product, '')))
    and (len($teams) = 0 or list_contains($teams, coalesce(lead_fact.team, '')))
    and (len($owners) = 0 or list_contains($owners, coalesce(lead_fact.owner, '')))
    and (len($account_lists) = 0 or list_contains($account_lists, coalesce(lead_fact.account_list, '')))
    and (
        len($video_engaged) = 0
        or list_contains($video_engaged, case when lead_fact.video_engaged then 'yes' else 'no' end)
    )
order by handoff_fact.handoff_at asc, handoff_fact.person_id asc

-- name: follow_up_in_sla
-- title: Follow-up in SLA
-- unit: percent
-- good: up
-- aggregate: ratio
-- population: handed-over leads past their deadline
-- clock: hand-over
-- grain: one row per handed-over lead whose deadline has passed
-- needs: activities.at|people.first_response_at
-- definition: Of the leads handed over to Sales in the period whose deadline has passed, the share somebody from
--   Sales contacted in time. Leads nobody touched count as missed; leads still inside their time and leads contacted
--   before the hand-over are left out.
-- returns: entity, entity_id, happened_on, channel, source, side, campaign, region, segment, product, team,
--   owner, pipeline, account_list, video_engaged, numerator, denominator
select
    'person' as entity,
    lead_fact.person_id as entity_id,
    cast(lead_fact.handoff_at as date) as happened_on,
    lead_fact.channel,
    lead_fact.source,
    lead_fact.side,
    lead_fact.campaign,
    lead_fact.region,
    lead_fact.segment,
    lead_fact.product,
    lead_fact.team,
    lead_fact.owner,
    null as pipeline,
    lead_fact.account_list,
    lead_fact.video_engaged,
    case when lead_fact.follow_up = 'in time' then 1 else 0 end as numerator,
    1 as denominator
from lead_fact
where
    lead_fact.follow_up in ('in time', 'late', 'never')

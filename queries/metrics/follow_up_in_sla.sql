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
--   Sales contacted in time. The deadline runs in business hours. Leads nobody touched count as missed; leads still
--   inside their time and leads contacted before the hand-over are left out. A missed lead counts for the owner who
--   held it when its time ran out.
-- returns: entity, entity_id, happened_on, channel, source, side, campaign, region, segment, product, team,
--   owner, pipeline, account_list, video_engaged, numerator, denominator
select
    'person' as entity,
    handoff_fact.person_id as entity_id,
    handoff_fact.handoff_on as happened_on,
    handoff_fact.channel,
    handoff_fact.source,
    handoff_fact.side,
    handoff_fact.campaign,
    handoff_fact.region,
    handoff_fact.segment,
    handoff_fact.product,
    handoff_fact.team,
    handoff_fact.owner,
    null as pipeline,
    handoff_fact.account_list,
    handoff_fact.video_engaged,
    case when handoff_fact.follow_up = 'in time' then 1 else 0 end as numerator,
    1 as denominator
from handoff_fact
where
    handoff_fact.follow_up in ('in time', 'late', 'never')

-- name: handed_over_leads
-- title: Leads handed over
-- unit: count
-- good: up
-- aggregate: sum
-- population: handed-over leads
-- clock: hand-over
-- grain: one row per lead handed over
-- needs: people.created_at|people.mql_at
-- definition: Leads handed over to Sales in the period, by the day they were handed over: the MQL date, or the
--   creation date in a system without one.
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
    1 as numerator,
    1 as denominator
from handoff_fact

-- name: lead_value_delivered
-- title: Lead value delivered
-- unit: money
-- good: up
-- aggregate: sum
-- population: handed-over leads with a value
-- clock: hand-over
-- grain: one row per lead handed over
-- needs: deals.amount
-- definition: What the leads handed over in the period are worth: each counts what such a lead (same channel
--   and segment, handed over at least 180 days ago) brought on average, won or not. So many weak leads do not
--   look like few strong ones.
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
    handoff_fact.expected_value as numerator,
    1 as denominator
from handoff_fact
where handoff_fact.expected_value is not null

-- name: new_leads
-- title: New leads
-- unit: count
-- good: up
-- aggregate: sum
-- population: people
-- clock: created
-- grain: one row per person
-- needs: people.created_at
-- definition: The number of people who became known, by the day their record was created; one person counts once
--   however many records tell of them.
-- returns: entity, entity_id, happened_on, channel, source, side, campaign, region, segment, product, team,
--   owner, pipeline, account_list, video_engaged, numerator, denominator
select
    'person' as entity,
    lead_fact.person_id as entity_id,
    lead_fact.created_on as happened_on,
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
    1 as numerator,
    1 as denominator
from lead_fact
where lead_fact.created_at is not null

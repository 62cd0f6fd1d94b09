-- name: lead_to_win_rate
-- title: Lead-to-win rate
-- unit: percent
-- good: up
-- aggregate: ratio
-- population: people
-- clock: created; won by the data date
-- grain: one row per person
-- needs: people.created_at
-- definition: Of the people created in the period, the share who were customers by the data date. Young cohorts have
--   not had their time yet: read it beside the win curve.
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
    case when lead_fact.is_won then 1 else 0 end as numerator,
    1 as denominator
from lead_fact
where lead_fact.created_at is not null

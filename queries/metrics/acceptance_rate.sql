-- name: acceptance_rate
-- title: Lead acceptance
-- unit: percent
-- good: up
-- aggregate: ratio
-- population: handed-over leads Sales decided on
-- clock: hand-over
-- grain: one row per lead Sales accepted or rejected
-- needs: people.disqualified_at|people.sal_at|people.sql_at|people.status
-- definition: Of the leads handed over in the period that Sales decided on, the share accepted: a
--   sales-accepted or sales-qualified date, a deal, or a conversion, before any rejection. Leads not decided on yet
--   are left out and counted apart.
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
    case when handoff_fact.decision = 'accepted' then 1 else 0 end as numerator,
    1 as denominator
from handoff_fact
where handoff_fact.decision in ('accepted', 'rejected')

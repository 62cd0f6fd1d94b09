-- name: pipeline_created
-- title: Pipeline created
-- unit: money
-- good: up
-- aggregate: sum
-- population: deals
-- clock: created
-- grain: one row per deal
-- needs: deals.created_at
-- definition: The money of all deals created, by the day they were created, whatever became of them.
-- returns: entity, entity_id, happened_on, channel, source, side, campaign, region, segment, product, team,
--   owner, pipeline, account_list, video_engaged, numerator, denominator
select
    'deal' as entity,
    deals.deal_id as entity_id,
    deals.created_on as happened_on,
    deals.channel,
    deals.source,
    deals.side,
    deals.campaign,
    deals.region,
    deals.segment,
    deals.product,
    deals.team,
    deals.owner,
    deals.pipeline,
    deals.account_list,
    deals.video_engaged,
    deals.amount as numerator,
    1 as denominator
from deals
where deals.created_on is not null

-- name: won_deals
-- title: Won deals
-- unit: count
-- good: up
-- aggregate: sum
-- population: won deals
-- clock: close date
-- grain: one row per won deal
-- needs: deals.deal_id|deals.stage_raw|deals.status
-- definition: The number of deals won, by the day they closed, whatever their type.
-- returns: entity, entity_id, happened_on, channel, source, side, campaign, region, segment, product, team,
--   owner, pipeline, account_list, video_engaged, numerator, denominator
select
    'deal' as entity,
    deals.deal_id as entity_id,
    deals.closed_on as happened_on,
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
    1 as numerator,
    1 as denominator
from deals
where deals.is_won

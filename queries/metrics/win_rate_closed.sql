-- name: win_rate_closed
-- title: Win rate of closed deals
-- unit: percent
-- good: up
-- aggregate: ratio
-- population: closed deals
-- clock: close date
-- grain: one row per closed deal
-- needs: deals.deal_id|deals.stage_raw|deals.status
-- definition: Of the deals closed in the period, the share that was won. Open deals do not count until they close, so
--   it says nothing of how long they take.
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
    case when deals.is_won then 1 else 0 end as numerator,
    1 as denominator
from deals
where deals.is_closed

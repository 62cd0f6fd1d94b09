-- name: won_revenue
-- title: Won revenue
-- unit: money
-- good: up
-- aggregate: sum
-- population: won deals
-- clock: close date
-- grain: one row per won deal
-- needs: deals.amount|deals.amount_home
-- definition: The money of all deals won, by the day they closed, whatever their type. A win dated after the export
--   counts and is flagged; a won deal without an amount adds nothing and is listed.
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
    deals.amount as numerator,
    1 as denominator
from deals
where deals.is_won

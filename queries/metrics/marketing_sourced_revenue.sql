-- name: marketing_sourced_revenue
-- title: Marketing-sourced revenue
-- unit: money
-- good: up
-- aggregate: sum
-- population: won new-business deals sourced by Marketing
-- clock: close date
-- grain: one row per won deal that Marketing sourced
-- needs: deals.source_raw|people.source_raw|touches.at
-- definition: The money of new-business deals won (of all deals won, where both sides signed that) that belong to
--   Marketing under the rule both sides chose - unless they chose another, the first eligible touch, or failing touches
--   the source. By the day they closed. Deals of unknown type count as new business. Deals of unknown source are not
--   counted here; they are shown beside it, so the share is a range.
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
cross join config
where
    deals.is_won
    and (deals.is_new_business or config.sourced_business = 'all')
    and deals.side = 'marketing'

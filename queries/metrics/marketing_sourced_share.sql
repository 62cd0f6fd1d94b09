-- name: marketing_sourced_share
-- title: Marketing-sourced share
-- unit: percent
-- good: up
-- aggregate: ratio
-- population: won new-business deals with an amount
-- clock: close date
-- grain: one row per won new-business deal
-- needs: deals.source_raw|people.source_raw|touches.at
-- definition: Of the money of new-business deals won (of all deals won, where both sides signed that), the share that is
--   Marketing's under the rule both sides chose, by the day they closed.
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
    case when deals.side = 'marketing' then deals.amount else 0 end as numerator,
    deals.amount as denominator
from deals
cross join config
where
    deals.is_won
    and (deals.is_new_business or config.sourced_business = 'all')
    and deals.amount is not null

-- name: cost_per_won_customer
-- title: Cost per won customer
-- unit: money
-- good: down
-- aggregate: ratio
-- population: spend and won new-business deals
-- clock: day of the cost; close date
-- grain: one row per cost line and day, and one per new-business deal won
-- needs: spend.cost
-- zero: null
-- definition: Spend of the period over the new-business deals won in the same period. Empty when nothing was spent or
--   nothing was won.
-- returns: entity, entity_id, happened_on, channel, source, side, campaign, region, segment, product, team,
--   owner, pipeline, account_list, video_engaged, numerator, denominator
select
    'spend' as entity,
    spend.spend_id as entity_id,
    spend.spent_on as happened_on,
    spend.channel,
    null as source,
    spend.side,
    spend.campaign,
    null as region,
    null as segment,
    null as product,
    null as team,
    null as owner,
    null as pipeline,
    null as account_list,
    null as video_engaged,
    spend.cost as numerator,
    0 as denominator
from spend
union all
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
    0 as numerator,
    1 as denominator
from deals
where deals.is_won and deals.is_new_business

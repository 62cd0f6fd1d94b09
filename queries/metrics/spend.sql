-- name: spend
-- title: Spend
-- unit: money
-- good: none
-- aggregate: sum
-- population: cost lines
-- clock: day of the cost
-- grain: one row per cost line and day
-- needs: spend.cost
-- definition: What Marketing and Sales spent. The cost of a period is spread evenly over its days.
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
    1 as denominator
from spend

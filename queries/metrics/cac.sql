-- name: cac
-- title: Cost of a new customer
-- unit: money
-- good: down
-- aggregate: ratio
-- population: spend and customers whose first won deal is new business
-- clock: day of the cost plus the median days from lead to win; close of the first deal
-- grain: one row per cost line and day, and one per new customer
-- needs: spend.cost
-- zero: null
-- definition: Spend over the new customers won, the spend laid back by the team's own median days from lead to win, because what is
--   won now was paid for then. A new customer is one whose first won deal, a new-business deal, closed in the period.
-- returns: entity, entity_id, happened_on, channel, source, side, campaign, region, segment, product, team,
--   owner, pipeline, account_list, video_engaged, numerator, denominator
with lag as (
    select
        cast(
            round(coalesce(median(cast(date_diff('day', customers.lead_on, customers.won_on) as double)), 0))
            as integer
        ) as days
    from customers
    where customers.is_new_customer and customers.lead_on is not null
)

select
    'spend' as entity,
    spend.spend_id as entity_id,
    cast(spend.spent_on + interval 1 day * lag.days as date) as happened_on,
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
cross join lag
cross join config
where cast(spend.spent_on + interval 1 day * lag.days as date) <= config.as_of_on
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
inner join customer_deals on deals.deal_key = customer_deals.deal_key
where customer_deals.is_new_customer

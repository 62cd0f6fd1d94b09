-- name: journey_coverage
-- title: How far touches reach
-- definition: Of all won deals, how many have at least one touch that may earn credit - without any, no model can say which channel
--   brought them.
-- returns: won_deals, with_touches
with touched as (
    select distinct deal_journeys.deal_key
    from deal_journeys
)

select
    count(*) as won_deals,
    count(touched.deal_key) as with_touches
from deals
left join touched on deals.deal_key = touched.deal_key
where deals.is_won

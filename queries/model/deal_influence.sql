-- name: deal_influence
-- title: Channels that influenced a deal
-- definition: The channels of Marketing that touched the deal's people from the lookback before the deal until it closed, each once a deal.
-- returns: deal_key, channel, first_touched_at, touches
select
    deal_touches.deal_key,
    deal_touches.channel,
    min(deal_touches.touched_at) as first_touched_at,
    count(*) as touches
from deal_touches
where deal_touches.side = 'marketing'
group by deal_touches.deal_key, deal_touches.channel

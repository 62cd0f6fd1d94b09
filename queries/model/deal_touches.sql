-- name: deal_touches
-- title: Touches of a deal
-- definition: Every touch with credit of the deal's people from the lookback before the deal was created until it closed (until the
--   data's date while it is open); a touch after the close is none of the deal's. A touch of the day a deal was created on stands before
--   it where the export gives no hour. A deal that closed before it was created is followed until it was created.
-- returns: deal_key, touch_key, touched_at, is_before_deal, channel, side, campaign
with windows as (
    select
        deal_records.deal_key,
        deal_records.created_at - interval 1 day * config.lookback_days as begins_at,
        case
            when cast(deal_records.created_at as date) = deal_records.created_at
                then deal_records.created_at + interval 1 day
            else deal_records.created_at + interval 1 second
        end as deal_after,
        coalesce(deal_records.closed_at, config.as_of_at) + interval 1 second as close_after
    from deal_records
    cross join config
    where deal_records.created_at is not null
)

select
    windows.deal_key,
    touches.touch_key,
    touches.touched_at,
    touches.touched_at < windows.deal_after as is_before_deal,
    touches.channel,
    touches.side,
    touches.campaign
from windows
inner join deal_contacts on windows.deal_key = deal_contacts.deal_key
inner join touches on deal_contacts.person_key = touches.person_key
where
    touches.credit_weight > 0
    and touches.touched_at >= windows.begins_at
    and touches.touched_at < greatest(windows.deal_after, windows.close_after)

-- name: deal_movers
-- title: Deals that move the money
-- definition: Deals whose won revenue or open pipeline would change with the load, the largest first.
-- params: row_limit
with moved as (
    select
        deal_changes.*,
        case when deal_changes.before_status = 'won' then coalesce(deal_changes.before_amount, 0) else 0 end
            as won_before,
        case when deal_changes.after_status = 'won' then coalesce(deal_changes.after_amount, 0) else 0 end
            as won_after,
        case when deal_changes.before_status = 'open' then coalesce(deal_changes.before_amount, 0) else 0 end
            as open_before,
        case when deal_changes.after_status = 'open' then coalesce(deal_changes.after_amount, 0) else 0 end
            as open_after
    from deal_changes
)

select
    moved.deal_id,
    moved.deal_name,
    moved.before_status,
    moved.after_status,
    moved.before_amount,
    moved.after_amount,
    moved.won_after - moved.won_before as won_change,
    moved.open_after - moved.open_before as open_change
from moved
where moved.won_after != moved.won_before or moved.open_after != moved.open_before
order by
    abs(moved.won_after - moved.won_before) + abs(moved.open_after - moved.open_before) desc,
    moved.deal_id asc
limit $row_limit

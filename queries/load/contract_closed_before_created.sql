-- name: contract_closed_before_created
-- title: Closed before created
-- definition: Deals that would be closed on a day before they were created, and are not so now.
select
    deal_changes.deal_id,
    deal_changes.deal_name,
    deal_changes.after_created_at as created_at,
    deal_changes.after_closed_at as closed_at
from deal_changes
where
    cast(deal_changes.after_closed_at as date) < cast(deal_changes.after_created_at as date)
    and not coalesce(
        cast(deal_changes.before_closed_at as date) < cast(deal_changes.before_created_at as date), false
    )
order by deal_changes.deal_id

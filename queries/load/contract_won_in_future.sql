-- name: contract_won_in_future
-- title: Won after the day the export tells of
-- definition: Won deals whose close date lies after the day the export tells of, and did not say so before.
-- params: tells_of
select
    deal_changes.deal_id,
    deal_changes.deal_name,
    deal_changes.after_closed_at as closed_at,
    deal_changes.after_amount
from deal_changes
where
    deal_changes.after_status = 'won'
    and cast(deal_changes.after_closed_at as date) > cast($tells_of as date)
    and not (
        coalesce(deal_changes.before_status, '') = 'won'
        and coalesce(deal_changes.before_closed_at = deal_changes.after_closed_at, false)
    )
order by coalesce(deal_changes.after_amount, 0) desc, deal_changes.deal_id asc

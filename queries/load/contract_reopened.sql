-- name: contract_reopened
-- title: Closed deals that are open again
-- definition: Deals held as won or lost that the export calls open.
select
    deal_changes.deal_id,
    deal_changes.deal_name,
    deal_changes.before_status,
    deal_changes.after_status,
    deal_changes.before_amount,
    deal_changes.after_amount
from deal_changes
where deal_changes.before_status in ('won', 'lost') and deal_changes.after_status = 'open'
order by coalesce(deal_changes.before_amount, 0) desc, deal_changes.deal_id asc

-- name: won_without_amount
-- title: Won deals without an amount
-- severity: warn
-- definition: Won deals whose amount is empty - they count as deals and add no money.
-- returns: entity, entity_id, label, detail, cases
select
    'deal' as entity,
    deals.deal_id as entity_id,
    deals.deal_name as label,
    'no amount' as detail,
    1 as cases
from deals
where deals.is_won and deals.amount is null and not deals.is_rate_missing
order by deals.deal_id

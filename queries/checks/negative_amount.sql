-- name: negative_amount
-- title: Negative amounts
-- severity: warn
-- definition: Deals with a negative amount - kept, because credits are real.
-- returns: entity, entity_id, label, detail, cases
select
    'deal' as entity,
    deals.deal_id as entity_id,
    deals.deal_name as label,
    cast(deals.amount as varchar) as detail,
    1 as cases
from deals
where deals.amount < 0
order by deals.deal_id

-- name: rate_missing
-- title: Money without an exchange rate
-- severity: warn
-- definition: Deals in a currency the book has no rate for - they are in no money total.
-- returns: entity, entity_id, label, detail, cases
select
    'deal' as entity,
    deals.deal_id as entity_id,
    deals.deal_name as label,
    deals.currency as detail,
    1 as cases
from deals
where deals.is_rate_missing
order by deals.deal_id

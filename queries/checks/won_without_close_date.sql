-- name: won_without_close_date
-- title: Won deals without a close date
-- severity: warn
-- definition: Won deals without a close date - no period can show them.
-- returns: entity, entity_id, label, detail, cases
select
    'deal' as entity,
    deals.deal_id as entity_id,
    deals.deal_name as label,
    'no close date' as detail,
    1 as cases
from deals
where deals.is_won and deals.closed_on is null
order by deals.deal_id

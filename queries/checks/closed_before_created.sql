-- name: closed_before_created
-- title: Closed before created
-- severity: warn
-- definition: Deals closed before they were created - left out of win curves.
-- returns: entity, entity_id, label, detail, cases
select
    'deal' as entity,
    deals.deal_id as entity_id,
    deals.deal_name as label,
    concat(strftime(deals.created_on, '%Y-%m-%d'), ' to ', strftime(deals.closed_on, '%Y-%m-%d')) as detail,
    1 as cases
from deals
where deals.is_closed_before_created
order by deals.deal_id

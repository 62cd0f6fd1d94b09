-- name: deal_without_person
-- title: Deals without a person or company
-- severity: warn
-- definition: Deals no person and no company could be joined to.
-- returns: entity, entity_id, label, detail, cases
select
    'deal' as entity,
    deals.deal_id as entity_id,
    deals.deal_name as label,
    coalesce(deals.company_name, 'no company named') as detail,
    1 as cases
from deals
where deals.person_key is null and deals.company_key is null
order by deals.deal_id

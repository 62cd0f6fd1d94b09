-- name: won_in_the_future
-- title: Wins dated after the export
-- severity: warn
-- definition: Won deals whose close date lies after the data date - counted, and flagged.
-- returns: entity, entity_id, label, detail, cases
select
    'deal' as entity,
    deals.deal_id as entity_id,
    deals.deal_name as label,
    strftime(deals.closed_on, '%Y-%m-%d') as detail,
    1 as cases
from deals
where deals.is_won and deals.is_future_dated
order by deals.deal_id

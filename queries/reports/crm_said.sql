-- name: crm_said
-- title: The CRM's probability over time
-- definition: What the CRM's own close probability of each deal was, by the export dates from which and until which it said so
--   (open end = still). Before the first export nothing is known of it.
-- params: entity
-- defaults: entity=deals
-- choices: entity=deals|people
-- needs: deals.created_at
-- returns: deal_id, held_from_on, held_until_on, crm_probability
select
    deal_history.deal_id,
    cast(deal_history.held_from as date) as held_from_on,
    cast(deal_history.held_until as date) as held_until_on,
    deal_history.crm_probability
from deal_history
where $entity = 'deals' and deal_history.crm_probability is not null and deal_history.deal_id is not null

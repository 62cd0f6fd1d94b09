-- name: crm_said
-- title: What the CRM said over time
-- definition: What the CRM's own close probability of each deal was, and the score of the vendor's model, by the export dates
--   from which and until which it said so (open end = still). Before the first export nothing is known of either.
-- params: entity
-- defaults: entity=deals
-- choices: entity=deals|people
-- needs: deals.created_at
-- returns: deal_id, held_from_on, held_until_on, crm_probability, vendor_score
select
    deal_history.deal_id,
    cast(deal_history.held_from as date) as held_from_on,
    cast(deal_history.held_until as date) as held_until_on,
    deal_history.crm_probability,
    deal_history.vendor_score
from deal_history
where
    $entity = 'deals'
    and coalesce(deal_history.crm_probability, deal_history.vendor_score) is not null
    and deal_history.deal_id is not null

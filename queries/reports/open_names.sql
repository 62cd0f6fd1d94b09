-- name: open_names
-- title: Open deals by name
-- definition: What every open deal (or open lead) is called, who has it, where it stands, and the CRM's own probability.
-- params: entity
-- defaults: entity=deals
-- choices: entity=deals|people
-- needs: deals.created_at|people.created_at|people.mql_at
-- returns: deal_id, name, company, stage, owner, expected_close_on, crm_probability
select
    deals.deal_id,
    coalesce(deals.deal_name, deals.company_name, deals.deal_id) as name,
    deals.company_name as company,
    deals.stage,
    deals.owner,
    deals.expected_close_on,
    deals.crm_probability
from deals
where $entity = 'deals' and deals.is_open
union all
select
    lead_fact.person_id as deal_id,
    coalesce(lead_fact.person_name, lead_fact.company_name, lead_fact.person_id) as name,
    lead_fact.company_name as company,
    cast(null as varchar) as stage,
    lead_fact.owner,
    cast(null as date) as expected_close_on,
    cast(null as double) as crm_probability
from lead_fact
where $entity = 'people' and not lead_fact.is_won and lead_fact.lost_at is null

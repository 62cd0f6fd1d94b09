-- name: person_refs
-- title: Person references
-- definition: Which person an id means when a record of a system names it, apart for leads and contacts; in a system without leads a
--   lead id means any person. Under the empty scope stand ids that only one person of all systems bears.
-- returns: people_scope, person_id, lead_key, contact_key, any_key
with borne as (
    select
        person_keys.system,
        person_keys.record_key as person_id,
        min(person_keys.person_key) as first_key,
        max(person_keys.person_key) as last_key,
        min(person_keys.person_key) filter (where person_keys.object = 'lead') as first_lead,
        max(person_keys.person_key) filter (where person_keys.object = 'lead') as last_lead,
        min(person_keys.person_key) filter (where person_keys.object != 'lead') as first_contact,
        max(person_keys.person_key) filter (where person_keys.object != 'lead') as last_contact
    from person_keys
    group by person_keys.system, person_keys.record_key
),

systems_with_leads as (
    select distinct person_keys.system
    from person_keys
    where person_keys.object = 'lead'
),

strangers as (
    select reference_scopes.system
    from reference_scopes
    where reference_scopes.people_scope = ''
),

shared as (
    select
        borne.person_id,
        min(borne.first_key) as person_key
    from borne
    where exists (select strangers.system from strangers)
    group by borne.person_id
    having min(borne.first_key) = max(borne.last_key)
)

select
    borne.system as people_scope,
    borne.person_id,
    case
        when systems_with_leads.system is not null
            then case when borne.first_lead = borne.last_lead then borne.first_lead end
        when borne.first_key = borne.last_key then borne.first_key
    end as lead_key,
    case when borne.first_contact = borne.last_contact then borne.first_contact end as contact_key,
    case when borne.first_key = borne.last_key then borne.first_key end as any_key
from borne
left join systems_with_leads on borne.system = systems_with_leads.system
union all
select
    '' as people_scope,
    shared.person_id,
    shared.person_key as lead_key,
    shared.person_key as contact_key,
    shared.person_key as any_key
from shared

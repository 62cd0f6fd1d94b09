-- name: person_refs
-- title: Person references
-- definition: Which person an id means when a record of a system names it, apart for leads and contacts. A system that has no people of
--   its own (a touch list, a survey tool) may use another system's id where only one person bears it.
-- returns: system, reference_kind, person_id, person_key
with own as (
    select
        person_keys.system,
        case when person_keys.object = 'lead' then 'lead' else 'contact' end as reference_kind,
        person_keys.record_key as person_id,
        min(person_keys.person_key) as person_key
    from person_keys
    group by all
    having count(distinct person_keys.person_key) = 1
),

single_object as (
    select
        person_keys.system,
        'lead' as reference_kind,
        person_keys.record_key as person_id,
        min(person_keys.person_key) as person_key
    from person_keys
    where
        person_keys.system not in (
            select person_keys.system from person_keys
            where person_keys.object = 'lead'
        )
    group by all
    having count(distinct person_keys.person_key) = 1
),

both_kinds as (
    select
        person_keys.system,
        'any' as reference_kind,
        person_keys.record_key as person_id,
        min(person_keys.person_key) as person_key
    from person_keys
    group by all
    having count(distinct person_keys.person_key) = 1
),

shared as (
    select
        person_keys.record_key as person_id,
        min(person_keys.person_key) as person_key
    from person_keys
    group by all
    having count(distinct person_keys.person_key) = 1
),

foreign_systems as (
    select system_names.system
    from system_names
    where system_names.system not in (select distinct person_keys.system from person_keys)
),

kinds as (
    select 'lead' as reference_kind
    union all
    select 'contact' as reference_kind
    union all
    select 'any' as reference_kind
)

select
    own.system,
    own.reference_kind,
    own.person_id,
    own.person_key
from own
union all
select
    single_object.system,
    single_object.reference_kind,
    single_object.person_id,
    single_object.person_key
from single_object
union all
select
    both_kinds.system,
    both_kinds.reference_kind,
    both_kinds.person_id,
    both_kinds.person_key
from both_kinds
union all
select
    foreign_systems.system,
    kinds.reference_kind,
    shared.person_id,
    shared.person_key
from shared
cross join foreign_systems
cross join kinds

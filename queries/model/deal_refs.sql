-- name: deal_refs
-- title: Deal references
-- definition: Which deal an id means when a record of a system names it; a system without deals may use another's id where it is unique.
-- returns: system, reference, deal_key
with shared as (
    select
        deal_records.record_key,
        min(deal_records.deal_key) as deal_key
    from deal_records
    group by deal_records.record_key
    having count(*) = 1
),

foreign_systems as (
    select system_names.system
    from system_names
    where system_names.system not in (select distinct deal_records.system from deal_records)
)

select
    deal_records.system,
    deal_records.record_key as reference,
    deal_records.deal_key
from deal_records
union all
select
    foreign_systems.system,
    shared.record_key as reference,
    shared.deal_key
from shared
cross join foreign_systems

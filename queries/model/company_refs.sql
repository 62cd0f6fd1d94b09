-- name: company_refs
-- title: Company references
-- definition: Which company an id or an exact name means. A name borne by two companies joins nothing and is counted as unjoined.
-- returns: system, reference_kind, reference, company_key
with shared as (
    select
        companies.company_id as reference,
        min(companies.company_key) as company_key
    from companies
    group by companies.company_id
    having count(*) = 1
),

shared_names as (
    select
        companies.name_norm as reference,
        min(companies.company_key) as company_key
    from companies
    where companies.name_norm is not null
    group by companies.name_norm
    having count(*) = 1
),

foreign_systems as (
    select system_names.system
    from system_names
    where system_names.system not in (select distinct companies.system from companies)
)

select
    companies.system,
    'id' as reference_kind,
    companies.company_id as reference,
    companies.company_key
from companies
union all
select
    foreign_systems.system,
    'id' as reference_kind,
    shared.reference,
    shared.company_key
from shared
cross join foreign_systems
union all
select
    companies.system,
    'name' as reference_kind,
    companies.name_norm as reference,
    min(companies.company_key) as company_key
from companies
where companies.name_norm is not null
group by companies.system, companies.name_norm
having count(*) = 1
union all
select
    foreign_systems.system,
    'name' as reference_kind,
    shared_names.reference,
    shared_names.company_key
from shared_names
cross join foreign_systems

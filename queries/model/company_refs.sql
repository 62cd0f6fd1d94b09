-- name: company_refs
-- title: Company references
-- definition: Which company an id or an exact name means. A name borne by two companies joins nothing and is counted as unjoined. Under
--   the empty scope stand those that are unique among all companies.
-- returns: companies_scope, reference_kind, reference, company_key
with strangers as (
    select reference_scopes.system from reference_scopes
    where reference_scopes.companies_scope = ''
)

select
    companies.system as companies_scope,
    'id' as reference_kind,
    companies.company_id as reference,
    companies.company_key
from companies
union all
select
    '' as companies_scope,
    'id' as reference_kind,
    companies.company_id as reference,
    min(companies.company_key) as company_key
from companies
where exists (select strangers.system from strangers)
group by companies.company_id
having count(*) = 1
union all
select
    companies.system as companies_scope,
    'name' as reference_kind,
    companies.name_norm as reference,
    min(companies.company_key) as company_key
from companies
where companies.name_norm is not null
group by companies.system, companies.name_norm
having count(*) = 1
union all
select
    '' as companies_scope,
    'name' as reference_kind,
    companies.name_norm as reference,
    min(companies.company_key) as company_key
from companies
where companies.name_norm is not null and exists (select strangers.system from strangers)
group by companies.name_norm
having count(*) = 1

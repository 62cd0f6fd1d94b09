-- name: companies
-- title: Companies
-- definition: Accounts, one row per record of a system.
-- returns: company_key, system, company_id, company_name, name_norm, domain_norm, industry, employees, country,
--   owner, segment, region, account_list, created_at, first_won_at, churned_at
select
    row_number() over (order by base_companies.system, base_companies.object, base_companies.record_key) as company_key,
    base_companies.system,
    base_companies.record_key as company_id,
    base_companies.name as company_name,
    lower(trim(base_companies.name)) as name_norm,
    lower(base_companies.domain) as domain_norm,
    base_companies.industry,
    base_companies.employees,
    base_companies.country,
    base_companies.owner,
    base_companies.segment,
    base_companies.region,
    base_companies.account_list,
    base_companies.created_at,
    base_companies.first_won_at,
    base_companies.churned_at
from base_companies
where base_companies.missing_since is null

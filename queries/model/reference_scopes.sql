-- name: reference_scopes
-- title: Reference scopes
-- definition: Whose people, deals and companies an id of a system means - its own where it has any. A system without (a touch list, a
--   survey tool) may use an id of any other where only one record bears it; its scope is empty.
-- returns: system, people_scope, deals_scope, companies_scope
with with_people as (
    select distinct base_people.system
    from base_people
    where base_people.missing_since is null
),

with_deals as (
    select distinct base_deals.system
    from base_deals
    where base_deals.missing_since is null
),

with_companies as (
    select distinct base_companies.system
    from base_companies
    where base_companies.missing_since is null
)

select
    system_names.system,
    coalesce(with_people.system, '') as people_scope,
    coalesce(with_deals.system, '') as deals_scope,
    coalesce(with_companies.system, '') as companies_scope
from system_names
left join with_people on system_names.system = with_people.system
left join with_deals on system_names.system = with_deals.system
left join with_companies on system_names.system = with_companies.system

-- name: deal_companies
-- title: Company of a deal
-- definition: The buying company - by id, else by a name only one company bears, else that of the deal's main contact.
-- returns: deal_key, company_key
with candidates as (
    select
        deal_records.deal_key,
        company_refs.company_key,
        1 as preference
    from deal_records
    inner join reference_scopes on deal_records.system = reference_scopes.system
    inner join company_refs
        on
            reference_scopes.companies_scope = company_refs.companies_scope
            and company_refs.reference_kind = 'id'
            and string_split(deal_records.company_id, ';')[1] = company_refs.reference
    union all
    select
        deal_records.deal_key,
        company_refs.company_key,
        2 as preference
    from deal_records
    inner join reference_scopes on deal_records.system = reference_scopes.system
    inner join company_refs
        on
            reference_scopes.companies_scope = company_refs.companies_scope
            and company_refs.reference_kind = 'name'
            and lower(trim(deal_records.company_name_raw)) = company_refs.reference
    union all
    select
        deal_people.deal_key,
        people.company_key,
        3 as preference
    from deal_people
    inner join people on deal_people.person_key = people.person_key
    where deal_people.is_primary and people.company_key is not null
)

select
    candidates.deal_key,
    min_by(candidates.company_key, candidates.preference) as company_key
from candidates
group by candidates.deal_key

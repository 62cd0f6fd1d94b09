-- name: deal_contacts
-- title: Whose touches speak for a deal
-- definition: The people of a deal; where the deal names none, the people of its company. Where the teams chose the account, all
--   people of the company speak for each of its deals.
-- returns: deal_key, person_key
with without_people as (
    select
        deal_companies.deal_key,
        deal_companies.company_key
    from deal_companies
    left join deal_people on deal_companies.deal_key = deal_people.deal_key
    where deal_people.deal_key is null
),

-- Chosen before the people of the company are joined: a large account has thousands of deals and of people.
by_company as (
    select
        without_people.deal_key,
        without_people.company_key
    from without_people
    union
    select
        deal_companies.deal_key,
        deal_companies.company_key
    from deal_companies
    inner join config on config.journey_people = 'account'
)

select
    deal_people.deal_key,
    deal_people.person_key
from deal_people
union
select
    by_company.deal_key,
    people.person_key
from by_company
inner join people on by_company.company_key = people.company_key

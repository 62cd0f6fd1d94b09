-- name: deal_people
-- title: People of a deal
-- definition: Who took part in a deal - the contacts the deal names, the contact roles, the deals a contact names, and the lead it came
--   from; each person once, the main contact first.
-- returns: deal_key, person_key, is_primary
with named as (
    select
        deal_records.deal_key,
        person_refs.contact_key as person_key,
        true as is_primary,
        1 as preference
    from deal_records
    inner join reference_scopes on deal_records.system = reference_scopes.system
    inner join person_refs
        on
            reference_scopes.people_scope = person_refs.people_scope
            and deal_records.primary_person_id = person_refs.person_id
    where person_refs.contact_key is not null
    union all
    select
        deal_records.deal_key,
        person_refs.lead_key as person_key,
        true as is_primary,
        2 as preference
    from deal_records
    inner join reference_scopes on deal_records.system = reference_scopes.system
    inner join person_refs
        on reference_scopes.people_scope = person_refs.people_scope and deal_records.lead_id = person_refs.person_id
    where person_refs.lead_key is not null
    union all
    select
        deal_records.deal_key,
        person_emails.person_key,
        true as is_primary,
        3 as preference
    from deal_records
    inner join person_emails on deal_records.person_email = person_emails.email_norm
    union all
    select
        listed.deal_key,
        person_refs.contact_key as person_key,
        false as is_primary,
        4 as preference
    from (
        select
            deal_records.deal_key,
            deal_records.system,
            unnest(string_split(deal_records.person_ids, ';')) as person_id
        from deal_records
        where deal_records.person_ids is not null
    ) as listed
    inner join reference_scopes on listed.system = reference_scopes.system
    inner join person_refs
        on reference_scopes.people_scope = person_refs.people_scope and listed.person_id = person_refs.person_id
    where person_refs.contact_key is not null
    union all
    select
        deal_refs.deal_key,
        person_refs.any_key as person_key,
        coalesce(base_deal_people.is_primary, false) as is_primary,
        case when base_deal_people.is_primary then 1 else 5 end as preference
    from base_deal_people
    inner join reference_scopes on base_deal_people.system = reference_scopes.system
    inner join deal_refs
        on reference_scopes.deals_scope = deal_refs.deals_scope and base_deal_people.deal_id = deal_refs.reference
    inner join person_refs
        on
            reference_scopes.people_scope = person_refs.people_scope
            and base_deal_people.person_id = person_refs.person_id
    where base_deal_people.missing_since is null and person_refs.any_key is not null
    union all
    select
        deal_refs.deal_key,
        associated.person_key,
        false as is_primary,
        6 as preference
    from (
        select
            person_keys.person_key,
            base_people.system,
            unnest(string_split(base_people.deal_ids, ';')) as deal_id
        from base_people
        inner join person_keys
            on
                base_people.system = person_keys.system
                and base_people.object = person_keys.object
                and base_people.record_key = person_keys.record_key
        where base_people.deal_ids is not null
    ) as associated
    inner join reference_scopes on associated.system = reference_scopes.system
    inner join deal_refs
        on reference_scopes.deals_scope = deal_refs.deals_scope and associated.deal_id = deal_refs.reference
)

select
    named.deal_key,
    named.person_key,
    row_number() over (
        partition by named.deal_key
        order by min(named.preference), named.person_key
    ) = 1 as is_primary
from named
group by named.deal_key, named.person_key

-- name: person_edges
-- title: Declared links between records
-- definition: Pairs of records the CRM says are one person - the contact a lead became.
select distinct
    person_records.email_group as left_group,
    linked.email_group as right_group
from (
    select
        person_records.system,
        person_records.object,
        person_records.email_group,
        unnest(string_split(person_records.ext_ids, ';')) as ext_id
    from person_records
    where person_records.ext_ids is not null
) as person_records
inner join person_records as linked
    on
        person_records.system = linked.system
        and person_records.object != linked.object
        and person_records.ext_id = linked.record_key
where person_records.email_group != linked.email_group

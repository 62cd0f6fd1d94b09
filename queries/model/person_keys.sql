-- name: person_keys
-- title: Person keys
-- definition: The one customer behind each record - records merge by the same e-mail address or by a link the CRM declares (the contact
--   a lead became), and by nothing else.
-- returns: record_no, system, object, record_key, email_norm, person_key
select
    person_records.record_no,
    person_records.system,
    person_records.object,
    person_records.record_key,
    person_records.email_norm,
    dense_rank() over (order by coalesce(person_links.root, person_records.email_group)) as person_key
from person_records
left join person_links on person_records.email_group = person_links.email_group

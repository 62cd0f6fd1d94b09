-- name: person_records
-- title: Person records
-- definition: Every lead and contact record of every system, numbered, with the number of the first record that shares its e-mail
--   address. Blank addresses never match each other.
-- returns: record_no, system, object, record_key, email_norm, ext_ids, email_group
with numbered as (
    select
        row_number() over (order by base_people.system, base_people.object, base_people.record_key) as record_no,
        base_people.system,
        base_people.object,
        base_people.record_key,
        nullif(base_people.email, '') as email_norm,
        base_people.ext_ids
    from base_people
    where base_people.missing_since is null
)

select
    numbered.record_no,
    numbered.system,
    numbered.object,
    numbered.record_key,
    numbered.email_norm,
    numbered.ext_ids,
    case
        when numbered.email_norm is null then numbered.record_no
        else min(numbered.record_no) over (partition by numbered.email_norm)
    end as email_group
from numbered

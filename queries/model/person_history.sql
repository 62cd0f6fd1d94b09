-- name: person_history
-- title: Person history
-- definition: A row per version of a person's record with the export dates from which and until which it held.
-- returns: system, object, record_key, person_key, held_from, held_until, lifecycle_stage, status, owner, source_raw
select
    person_versions.system,
    person_versions.object,
    person_versions.record_key,
    person_keys.person_key,
    person_versions.held_from,
    person_versions.held_until,
    person_versions.lifecycle_stage,
    person_versions.status,
    person_versions.owner,
    person_versions.source_raw
from person_versions
left join person_keys
    on
        person_versions.system = person_keys.system
        and person_versions.object = person_keys.object
        and person_versions.record_key = person_keys.record_key

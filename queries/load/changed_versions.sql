-- name: changed_versions
-- title: Changed records
-- definition: Records of an export whose tracked facts differ from the version held now, or that are new.
select incoming_versions.*  -- noqa: AM04
from incoming_versions
left join held_versions
    on
        incoming_versions.system = held_versions.system
        and incoming_versions.object = held_versions.object
        and incoming_versions.record_key = held_versions.record_key
        and held_versions.held_until is null
where held_versions.tracked_hash is null or held_versions.tracked_hash != incoming_versions.tracked_hash

-- name: compare_rows
-- title: What a file would change
-- definition: Records about to be loaded against those held - how many are new, changed and the same, and how many of the held ones of the
--   same source the file does not name.
select
    count(*) filter (where incoming_keys.record_key is not null and held_rows.record_key is null) as added,
    count(*) filter (where held_rows.row_hash != incoming_keys.row_hash) as changed,
    count(*) filter (where held_rows.row_hash = incoming_keys.row_hash) as same,
    count(*) filter (where incoming_keys.record_key is null) as gone
from (
    select
        base_rows.system,
        base_rows.object,
        base_rows.record_key,
        base_rows.row_hash
    from base_rows
    inner join (
        select distinct
            incoming_keys.system,
            incoming_keys.object
        from incoming_keys
    ) as sources
        on base_rows.system = sources.system and base_rows.object = sources.object
    where base_rows.missing_since is null
) as held_rows
full join incoming_keys
    on
        held_rows.system = incoming_keys.system
        and held_rows.object = incoming_keys.object
        and held_rows.record_key = incoming_keys.record_key

-- name: record_changes
-- title: Records a file would change
-- definition: The keys of the records that are new, changed or not named any more, the first few of each.
-- params: row_limit
with sources as (
    select distinct
        incoming_keys.system,
        incoming_keys.object
    from incoming_keys
),

held_rows as (
    select
        base_rows.system,
        base_rows.object,
        base_rows.record_key,
        base_rows.row_hash
    from base_rows
    inner join sources
        on base_rows.system = sources.system and base_rows.object = sources.object
    where base_rows.missing_since is null
),

laid as (
    select
        coalesce(incoming_keys.system, held_rows.system) as system,
        coalesce(incoming_keys.object, held_rows.object) as object,
        coalesce(incoming_keys.record_key, held_rows.record_key) as record_key,
        case
            when held_rows.record_key is null then 'new'
            when incoming_keys.record_key is null then 'gone'
            when held_rows.row_hash != incoming_keys.row_hash then 'changed'
        end as what
    from held_rows
    full join incoming_keys
        on
            held_rows.system = incoming_keys.system
            and held_rows.object = incoming_keys.object
            and held_rows.record_key = incoming_keys.record_key
)

select
    laid.what,
    laid.system,
    laid.object,
    laid.record_key
from laid
where laid.what is not null
qualify row_number() over (partition by laid.what order by laid.record_key) <= $row_limit
order by laid.what, laid.record_key

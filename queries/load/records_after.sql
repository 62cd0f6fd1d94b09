-- name: records_after
-- title: Records of one kind before and after a load
-- definition: How many records are held and how many there will be, each counted once however many of the files name it. A record that
--   the newest whole list of its source does not name is not counted after it.
with lists as (
    select
        incoming_records.system,
        incoming_records.object,
        max(incoming_records.told_at) filter (where incoming_records.is_full) as newest_list
    from incoming_records
    group by incoming_records.system, incoming_records.object
),

held as (
    select
        base_rows.system,
        base_rows.object,
        base_rows.record_key
    from base_rows
    where base_rows.missing_since is null
),

afterwards as (
    select
        held.system,
        held.object,
        held.record_key
    from held
    left join lists on held.system = lists.system and held.object = lists.object
    where lists.newest_list is null
    union
    select
        incoming_records.system,
        incoming_records.object,
        incoming_records.record_key
    from incoming_records
    inner join lists on incoming_records.system = lists.system and incoming_records.object = lists.object
    where lists.newest_list is null or incoming_records.told_at >= lists.newest_list
)

select
    (select count(*) from held) as records_before,
    (select count(*) from afterwards) as records_after

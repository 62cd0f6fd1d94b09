-- name: merge_rows
-- title: Newest version of each record
-- definition: What is held and what comes in, one row per record of a system - the one whose export tells of the latest day; within one
--   day the last modified, then the last loaded.
select *
from (
    select * from held_rows
    union all
    select * from incoming_rows
) as all_rows
qualify row_number() over (
    partition by all_rows.system, all_rows.object, all_rows.record_key
    order by all_rows.version desc
) = 1

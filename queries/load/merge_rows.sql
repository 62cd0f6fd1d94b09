-- name: merge_rows
-- title: Newest version of each record
-- definition: What is held and what comes in, one row per record of a system - the one whose export tells of the latest day; within one
--   day the last modified, then the last loaded.
select *  -- noqa: AM04
from (
    select * from held_rows
    union all
    select * from incoming_rows
) as all_rows
qualify row_number() over (
    partition by system, object, record_key
    order by date_trunc('second', as_of) desc, changed_at desc nulls last, import_id desc
) = 1

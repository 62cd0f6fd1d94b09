-- name: repeated_records
-- title: Records held already
-- definition: How many of the rows about to be added name a record that is held.
select count(*) as records
from incoming_rows
where exists (
    select held_rows.record_key
    from held_rows
    where
        held_rows.record_key = incoming_rows.record_key
        and held_rows.system = incoming_rows.system
        and held_rows.object = incoming_rows.object
)

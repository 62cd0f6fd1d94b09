-- name: lead_flow_people
-- title: Leads behind what changed
-- definition: The people of each bucket with the stage they had and the stage they have.
-- params: bucket, row_limit
-- defaults: bucket=[], row_limit=1000000
-- steps: lead_moves
-- returns: bucket, person_id, person_name, owner, source, stage_before, stage_after, status_before, status_after
select
    lead_moves.bucket,
    lead_moves.person_id,
    lead_moves.person_name,
    lead_moves.owner,
    lead_moves.source,
    lead_moves.stage_before,
    lead_moves.stage_after,
    lead_moves.status_before,
    lead_moves.status_after
from lead_moves
where lead_moves.bucket != 'unchanged' and (len($bucket) = 0 or list_contains($bucket, lead_moves.bucket))
order by lead_moves.bucket asc, lead_moves.person_id asc
limit $row_limit

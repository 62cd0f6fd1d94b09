-- name: lead_flow
-- title: What changed among open leads
-- definition: Open leads by the stage they had reached, in the earlier snapshot and now, and what came and went since. In every
--   stage start plus all that lies between is end: a lead that became an MQL leaves one stage and enters another.
-- steps: lead_moves
-- returns: bucket, stage, leads
with stages as (
    select
        stage_names.stage,
        stage_names.stage_order
    from (values ('Lead', 1), ('MQL', 2), ('SQL', 3), ('Opportunity', 4)) as stage_names (stage, stage_order)
),

buckets as (
    select
        bucket_names.bucket,
        bucket_names.bucket_order
    from (
        values
        ('start', 1),
        ('new', 2),
        ('recycled', 3),
        ('became_mql', 4),
        ('became_sql', 5),
        ('became_opportunity', 6),
        ('moved_back', 7),
        ('won', 8),
        ('disqualified', 9),
        ('missing_from_export', 10),
        ('merged', 11),
        ('moved', 12),
        ('end', 13)
    ) as bucket_names (bucket, bucket_order)
),

entries as (
    select
        'start' as bucket,
        lead_moves.stage_before as stage,
        1 as leads
    from lead_moves
    where lead_moves.is_in_before
    union all
    select
        lead_moves.bucket,
        lead_moves.stage_before as stage,
        -1 as leads
    from lead_moves
    where lead_moves.is_in_before
    union all
    select
        lead_moves.bucket,
        lead_moves.stage_after as stage,
        1 as leads
    from lead_moves
    where lead_moves.is_in_after
    union all
    select
        'end' as bucket,
        lead_moves.stage_after as stage,
        1 as leads
    from lead_moves
    where lead_moves.is_in_after
)

select
    buckets.bucket,
    stages.stage,
    cast(coalesce(sum(entries.leads), 0) as bigint) as leads
from buckets
cross join stages
left join entries on buckets.bucket = entries.bucket and stages.stage = entries.stage
group by buckets.bucket, buckets.bucket_order, stages.stage, stages.stage_order
order by buckets.bucket_order asc, stages.stage_order asc

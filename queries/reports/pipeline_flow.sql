-- name: pipeline_flow
-- title: What changed in the pipeline
-- definition: The open pipeline in the earlier snapshot, what came and what went since, and the open pipeline now. Start
--   plus all that lies between is end, to the cent, and every deal is in one bucket. Open pipeline means open deals whose
--   expected close lies in the period asked for; without a period all open deals.
-- computed: yes
-- steps: deal_moves
-- returns: bucket, deals, amount
with buckets as (
    select
        bucket_names.bucket,
        bucket_names.bucket_order
    from (
        values
        ('start', 1),
        ('created', 2),
        ('reopened', 3),
        ('pulled_in', 4),
        ('amount_up', 5),
        ('amount_down', 6),
        ('won', 7),
        ('lost', 8),
        ('pushed_out', 9),
        ('missing_from_export', 10),
        ('restated', 11),
        ('moved', 12),
        ('end', 13)
    ) as bucket_names (bucket, bucket_order)
),

entries as (
    select
        'start' as bucket,
        coalesce(deal_moves.amount_before, 0) as amount
    from deal_moves
    where deal_moves.is_in_before
    union all
    select
        deal_moves.bucket,
        deal_moves.amount
    from deal_moves
    union all
    select
        'end' as bucket,
        coalesce(deal_moves.amount_after, 0) as amount
    from deal_moves
    where deal_moves.is_in_after
)

select
    buckets.bucket,
    count(entries.bucket) as deals,
    cast(coalesce(sum(entries.amount), 0) as decimal(18, 2)) as amount
from buckets
left join entries on buckets.bucket = entries.bucket
group by buckets.bucket, buckets.bucket_order
order by buckets.bucket_order

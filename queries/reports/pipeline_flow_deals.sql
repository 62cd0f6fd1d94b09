-- name: pipeline_flow_deals
-- title: Deals behind what changed
-- definition: The deals of each bucket with what they were and what they are; the amounts of a bucket add up to its bar. Deals
--   of start and end carry what they were worth then.
-- params: bucket, row_limit
-- defaults: bucket=[], row_limit=1000000
-- choices: bucket=start|created|reopened|pulled_in|amount_up|amount_down|won|lost|pushed_out|missing_from_export|restated|moved|end
-- steps: deal_moves
-- returns: bucket, deal_id, deal_name, company_name, owner, amount, amount_before, amount_after, stage_before,
--   stage_after, closes_before, closes_after, amount_change, days_moved, memo
with listed as (
    select
        'start' as bucket,
        1 as bucket_order,
        coalesce(deal_moves.amount_before, 0) as amount,
        deal_moves.system,
        deal_moves.object,
        deal_moves.record_key
    from deal_moves
    where deal_moves.is_in_before
    union all
    select
        deal_moves.bucket,
        2 as bucket_order,
        deal_moves.amount,
        deal_moves.system,
        deal_moves.object,
        deal_moves.record_key
    from deal_moves
    where deal_moves.bucket != 'unchanged'
    union all
    select
        'end' as bucket,
        3 as bucket_order,
        coalesce(deal_moves.amount_after, 0) as amount,
        deal_moves.system,
        deal_moves.object,
        deal_moves.record_key
    from deal_moves
    where deal_moves.is_in_after
)

select
    listed.bucket,
    deal_moves.deal_id,
    deal_moves.deal_name,
    deal_moves.company_name,
    deal_moves.owner,
    cast(listed.amount as decimal(18, 2)) as amount,
    deal_moves.amount_before,
    deal_moves.amount_after,
    deal_moves.stage_before,
    deal_moves.stage_after,
    deal_moves.closes_before,
    deal_moves.closes_after,
    deal_moves.amount_change,
    deal_moves.days_moved,
    deal_moves.memo
from listed
inner join deal_moves
    on
        listed.system = deal_moves.system
        and listed.object = deal_moves.object
        and listed.record_key = deal_moves.record_key
where len($bucket) = 0 or list_contains($bucket, listed.bucket)
order by listed.bucket_order asc, listed.bucket asc, abs(listed.amount) desc, deal_moves.deal_id asc
limit $row_limit

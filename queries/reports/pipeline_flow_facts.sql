-- name: pipeline_flow_facts
-- title: What to know beside what changed in the pipeline
-- definition: Counts that no bar shows - deals without an amount, open deals that no period holds because they have no expected
--   close or are past it, deals created and closed in between, wins told late, close dates that moved, and what closed
--   deals were restated by.
-- compares: deal_state
-- steps: deal_moves
-- returns: fact, deals, amount
with beside as (
    select
        'no_amount' as fact,
        deal_moves.deal_id,
        cast(null as decimal(18, 2)) as amount
    from deal_moves
    where deal_moves.has_no_amount
    union all
    select
        'no_rate' as fact,
        deal_state_after.deal_id,
        cast(null as decimal(18, 2)) as amount
    from deal_state_after
    where deal_state_after.is_in_scope and deal_state_after.is_rate_missing
    union all
    select
        'no_close_date' as fact,
        deal_state_after.deal_id,
        deal_state_after.amount
    from deal_state_after
    where
        deal_state_after.status = 'open' and deal_state_after.is_shown and not deal_state_after.is_in_period
        and deal_state_after.expected_close_on is null
    union all
    select
        'past_due' as fact,
        deal_state_after.deal_id,
        deal_state_after.amount
    from deal_state_after
    where
        deal_state_after.status = 'open' and deal_state_after.is_shown and not deal_state_after.is_in_period
        and deal_state_after.expected_close_on <= deal_state_after.as_of_on
    union all
    select
        concat('in_between_', deal_state_after.status) as fact,
        deal_state_after.deal_id,
        deal_state_after.amount
    from deal_state_after
    left join deal_state_before
        on
            deal_state_after.system = deal_state_before.system
            and deal_state_after.object = deal_state_before.object
            and deal_state_after.record_key = deal_state_before.record_key
    where
        deal_state_before.record_key is null and deal_state_after.status in ('won', 'lost')
        and deal_state_after.is_shown and deal_state_after.is_in_period
        and deal_state_after.closed_on > (select max(deal_state_before.as_of_on) from deal_state_before)
    union all
    select
        'late_find' as fact,
        deal_moves.deal_id,
        deal_moves.amount
    from deal_moves
    where deal_moves.is_late_find
    union all
    select
        'late_close' as fact,
        deal_moves.deal_id,
        deal_moves.amount_before as amount
    from deal_moves
    where deal_moves.is_late_close
    union all
    select
        case when deal_moves.days_moved > 0 then 'later' else 'earlier' end as fact,
        deal_moves.deal_id,
        deal_moves.amount_after as amount
    from deal_moves
    where deal_moves.is_in_before and deal_moves.is_in_after and deal_moves.days_moved != 0
    union all
    select
        'closed_restated' as fact,
        deal_moves.deal_id,
        case when deal_moves.status_after = 'won' then coalesce(deal_moves.amount_after, 0) else 0 end
        - case when deal_moves.status_before = 'won' then coalesce(deal_moves.amount_before, 0) else 0 end as amount
    from deal_moves
    where deal_moves.bucket = 'restated' and not deal_moves.is_in_before and not deal_moves.is_in_after
)

select
    beside.fact,
    count(*) as deals,
    sum(beside.amount) as amount
from beside
group by beside.fact
order by beside.fact

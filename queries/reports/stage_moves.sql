-- name: stage_moves
-- title: From stage to stage
-- definition: The deals of either open pipeline by the stage they were in and the stage they are in now. A deal that was not
--   there before comes from “new”, one that is gone goes to “missing”; a closed one stands under won or lost.
-- steps: deal_moves
-- returns: stage_from, stage_to, order_from, order_to, direction, deals, amount
with staged as (
    select
        case
            when deal_moves.status_before is null then 'new'
            when deal_moves.status_before = 'open' then coalesce(deal_moves.stage_before, 'no stage')
            else deal_moves.status_before
        end as stage_from,
        case
            when coalesce(deal_moves.status_after, 'missing') = 'missing' then 'missing'
            when deal_moves.status_after = 'open' then coalesce(deal_moves.stage_after, 'no stage')
            else deal_moves.status_after
        end as stage_to,
        case when deal_moves.status_before = 'open' then deal_moves.order_before end as order_from,
        case when deal_moves.status_after = 'open' then deal_moves.order_after end as order_to,
        coalesce(deal_moves.amount_after, deal_moves.amount_before, 0) as amount
    from deal_moves
    where deal_moves.is_in_before or deal_moves.is_in_after
)

select
    staged.stage_from,
    staged.stage_to,
    min(staged.order_from) as order_from,
    min(staged.order_to) as order_to,
    case
        when staged.stage_from = staged.stage_to then 'stayed'
        when staged.stage_from = 'new' then 'new'
        when staged.stage_to in ('won', 'lost', 'missing') then staged.stage_to
        when staged.stage_from in ('won', 'lost', 'missing') then 'back'
        when min(staged.order_to) > min(staged.order_from) then 'forward'
        when min(staged.order_to) < min(staged.order_from) then 'back'
        else 'across'
    end as direction,
    count(*) as deals,
    cast(sum(staged.amount) as decimal(18, 2)) as amount
from staged
group by staged.stage_from, staged.stage_to
order by order_from asc nulls first, staged.stage_from asc, order_to asc nulls last, staged.stage_to asc

-- name: contract_amount_scale
-- title: Amounts a hundred or a thousand times another
-- definition: Deals whose amount is a hundred or a thousand times what is held, or that part of it, beside how many deals have both.
with paired as (
    select
        deal_changes.deal_id,
        deal_changes.deal_name,
        deal_changes.before_amount_original as before_amount,
        deal_changes.after_amount_original as after_amount,
        cast(deal_changes.after_amount_original as double)
        / nullif(cast(deal_changes.before_amount_original as double), 0) as ratio
    from deal_changes
    where deal_changes.before_amount_original != 0 and deal_changes.after_amount_original != 0
),

counted as (
    select
        paired.*,
        count(*) over () as pairs,
        abs(log10(abs(paired.ratio))) as magnitude
    from paired
)

select
    counted.deal_id,
    counted.deal_name,
    counted.before_amount,
    counted.after_amount,
    counted.ratio,
    counted.pairs
from counted
where
    (counted.magnitude >= 1.97 and counted.magnitude <= 2.03)
    or (counted.magnitude >= 2.97 and counted.magnitude <= 3.03)
order by abs(counted.after_amount) desc, counted.deal_id asc

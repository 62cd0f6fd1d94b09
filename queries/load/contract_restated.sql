-- name: contract_restated
-- title: Closed Won of closed months moved
-- definition: Won deals that change the won revenue of a month that was over a week before the data date, in months that move by more
--   than two percent.
with sides as (
    select
        deal_changes.deal_id,
        deal_changes.deal_name,
        cast(date_trunc('month', deal_changes.before_closed_at) as date) as month_start,
        coalesce(deal_changes.before_amount, 0) as before_amount,
        0 as after_amount
    from deal_changes
    where deal_changes.before_status = 'won' and deal_changes.before_closed_at is not null
    union all
    select
        deal_changes.deal_id,
        deal_changes.deal_name,
        cast(date_trunc('month', deal_changes.after_closed_at) as date) as month_start,
        0 as before_amount,
        coalesce(deal_changes.after_amount, 0) as after_amount
    from deal_changes
    where deal_changes.after_status = 'won' and deal_changes.after_closed_at is not null
),

deal_months as (
    select
        sides.deal_id,
        sides.deal_name,
        sides.month_start,
        sum(sides.before_amount) as before_amount,
        sum(sides.after_amount) as after_amount
    from sides
    cross join config
    where sides.month_start + interval 1 month + interval 7 day <= config.as_of_at
    group by sides.deal_id, sides.deal_name, sides.month_start
),

months as (
    select
        deal_months.month_start,
        sum(deal_months.before_amount) as month_before,
        sum(deal_months.after_amount) as month_after
    from deal_months
    group by deal_months.month_start
)

select
    deal_months.deal_id,
    deal_months.deal_name,
    deal_months.month_start,
    deal_months.before_amount,
    deal_months.after_amount,
    months.month_before,
    months.month_after
from deal_months
inner join months on deal_months.month_start = months.month_start
where
    months.month_before > 0
    and 50 * abs(months.month_after - months.month_before) > months.month_before
    and deal_months.before_amount != deal_months.after_amount
order by abs(deal_months.after_amount - deal_months.before_amount) desc, deal_months.deal_id asc

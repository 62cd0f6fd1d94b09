-- name: retention_cells
-- title: Customers of a cohort in bags
-- definition: What became of the customers of each cohort, added up in at most 500 bags of customers from which the intervals draw.
-- steps: retention_moves
-- needs: revenue.amount
-- returns: opening_on, closing_on, group_value, bag, is_cut, customers, kept, reactivated, opening,
--   expansion, contraction, churn
with bagged as (
    -- Customers in up to 500 bags that an interval draws from: one each as long as there are no more.
    select
        retention_moves.*,
        row_number() over (
            partition by retention_moves.closing_on, retention_moves.group_value
            order by retention_moves.customer_key
        ) % 500 as bag
    from retention_moves
)

select
    bagged.opening_on,
    bagged.closing_on,
    bagged.group_value,
    bagged.bag,
    bool_or(bagged.is_cut) as is_cut,
    count(*) as customers,
    count(*) filter (where bagged.closing > 0) as kept,
    count(*) filter (where bagged.is_reactivated) as reactivated,
    cast(sum(bagged.opening) as double) as opening,
    cast(sum(greatest(bagged.closing - bagged.opening, 0)) as double) as expansion,
    cast(
        coalesce(
            sum(greatest(bagged.opening - bagged.closing, 0)) filter (where bagged.closing > 0), 0
        ) as double
    ) as contraction,
    cast(coalesce(sum(bagged.opening) filter (where bagged.closing = 0), 0) as double) as churn
from bagged
group by bagged.opening_on, bagged.closing_on, bagged.group_value, bagged.bag
order by bagged.closing_on asc, bagged.group_value asc, bagged.bag asc

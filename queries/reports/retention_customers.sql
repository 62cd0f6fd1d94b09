-- name: retention_customers
-- title: Customers behind the retention
-- definition: Every customer who paid at the start of the period, what they paid then and in its last month, and what became of them -
--   expanded, unchanged, contracted, churned, or reactivated where they stopped in between and pay again. The rows add up to the
--   retention of the same period.
-- steps: retention_moves
-- needs: revenue.amount
-- returns: customer_id, customer_name, cohort, closing_on, group_value, segment, owner, opening, closing, change,
--   what, is_reactivated
select
    customers.customer_id,
    customers.customer_name,
    retention_moves.opening_on as cohort,
    retention_moves.closing_on,
    retention_moves.group_value,
    customers.segment,
    customers.owner,
    retention_moves.opening,
    retention_moves.closing,
    retention_moves.closing - retention_moves.opening as change,
    case
        when retention_moves.closing = 0 then 'churned'
        when retention_moves.closing > retention_moves.opening then 'expanded'
        when retention_moves.closing < retention_moves.opening then 'contracted'
        else 'unchanged'
    end as what,
    retention_moves.is_reactivated
from retention_moves
inner join customers on retention_moves.customer_key = customers.customer_key
order by
    retention_moves.closing - retention_moves.opening asc,
    customers.customer_id asc,
    retention_moves.closing_on asc

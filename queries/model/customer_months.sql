-- name: customer_months
-- title: Recurring revenue of each customer by month
-- definition: What each customer pays in each month that billing tells of, only where it is more than nothing. Where recurring revenue is
--   listed month by month, a month without a row is a month without revenue. Where only changes are listed (new, expansion, contraction,
--   churn), they are added up from the first, a contraction or churn always taking away whatever its sign. Before is the month's level
--   without the changes of that month. Paid months are how many the customer has paid for up to this one. Months after the date of
--   the data are left out.
-- returns: customer_key, month_start, level, before, paid_months
with known as (
    select
        customers.customer_key,
        revenue.month_start,
        revenue.kind,
        coalesce(revenue.amount, 0) as amount
    from revenue
    inner join customers on revenue.customer_ref = customers.customer_ref
    cross join config
    where revenue.month_start <= config.as_of_on and not revenue.is_rate_missing
),

summed as (
    select
        known.customer_key,
        known.month_start,
        sum(known.amount) filter (where known.kind = 'recurring') as recurring,
        sum(known.amount) filter (where known.kind = 'new') as came,
        sum(
            case
                when known.kind in ('contraction', 'churn', 'downgrade', 'cancellation', 'churned')
                    then -abs(known.amount)
                when known.kind not in ('recurring', 'new') then known.amount
            end
        ) as changed
    from known
    group by known.customer_key, known.month_start
),

-- Recurring revenue is a list of levels as soon as anybody has it in two months; else it is an opening balance.
listed as (
    select coalesce(max(counted.months), 0) > 1 as is_by_month
    from (
        select count(summed.recurring) as months
        from summed
        group by summed.customer_key
    ) as counted
),

ways as (
    select
        summed.customer_key,
        listed.is_by_month and count(summed.recurring) > 0 as is_by_month,
        min(summed.month_start) as first_month
    from summed
    cross join listed
    group by summed.customer_key, listed.is_by_month
),

ends as (
    select max(summed.month_start) as last_month
    from summed
),

months as (
    select distinct calendar.month_start
    from calendar
),

carried as (
    select
        ways.customer_key,
        months.month_start,
        coalesce(summed.recurring, 0) + coalesce(summed.came, 0) as came,
        coalesce(summed.changed, 0) as changed
    from ways
    cross join ends
    inner join months on ways.first_month <= months.month_start and months.month_start <= ends.last_month
    left join summed on ways.customer_key = summed.customer_key and months.month_start = summed.month_start
    where not ways.is_by_month
),

added as (
    select
        carried.customer_key,
        carried.month_start,
        sum(carried.came + carried.changed) over running as level,
        sum(carried.came + carried.changed) over running - carried.changed as before
    from carried
    window
        running as (
            partition by carried.customer_key order by carried.month_start asc
            rows between unbounded preceding and current row
        )
),

levels as (
    select
        summed.customer_key,
        summed.month_start,
        summed.recurring as level,
        summed.recurring as before
    from summed
    inner join ways on summed.customer_key = ways.customer_key
    where ways.is_by_month and summed.recurring is not null
    union all
    select
        added.customer_key,
        added.month_start,
        added.level,
        added.before
    from added
)

select
    levels.customer_key,
    levels.month_start,
    cast(greatest(levels.level, 0) as decimal(18, 2)) as level,
    cast(greatest(levels.before, 0) as decimal(18, 2)) as before,
    cast(
        count_if(cast(greatest(levels.level, 0) as decimal(18, 2)) > 0) over (
            partition by levels.customer_key order by levels.month_start asc
            rows between unbounded preceding and current row
        ) as integer
    ) as paid_months
from levels
where levels.level > 0 or levels.before > 0

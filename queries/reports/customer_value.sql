-- name: customer_value
-- title: What customers have brought so far
-- definition: Revenue added up per customer over the months since they began to pay, as observed and not projected - each month is the mean
--   over the customers who began at least so long ago, those who left counting as nothing. Customers who paid already in the
--   first month billing knows are left out, because nobody knows when they began. A month with fewer than 30 of them is not shown.
-- params: account_lists, campaigns, channels, least, owners, period_end, pipelines, products, regions, segments, sides,
--   sources, teams, video_engaged
-- defaults: least=30
-- needs: revenue.amount
-- returns: months, customers, revenue_month, revenue_so_far
with ends as (
    select
        min(customer_months.month_start) as first_month,
        max(customer_months.month_start) as last_month
    from customer_months
    where
        $period_end::date is null
        or cast(customer_months.month_start + interval 1 month as date) <= $period_end::date
),

begun as (
    select
        customer_months.customer_key,
        min(customer_months.month_start) as began_on
    from customer_months
    inner join customers on customer_months.customer_key = customers.customer_key
    where
        customer_months.level > 0
        and (len($channels) = 0 or list_contains($channels, coalesce(customers.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(customers.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(customers.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(customers.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(customers.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(customers.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(customers.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(customers.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(customers.owner, '')))
        and (len($pipelines) = 0 or list_contains($pipelines, coalesce(customers.pipeline, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(customers.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when customers.video_engaged then 'yes' else 'no' end)
        )
    group by customer_months.customer_key
),

followed as (
    select
        begun.customer_key,
        begun.began_on,
        (year(ends.last_month) - year(begun.began_on)) * 12 + month(ends.last_month) - month(begun.began_on) as watched
    from begun
    cross join ends
    where begun.began_on > ends.first_month and begun.began_on <= ends.last_month
),

paid as (
    select
        (year(customer_months.month_start) - year(followed.began_on)) * 12
        + month(customer_months.month_start) - month(followed.began_on) as age,
        sum(cast(customer_months.level as double)) as revenue
    from followed
    inner join customer_months on followed.customer_key = customer_months.customer_key
    cross join ends
    where customer_months.month_start <= ends.last_month
    group by age
),

watched_long as (
    select
        followed.watched,
        sum(count(*)) over (order by followed.watched desc) as customers
    from followed
    group by followed.watched
),

-- Of each age, those who began at least so long ago: the nearest number of months somebody has been watched for.
aged as (
    select
        paid.age,
        paid.revenue,
        max(watched_long.customers) as customers
    from paid
    inner join watched_long on paid.age <= watched_long.watched
    group by paid.age, paid.revenue
),

averaged as (
    select
        aged.age + 1 as months,
        cast(aged.customers as bigint) as customers,
        aged.revenue / nullif(aged.customers, 0) as revenue_month
    from aged
    where aged.customers >= $least
)

select
    averaged.months,
    averaged.customers,
    averaged.revenue_month,
    sum(averaged.revenue_month) over (
        order by averaged.months rows between unbounded preceding and current row
    ) as revenue_so_far
from averaged
order by averaged.months asc

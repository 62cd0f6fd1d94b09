-- name: retention_moves
-- title: What became of each customer
-- definition: Every customer who paid at the start of a cohort's period, what they paid then and in its last month, and whether they
--   stopped in between and pay again; what retention and its customers are read from.
-- params: account_lists, by, campaigns, channels, every, months, owners, period_end, period_start, pipelines, products,
--   regions, segments, sides, sources, teams, video_engaged
-- defaults: by='', every=period, months=0
-- choices: every=period|month|quarter
-- needs: revenue.amount
-- returns: opening_on, closing_on, is_cut, group_value, customer_key, opening, closing, is_reactivated
with ends as (
    select
        min(customer_months.month_start) as first_month,
        max(customer_months.month_start) as last_month
    from customer_months
),

closings as (
    select distinct
        calendar.month_start as closing_on,
        ends.first_month,
        calendar.month_start >= ends.last_month
        or calendar.month_start = cast(date_trunc('month', $period_end::date) - interval 1 month as date) as is_end,
        cast(calendar.month_start + interval 1 month as date) as next_on,
        calendar.fiscal_quarter_start
    from calendar
    cross join ends
    where
        calendar.month_start between ends.first_month and ends.last_month
        and ($period_end::date is null or cast(calendar.month_start + interval 1 month as date) <= $period_end::date)
),

wanted as (
    select
        closings.closing_on,
        closings.first_month,
        case
            when $months > 0 then cast(closings.closing_on - interval 1 month * $months as date)
            when $every != 'period' or $period_start::date is null
                then cast(closings.closing_on - interval 12 month as date)
            else cast(date_trunc('month', $period_start::date) - interval 1 month as date)
        end as opening_on
    from closings
    left join calendar on closings.next_on = calendar.day
    where
        (
            $every = 'period' and closings.is_end
            or $every = 'month'
            or $every = 'quarter' and calendar.fiscal_quarter_start = closings.next_on
        )
        and (
            $every = 'period' or $period_start::date is null or closings.closing_on >= $period_start::date
        )
),

-- Where billing begins only in the month asked for, what was there before that month's changes is the start.
spans as (
    select
        wanted.closing_on,
        greatest(wanted.opening_on, wanted.first_month) as opening_on,
        wanted.opening_on < wanted.first_month as is_cut
    from wanted
    where
        wanted.closing_on >= wanted.first_month
        and ($every = 'period' or wanted.opening_on >= wanted.first_month)
    qualify $every != 'period' or row_number() over (order by wanted.closing_on desc) = 1
),

chosen as (
    select
        customers.customer_key,
        case $by
            when 'channel' then coalesce(customers.channel, '(none)')
            when 'source' then coalesce(customers.source, '(none)')
            when 'side' then coalesce(customers.side, '(none)')
            when 'campaign' then coalesce(customers.campaign, '(none)')
            when 'region' then coalesce(customers.region, '(none)')
            when 'segment' then coalesce(customers.segment, '(none)')
            when 'product' then coalesce(customers.product, '(none)')
            when 'team' then coalesce(customers.team, '(none)')
            when 'owner' then coalesce(customers.owner, '(none)')
            when 'pipeline' then coalesce(customers.pipeline, '(none)')
            when 'account_list' then coalesce(customers.account_list, '(none)')
            when 'video_engaged' then case when customers.video_engaged then 'yes' else 'no' end
            else ''
        end as group_value
    from customers
    where
        true
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
),

opened as (
    select
        spans.opening_on,
        spans.closing_on,
        spans.is_cut,
        chosen.group_value,
        chosen.customer_key,
        case when spans.is_cut then customer_months.before else customer_months.level end as opening,
        customer_months.paid_months
    from spans
    inner join customer_months on spans.opening_on = customer_months.month_start
    inner join chosen on customer_months.customer_key = chosen.customer_key
    where case when spans.is_cut then customer_months.before else customer_months.level end > 0
)

select
    opened.opening_on,
    opened.closing_on,
    opened.is_cut,
    opened.group_value,
    opened.customer_key,
    opened.opening,
    coalesce(closed.level, 0) as closing,
    coalesce(closed.level, 0) > 0
    and closed.paid_months - opened.paid_months < (
        (year(opened.closing_on) - year(opened.opening_on)) * 12
        + month(opened.closing_on) - month(opened.opening_on)
    )
        as is_reactivated
from opened
left join customer_months as closed
    on opened.customer_key = closed.customer_key and opened.closing_on = closed.month_start

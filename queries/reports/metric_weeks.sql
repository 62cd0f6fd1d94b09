-- name: metric_weeks
-- title: Weeks of all metrics
-- definition: Every metric, or one, summed by complete week, a week without rows as 0, with the last day it can be known of. The
--   share of leads won is the share won within the given days of creation, so that no week is too young to compare.
-- params: account_lists, age_days, campaigns, channels, metric, owners, period_end, period_start, pipelines,
--   products, regions, segments, sides, sources, teams, video_engaged
-- defaults: metric='', age_days=30
-- returns: metric, week, last_day, fiscal_year_start, unit, aggregate, is_zero_null, numerator, denominator, cases,
--   as_of_on, known_until, is_shown
with counted as (
    select
        metric_rows.metric,
        metric_rows.happened_on,
        metric_rows.channel,
        metric_rows.source,
        metric_rows.side,
        metric_rows.campaign,
        metric_rows.region,
        metric_rows.segment,
        metric_rows.product,
        metric_rows.team,
        metric_rows.owner,
        metric_rows.pipeline,
        metric_rows.account_list,
        metric_rows.video_engaged,
        metric_rows.numerator,
        metric_rows.denominator
    from metric_rows
    where
        metric_rows.happened_on is not null
        and metric_rows.metric <> 'lead_to_win_rate'
        and ($metric = '' or metric_rows.metric = $metric)
    union all
    -- Won by the data date grows with age; won within so many days does not.
    select
        'lead_to_win_rate' as metric,
        lead_fact.created_on as happened_on,
        lead_fact.channel,
        lead_fact.source,
        lead_fact.side,
        lead_fact.campaign,
        lead_fact.region,
        lead_fact.segment,
        lead_fact.product,
        lead_fact.team,
        lead_fact.owner,
        null as pipeline,
        lead_fact.account_list,
        lead_fact.video_engaged,
        case
            when
                lead_fact.is_won
                and date_diff('day', lead_fact.created_on, cast(lead_fact.won_at as date)) <= $age_days
                then 1
            else 0
        end as numerator,
        1 as denominator
    from lead_fact
    where
        lead_fact.created_on is not null
        and ($metric = '' or $metric = 'lead_to_win_rate')
),

summed as (
    select
        counted.metric,
        cast(date_trunc('week', counted.happened_on) as date) as week,
        sum(counted.numerator) as numerator,
        sum(counted.denominator) as denominator,
        count(*) filter (where counted.denominator <> 0) as cases
    from counted
    where
        (len($channels) = 0 or list_contains($channels, coalesce(counted.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(counted.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(counted.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(counted.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(counted.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(counted.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(counted.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(counted.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(counted.owner, '')))
        and (len($pipelines) = 0 or list_contains($pipelines, coalesce(counted.pipeline, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(counted.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when counted.video_engaged then 'yes' else 'no' end)
        )
    group by counted.metric, cast(date_trunc('week', counted.happened_on) as date)
),

weeks as (
    select
        calendar.week_start as week,
        max(calendar.day) as last_day,
        min(calendar.fiscal_year_start) as fiscal_year_start
    from calendar
    group by calendar.week_start
),

begun as (
    select
        summed.metric,
        min(summed.week) as first_week
    from summed
    group by summed.metric
),

-- A week of costs is over when the costs of its last day are there; one of follow-ups when no lead of it has time left.
known as (
    select
        (
            select max(spend.spent_on)
            from spend
        ) as spent_until,
        (
            select min(cast(lead_fact.handoff_at as date))
            from lead_fact
            where lead_fact.follow_up = 'pending'
        ) as waiting_from
)

select
    begun.metric,
    weeks.week,
    weeks.last_day,
    weeks.fiscal_year_start,
    metric_catalog.unit,
    metric_catalog.aggregate,
    metric_catalog.is_zero_null,
    coalesce(summed.numerator, 0) as numerator,
    coalesce(summed.denominator, 0) as denominator,
    coalesce(summed.cases, 0) as cases,
    config.as_of_on,
    case
        when begun.metric in ('spend', 'cost_per_won_customer') then known.spent_until
        when
            begun.metric = 'follow_up_in_sla' and known.waiting_from is not null
            then cast(known.waiting_from - interval 1 day as date)
        else config.as_of_on
    end as known_until,
    coalesce($period_start::date is null or weeks.last_day >= $period_start::date, true)
    and coalesce($period_end::date is null or weeks.week < $period_end::date, true) as is_shown
from begun
cross join config
cross join known
inner join metric_catalog on begun.metric = metric_catalog.metric
inner join weeks on weeks.week >= begun.first_week and weeks.last_day <= config.as_of_on
left join summed on begun.metric = summed.metric and weeks.week = summed.week
order by begun.metric, weeks.week

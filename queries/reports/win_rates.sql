-- name: win_rates
-- title: Win rates side by side
-- definition: The simple win rates beside the win curve, each named for what it leaves out - won of all closed, won
--   of all created, and won within 180 days of the cohorts old enough - with a 95 % Wilson interval.
-- params: account_lists, by, campaigns, channels, entity, owners, period_end, period_start, pipelines, products,
--   regions, segments, sides, sources, teams, video_engaged
-- defaults: by='', entity=deals
-- returns: group_value, name, value, numerator, denominator
with members as (
    select
        coalesce(
            case $by
                when 'channel' then coalesce(cohort_fact.channel, '(none)')
                when 'source' then coalesce(cohort_fact.source, '(none)')
                when 'side' then coalesce(cohort_fact.side, '(none)')
                when 'campaign' then coalesce(cohort_fact.campaign, '(none)')
                when 'region' then coalesce(cohort_fact.region, '(none)')
                when 'segment' then coalesce(cohort_fact.segment, '(none)')
                when 'product' then coalesce(cohort_fact.product, '(none)')
                when 'team' then coalesce(cohort_fact.team, '(none)')
                when 'owner' then coalesce(cohort_fact.owner, '(none)')
                when 'pipeline' then coalesce(cohort_fact.pipeline, '(none)')
                when 'account_list' then coalesce(cohort_fact.account_list, '(none)')
                when 'video_engaged' then if(cohort_fact.video_engaged, 'yes', 'no')
            end,
            'All'
        ) as group_value,
        cohort_fact.days,
        cohort_fact.outcome,
        date_diff('day', cohort_fact.entered_on, config.as_of_on) as age
    from cohort_fact
    cross join config
    where
        cohort_fact.entity = $entity
        and cohort_fact.days >= 0
        and ($period_start::date is null or cohort_fact.entered_on >= $period_start::date)
        and ($period_end::date is null or cohort_fact.entered_on < $period_end::date)
        and (len($channels) = 0 or list_contains($channels, coalesce(cohort_fact.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(cohort_fact.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(cohort_fact.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(cohort_fact.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(cohort_fact.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(cohort_fact.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(cohort_fact.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(cohort_fact.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(cohort_fact.owner, '')))
        and (len($pipelines) = 0 or list_contains($pipelines, coalesce(cohort_fact.pipeline, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(cohort_fact.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when cohort_fact.video_engaged then 'yes' else 'no' end)
        )
),

counted as (
    select
        members.group_value,
        'won of closed' as name,
        count_if(members.outcome = 1) as numerator,
        count_if(members.outcome > 0) as denominator
    from members
    group by members.group_value
    union all
    select
        members.group_value,
        'won of created' as name,
        count_if(members.outcome = 1) as numerator,
        count(*) as denominator
    from members
    group by members.group_value
    union all
    select
        members.group_value,
        'won in 180 days, cohorts old enough' as name,
        count_if(members.outcome = 1 and members.days <= 180) as numerator,
        count(*) as denominator
    from members
    where members.age >= 180
    group by members.group_value
)

select
    counted.group_value,
    counted.name,
    cast(counted.numerator as double) / nullif(counted.denominator, 0) as value,
    counted.numerator,
    counted.denominator
from counted
order by counted.group_value, counted.name

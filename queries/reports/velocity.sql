-- name: velocity
-- title: Sales velocity
-- unit: money
-- definition: Open deals times win rate times mean won amount, divided by the median days from creation to win - money a day at
--   the present pace. All four speak of the same part of the business. Rate, amount and days come from deals created in
--   the twelve months that ended as many days ago as a deal is given to be won (180); open deals leave out those older
--   than 95 % of all won ones were at their close. The effect is what velocity gains a day if that lever alone is 10 % better
--   (days 10 % shorter). Nothing is said where a part is not known; missing says which. It is a pace, not a forecast.
-- params: account_lists, by, campaigns, channels, mature_days, min_wins, owners, pipelines, products, regions, segments,
--   sides, sources, teams, video_engaged
-- defaults: by='', mature_days=180, min_wins=30
-- needs: deals.created_at
-- returns: group_value, lever_order, lever, value, unit, n, effect_of_10_percent, missing
with all_won as (
    select
        percentile_cont(cast('0.95' as double)) within group (order by cohort_fact.days) as oldest,
        count(*) as wins
    from cohort_fact
    where cohort_fact.entity = 'deals' and cohort_fact.days >= 0 and cohort_fact.outcome = 1
),

members as (
    select
        coalesce(
            case $by
                when 'channel' then coalesce(cohort_fact.channel, '(none)')
                when 'source' then coalesce(cohort_fact.source, '(none)')
                when 'side' then coalesce(cohort_fact.side, '(none)')
                when 'region' then coalesce(cohort_fact.region, '(none)')
                when 'segment' then coalesce(cohort_fact.segment, '(none)')
                when 'product' then coalesce(cohort_fact.product, '(none)')
                when 'team' then coalesce(cohort_fact.team, '(none)')
                when 'owner' then coalesce(cohort_fact.owner, '(none)')
                when 'pipeline' then coalesce(cohort_fact.pipeline, '(none)')
                when 'account_list' then coalesce(cohort_fact.account_list, '(none)')
            end,
            'All'
        ) as group_value,
        cohort_fact.days,
        cast(cohort_fact.amount as double) as amount,
        cohort_fact.outcome = 0
        and (all_won.wins < $min_wins or cohort_fact.days <= all_won.oldest) as is_live,
        date_diff('day', cohort_fact.entered_on, cohort_fact.seen_on) >= $mature_days
        and date_diff('day', cohort_fact.entered_on, cohort_fact.seen_on) < $mature_days + 365 as is_mature,
        cohort_fact.outcome = 1 and cohort_fact.days <= $mature_days as is_won_in_time
    from cohort_fact
    cross join all_won
    where
        cohort_fact.entity = 'deals'
        and cohort_fact.days >= 0
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
        count_if(members.is_live) as open_deals,
        count_if(members.is_mature) as mature,
        count_if(members.is_mature and members.is_won_in_time) as wins,
        count(members.amount) filter (where members.is_mature and members.is_won_in_time) as priced,
        avg(members.amount) filter (where members.is_mature and members.is_won_in_time) as mean_amount,
        median(members.days) filter (where members.is_mature and members.is_won_in_time) as cycle
    from members
    group by members.group_value
),

known as (
    select
        counted.*,
        counted.wins >= $min_wins as is_enough,
        case when counted.wins >= $min_wins then counted.wins / nullif(cast(counted.mature as double), 0) end as rate,
        case when counted.wins >= $min_wins and counted.priced > 0 then counted.mean_amount end as amount,
        case when counted.wins >= $min_wins then cast(counted.cycle as double) end as cycle_days
    from counted
),

paced as (
    select
        known.*,
        known.open_deals * known.rate * known.amount / nullif(known.cycle_days, 0) as per_day,
        case
            when not known.is_enough
                then
                    'win rate, amount and days: ' || known.wins || ' wins in cohorts old enough, '
                    || $min_wins || ' are needed'
            when known.amount is null then 'amount: no won deal has one'
            when known.cycle_days = 0 then 'days: won on the day of creation'
        end as missing
    from known
)

select
    paced.group_value,
    1 as lever_order,
    'open deals' as lever,
    cast(paced.open_deals as double) as value,
    'count' as unit,
    paced.open_deals as n,
    paced.per_day / 10 as effect_of_10_percent,
    cast(null as varchar) as missing
from paced
union all
select
    paced.group_value,
    2 as lever_order,
    'win rate' as lever,
    paced.rate as value,
    'percent' as unit,
    paced.mature as n,
    paced.per_day / 10 as effect_of_10_percent,
    paced.missing
from paced
union all
select
    paced.group_value,
    3 as lever_order,
    'mean won amount' as lever,
    paced.amount as value,
    'money' as unit,
    paced.priced as n,
    paced.per_day / 10 as effect_of_10_percent,
    paced.missing
from paced
union all
select
    paced.group_value,
    4 as lever_order,
    'median days to win' as lever,
    paced.cycle_days as value,
    'days' as unit,
    paced.wins as n,
    paced.per_day / 9 as effect_of_10_percent,
    paced.missing
from paced
union all
select
    paced.group_value,
    5 as lever_order,
    'velocity a day' as lever,
    paced.per_day as value,
    'money' as unit,
    paced.open_deals as n,
    cast(null as double) as effect_of_10_percent,
    paced.missing
from paced
order by group_value, lever_order

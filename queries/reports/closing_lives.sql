-- name: closing_lives
-- title: Lives counted
-- definition: How many deals (or leads) of each group and side were won, lost or still open after so many days, how long
--   they had been watched for, and their money - what win rates and ratios between sides are worked out of. Derailed is
--   lost to no decision, where the export gives that as the reason.
-- params: account_lists, by, campaigns, channels, entity, owners, period_end, period_start, pipelines, products,
--   regions, segments, sides, sources, teams, video_engaged
-- defaults: by='', entity=deals
-- choices: entity=deals|people
-- needs: deals.created_at|people.created_at|people.mql_at
-- returns: group_value, side, days, watched_days, outcome, is_derailed, cases, cases_with_amount, amount, amount_squared
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
                when 'cohort' then strftime(calendar.fiscal_quarter_start, '%Y-%m')
                when 'video_engaged' then if(cohort_fact.video_engaged, 'yes', 'no')
            end,
            'All'
        ) as group_value,
        coalesce(cohort_fact.side, 'unknown') as side,
        cohort_fact.days,
        date_diff('day', cohort_fact.entered_on, cohort_fact.seen_on) as watched_days,
        cohort_fact.outcome,
        cohort_fact.outcome = 2 and coalesce(
            regexp_matches(lower(deals.loss_reason), 'no[- ]?decision|derailed|went (dark|silent|cold|quiet)'), false
        ) as is_derailed,
        case when $entity = 'deals' then cast(cohort_fact.amount as double) end as amount
    from cohort_fact
    left join calendar on cohort_fact.entered_on = calendar.day
    left join deals on $entity = 'deals' and cohort_fact.entity_key = deals.deal_key
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
)

select
    members.group_value,
    members.side,
    members.days,
    members.watched_days,
    members.outcome,
    members.is_derailed,
    count(*) as cases,
    count(members.amount) as cases_with_amount,
    sum(members.amount) as amount,
    sum(members.amount * members.amount) as amount_squared
from members
group by all

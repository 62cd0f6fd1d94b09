-- name: friction_cells
-- title: Losses at the hand-over by account
-- definition: The five losses added up by account in at most 500 bags, for the leads of the period, of the locked baseline, and of all
--   time, whose wins say what leads with and without a loss come to.
-- params: account_lists, attempt_hours, baseline_end, baseline_start, campaigns, channels, owners, period_end, period_start,
--   pipelines, products, regions, rework_hours, segments, sides, sources, teams, video_engaged
-- defaults: attempt_hours=null, baseline_end=null, baseline_start=null, rework_hours=null
-- steps: agreed_alignment
-- needs: people.created_at|people.mql_at
-- returns: stretch, bag, leads, delay_sum, delay_leads, delay_affected, untouched_sum, untouched_leads,
--   untouched_affected, rejected_sum, rejected_leads, rejected_affected, rework_sum, rework_leads,
--   rework_affected, stalled_sum, stalled_leads, stalled_affected, delay_with, delay_with_won, delay_without,
--   delay_without_won, untouched_with, untouched_with_won, untouched_without, untouched_without_won,
--   rejected_with, rejected_with_won, rejected_without, rejected_without_won, rework_with, rework_with_won,
--   rework_without, rework_without_won, stalled_with, stalled_with_won, stalled_without, stalled_without_won,
--   delay_hours, untouched_hours, rejected_hours, rework_hours, stalled_hours, won_leads, won_amount
with eligible as (
    select
        friction_fact.*,
        handoff_fact.handoff_on,
        handoff_fact.outcome = 'won' as is_won,
        cast(handoff_fact.won_amount as double) as won_amount
    from friction_fact
    inner join handoff_fact on friction_fact.person_key = handoff_fact.person_key
    where
        len($pipelines) = 0
        and (len($channels) = 0 or list_contains($channels, coalesce(handoff_fact.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(handoff_fact.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(handoff_fact.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(handoff_fact.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(handoff_fact.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(handoff_fact.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(handoff_fact.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(handoff_fact.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(handoff_fact.owner, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(handoff_fact.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when handoff_fact.video_engaged then 'yes' else 'no' end)
        )
),

chosen as (
    select
        'period' as stretch,
        eligible.*
    from eligible
    where
        ($period_start::date is null or eligible.handoff_on >= $period_start::date)
        and ($period_end::date is null or eligible.handoff_on < $period_end::date)
    union all
    select
        'baseline' as stretch,
        eligible.*
    from eligible
    cross join agreed_alignment
    where
        eligible.handoff_on >= coalesce($baseline_start::date, agreed_alignment.baseline_start)
        and eligible.handoff_on < coalesce($baseline_end::date, agreed_alignment.baseline_end)
    union all
    select
        'all' as stretch,
        eligible.*
    from eligible
),

accounts as (
    select distinct eligible.account_key
    from eligible
),

numbered as (
    select
        accounts.account_key,
        row_number() over (order by accounts.account_key) % 500 as account_bag
    from accounts
)

select
    chosen.stretch,
    case chosen.stretch when 'all' then 0 else numbered.account_bag end as bag,
    count(*) as leads,
    coalesce(sum(chosen.delay), 0) as delay_sum,
    count(chosen.delay) as delay_leads,
    count(*) filter (where chosen.delay > 0) as delay_affected,
    coalesce(sum(chosen.untouched), 0) as untouched_sum,
    count(chosen.untouched) as untouched_leads,
    count(*) filter (where chosen.untouched > 0) as untouched_affected,
    coalesce(sum(chosen.rejected), 0) as rejected_sum,
    count(chosen.rejected) as rejected_leads,
    count(*) filter (where chosen.rejected > 0) as rejected_affected,
    coalesce(sum(chosen.rework), 0) as rework_sum,
    count(chosen.rework) as rework_leads,
    count(*) filter (where chosen.rework > 0) as rework_affected,
    coalesce(sum(chosen.stalled), 0) as stalled_sum,
    count(chosen.stalled) as stalled_leads,
    count(*) filter (where chosen.stalled > 0) as stalled_affected,
    count(*) filter (where chosen.is_mature and chosen.delay > 0) as delay_with,
    count(*) filter (where chosen.is_mature and chosen.delay > 0 and chosen.is_won) as delay_with_won,
    count(*) filter (where chosen.is_mature and chosen.delay = 0) as delay_without,
    count(*) filter (where chosen.is_mature and chosen.delay = 0 and chosen.is_won) as delay_without_won,
    count(*) filter (where chosen.is_mature and chosen.untouched > 0) as untouched_with,
    count(*) filter (where chosen.is_mature and chosen.untouched > 0 and chosen.is_won) as untouched_with_won,
    count(*) filter (where chosen.is_mature and chosen.untouched = 0) as untouched_without,
    count(*) filter (where chosen.is_mature and chosen.untouched = 0 and chosen.is_won) as untouched_without_won,
    count(*) filter (where chosen.is_mature and chosen.rejected > 0) as rejected_with,
    count(*) filter (where chosen.is_mature and chosen.rejected > 0 and chosen.is_won) as rejected_with_won,
    count(*) filter (where chosen.is_mature and chosen.rejected = 0) as rejected_without,
    count(*) filter (where chosen.is_mature and chosen.rejected = 0 and chosen.is_won) as rejected_without_won,
    count(*) filter (where chosen.is_mature and chosen.rework > 0) as rework_with,
    count(*) filter (where chosen.is_mature and chosen.rework > 0 and chosen.is_won) as rework_with_won,
    count(*) filter (where chosen.is_mature and chosen.rework = 0) as rework_without,
    count(*) filter (where chosen.is_mature and chosen.rework = 0 and chosen.is_won) as rework_without_won,
    count(*) filter (where chosen.is_mature and chosen.stalled > 0) as stalled_with,
    count(*) filter (where chosen.is_mature and chosen.stalled > 0 and chosen.is_won) as stalled_with_won,
    count(*) filter (where chosen.is_mature and chosen.stalled = 0) as stalled_without,
    count(*) filter (where chosen.is_mature and chosen.stalled = 0 and chosen.is_won) as stalled_without_won,
    sum(chosen.delay_hours) as delay_hours,
    sum(chosen.untouched_hours) as untouched_hours,
    sum(chosen.rejected_attempts) * coalesce(cast($attempt_hours as double), max(agreed_alignment.attempt_hours))
        as rejected_hours,
    count(*) filter (where chosen.rework > 0)
    * coalesce(cast($rework_hours as double), max(agreed_alignment.rework_hours)) as rework_hours,
    sum(chosen.stalled_hours) as stalled_hours,
    count(*) filter (where chosen.is_won and chosen.won_amount is not null) as won_leads,
    coalesce(sum(chosen.won_amount) filter (where chosen.is_won), 0) as won_amount
from chosen
inner join numbered on chosen.account_key = numbered.account_key
cross join agreed_alignment
group by all
order by chosen.stretch asc, bag asc

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
        handoff_fact.won_amount,
        ($period_start::date is null or handoff_fact.handoff_on >= $period_start::date)
        and ($period_end::date is null or handoff_fact.handoff_on < $period_end::date) as is_in_period,
        coalesce(
            handoff_fact.handoff_on >= coalesce($baseline_start::date, agreed_alignment.baseline_start)
            and handoff_fact.handoff_on < coalesce($baseline_end::date, agreed_alignment.baseline_end),
            false
        ) as is_in_baseline
    from friction_fact
    inner join handoff_fact on friction_fact.person_key = handoff_fact.person_key
    cross join agreed_alignment
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

accounts as (
    select distinct eligible.account_key
    from eligible
),

numbered as (
    select
        accounts.account_key,
        row_number() over (order by accounts.account_key) % 500 as account_bag
    from accounts
),

-- Every lead once, by bag and by whether it is of the period and of the baseline; the stretches are put together of these.
summed as (
    select
        numbered.account_bag,
        eligible.is_in_period,
        eligible.is_in_baseline,
        count(*) as leads,
        sum(eligible.delay) as delay_sum,
        count(eligible.delay) as delay_leads,
        count(*) filter (where eligible.delay > 0) as delay_affected,
        sum(eligible.untouched) as untouched_sum,
        count(eligible.untouched) as untouched_leads,
        count(*) filter (where eligible.untouched > 0) as untouched_affected,
        sum(eligible.rejected) as rejected_sum,
        count(eligible.rejected) as rejected_leads,
        count(*) filter (where eligible.rejected > 0) as rejected_affected,
        sum(eligible.rework) as rework_sum,
        count(eligible.rework) as rework_leads,
        count(*) filter (where eligible.rework > 0) as rework_affected,
        sum(eligible.stalled) as stalled_sum,
        count(eligible.stalled) as stalled_leads,
        count(*) filter (where eligible.stalled > 0) as stalled_affected,
        count(*) filter (where eligible.is_mature and eligible.delay > 0) as delay_with,
        count(*) filter (where eligible.is_mature and eligible.delay > 0 and eligible.is_won) as delay_with_won,
        count(*) filter (where eligible.is_mature and eligible.delay = 0) as delay_without,
        count(*) filter (where eligible.is_mature and eligible.delay = 0 and eligible.is_won) as delay_without_won,
        count(*) filter (where eligible.is_mature and eligible.untouched > 0) as untouched_with,
        count(*) filter (where eligible.is_mature and eligible.untouched > 0 and eligible.is_won) as untouched_with_won,
        count(*) filter (where eligible.is_mature and eligible.untouched = 0) as untouched_without,
        count(*) filter (where eligible.is_mature and eligible.untouched = 0 and eligible.is_won)
            as untouched_without_won,
        count(*) filter (where eligible.is_mature and eligible.rejected > 0) as rejected_with,
        count(*) filter (where eligible.is_mature and eligible.rejected > 0 and eligible.is_won) as rejected_with_won,
        count(*) filter (where eligible.is_mature and eligible.rejected = 0) as rejected_without,
        count(*) filter (where eligible.is_mature and eligible.rejected = 0 and eligible.is_won)
            as rejected_without_won,
        count(*) filter (where eligible.is_mature and eligible.rework > 0) as rework_with,
        count(*) filter (where eligible.is_mature and eligible.rework > 0 and eligible.is_won) as rework_with_won,
        count(*) filter (where eligible.is_mature and eligible.rework = 0) as rework_without,
        count(*) filter (where eligible.is_mature and eligible.rework = 0 and eligible.is_won) as rework_without_won,
        count(*) filter (where eligible.is_mature and eligible.stalled > 0) as stalled_with,
        count(*) filter (where eligible.is_mature and eligible.stalled > 0 and eligible.is_won) as stalled_with_won,
        count(*) filter (where eligible.is_mature and eligible.stalled = 0) as stalled_without,
        count(*) filter (where eligible.is_mature and eligible.stalled = 0 and eligible.is_won) as stalled_without_won,
        sum(eligible.delay_hours) as delay_hours,
        sum(eligible.untouched_hours) as untouched_hours,
        sum(eligible.rejected_attempts) as rejected_attempts,
        sum(eligible.stalled_hours) as stalled_hours,
        count(*) filter (where eligible.is_won and eligible.won_amount is not null) as won_leads,
        sum(eligible.won_amount) filter (where eligible.is_won) as won_amount
    from eligible
    inner join numbered on eligible.account_key = numbered.account_key
    group by numbered.account_bag, eligible.is_in_period, eligible.is_in_baseline
),

chosen as (
    select
        'period' as stretch,
        summed.account_bag as bag,
        summed.*
    from summed
    where summed.is_in_period
    union all
    select
        'baseline' as stretch,
        summed.account_bag as bag,
        summed.*
    from summed
    where summed.is_in_baseline
    union all
    select
        'all' as stretch,
        0 as bag,
        summed.*
    from summed
)

select
    chosen.stretch,
    chosen.bag,
    sum(chosen.leads) as leads,
    coalesce(sum(chosen.delay_sum), 0) as delay_sum,
    sum(chosen.delay_leads) as delay_leads,
    sum(chosen.delay_affected) as delay_affected,
    coalesce(sum(chosen.untouched_sum), 0) as untouched_sum,
    sum(chosen.untouched_leads) as untouched_leads,
    sum(chosen.untouched_affected) as untouched_affected,
    coalesce(sum(chosen.rejected_sum), 0) as rejected_sum,
    sum(chosen.rejected_leads) as rejected_leads,
    sum(chosen.rejected_affected) as rejected_affected,
    coalesce(sum(chosen.rework_sum), 0) as rework_sum,
    sum(chosen.rework_leads) as rework_leads,
    sum(chosen.rework_affected) as rework_affected,
    coalesce(sum(chosen.stalled_sum), 0) as stalled_sum,
    sum(chosen.stalled_leads) as stalled_leads,
    sum(chosen.stalled_affected) as stalled_affected,
    sum(chosen.delay_with) as delay_with,
    sum(chosen.delay_with_won) as delay_with_won,
    sum(chosen.delay_without) as delay_without,
    sum(chosen.delay_without_won) as delay_without_won,
    sum(chosen.untouched_with) as untouched_with,
    sum(chosen.untouched_with_won) as untouched_with_won,
    sum(chosen.untouched_without) as untouched_without,
    sum(chosen.untouched_without_won) as untouched_without_won,
    sum(chosen.rejected_with) as rejected_with,
    sum(chosen.rejected_with_won) as rejected_with_won,
    sum(chosen.rejected_without) as rejected_without,
    sum(chosen.rejected_without_won) as rejected_without_won,
    sum(chosen.rework_with) as rework_with,
    sum(chosen.rework_with_won) as rework_with_won,
    sum(chosen.rework_without) as rework_without,
    sum(chosen.rework_without_won) as rework_without_won,
    sum(chosen.stalled_with) as stalled_with,
    sum(chosen.stalled_with_won) as stalled_with_won,
    sum(chosen.stalled_without) as stalled_without,
    sum(chosen.stalled_without_won) as stalled_without_won,
    sum(chosen.delay_hours) as delay_hours,
    sum(chosen.untouched_hours) as untouched_hours,
    sum(chosen.rejected_attempts) * coalesce(cast($attempt_hours as double), max(agreed_alignment.attempt_hours))
        as rejected_hours,
    sum(chosen.rework_affected) * coalesce(cast($rework_hours as double), max(agreed_alignment.rework_hours))
        as rework_hours,
    sum(chosen.stalled_hours) as stalled_hours,
    sum(chosen.won_leads) as won_leads,
    cast(coalesce(sum(chosen.won_amount), 0) as double) as won_amount
from chosen
cross join agreed_alignment
group by chosen.stretch, chosen.bag
order by chosen.stretch asc, chosen.bag asc

-- name: claims_cells
-- title: Before and after a day, by account
-- definition: What each claim divides, added up by account in at most 500 bags, in the window before the day and in the one after.
-- params: account_lists, aligned_on, campaigns, channels, owners, pipelines, products, regions, segments, sides, sources,
--   teams, video_engaged, window_days
-- defaults: aligned_on=null, window_days=0
-- steps: agreed_alignment
-- needs: deals.deal_id|people.person_id
-- returns: claim, bag, part_before, whole_before, n_before, part_after, whole_after, n_after, before_from, aligned_on,
--   after_until, mature_until, is_csat
with lengths as (
    select
        coalesce($aligned_on::date, agreed_alignment.aligned_on) as day_zero,
        case
            when $window_days > 0 then $window_days
            else
                least(
                    365,
                    date_diff(
                        'day',
                        coalesce($aligned_on::date, agreed_alignment.aligned_on),
                        cast(config.as_of_on + interval 1 day as date)
                    )
                )
        end as days,
        cast(config.as_of_on + interval 1 day as date) as tomorrow,
        config.horizon_days
    from config
    cross join agreed_alignment
    where coalesce($aligned_on::date, agreed_alignment.aligned_on) is not null
),

windows as (
    select
        lengths.day_zero,
        cast(lengths.day_zero - interval 1 day * lengths.days as date) as first_on,
        least(cast(lengths.day_zero + interval 1 day * lengths.days as date), lengths.tomorrow) as end_on,
        least(
            cast(lengths.day_zero + interval 1 day * lengths.days as date),
            cast(lengths.tomorrow - interval 1 day * lengths.horizon_days as date)
        ) as mature_end_on,
        lengths.horizon_days
    from lengths
),

has_csat as (
    select coalesce(bool_or(surveys.kind = 'csat' or surveys.scale_max = 5), false) as is_csat
    from surveys
),

shares as (
    select
        'contribution' as claim,
        customers.customer_key as account_key,
        deals.closed_on as happened_on,
        case when deals.side = 'marketing' then cast(deals.amount as double) else 0 end as part,
        cast(deals.amount as double) as whole
    from deals
    inner join customer_deals on deals.deal_key = customer_deals.deal_key
    inner join customers on customer_deals.customer_ref = customers.customer_ref
    cross join windows
    where
        deals.is_new_business
        and deals.amount is not null
        and deals.closed_on >= windows.first_on
        and deals.closed_on < windows.end_on
        and (len($channels) = 0 or list_contains($channels, coalesce(deals.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(deals.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(deals.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(deals.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(deals.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(deals.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(deals.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(deals.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(deals.owner, '')))
        and (len($pipelines) = 0 or list_contains($pipelines, coalesce(deals.pipeline, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(deals.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when deals.video_engaged then 'yes' else 'no' end)
        )
),

leads as (
    select
        'close' as claim,
        lead_fact.account_key,
        lead_fact.created_on as happened_on,
        case
            when
                lead_fact.won_at is not null
                and cast(lead_fact.won_at as date)
                <= cast(lead_fact.created_on + interval 1 day * windows.horizon_days as date)
                then 1
            else 0
        end as part,
        1 as whole
    from lead_fact
    cross join windows
    where
        lead_fact.side = 'marketing'
        and lead_fact.created_on >= windows.first_on
        and lead_fact.created_on < windows.mature_end_on
        and len($pipelines) = 0
        and (len($channels) = 0 or list_contains($channels, coalesce(lead_fact.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(lead_fact.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(lead_fact.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(lead_fact.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(lead_fact.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(lead_fact.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(lead_fact.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(lead_fact.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(lead_fact.owner, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(lead_fact.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when lead_fact.video_engaged then 'yes' else 'no' end)
        )
),

answers as (
    select
        surveys.person_key,
        surveys.answered_on,
        surveys.score,
        surveys.answered_on >= windows.day_zero as is_after,
        row_number() over (
            partition by
                coalesce(cast(surveys.person_key as varchar), cast(surveys.answered_at as varchar)),
                surveys.answered_on >= windows.day_zero
            order by surveys.answered_at desc, surveys.score asc
        ) as newest_first,
        has_csat.is_csat
    from surveys
    cross join windows
    cross join has_csat
    where
        surveys.answered_on >= windows.first_on
        and surveys.answered_on < windows.end_on
        and (surveys.kind = 'csat' or surveys.scale_max = 5) = has_csat.is_csat
),

unknown as (
    select max(lead_fact.account_key) + 1 as account_key
    from lead_fact
),

satisfied as (
    select
        'satisfaction' as claim,
        -- Answers of nobody known are one account, after all others.
        coalesce(lead_fact.account_key, unknown.account_key) as account_key,
        answers.answered_on as happened_on,
        case when answers.score >= case when answers.is_csat then 4 else 9 end then 1 else 0 end as part,
        1 as whole
    from answers
    left join lead_fact on answers.person_key = lead_fact.person_key
    cross join unknown
    where
        answers.newest_first = 1
        and len($pipelines) = 0
        and (len($channels) = 0 or list_contains($channels, coalesce(lead_fact.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(lead_fact.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(lead_fact.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(lead_fact.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(lead_fact.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(lead_fact.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(lead_fact.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(lead_fact.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(lead_fact.owner, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(lead_fact.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when lead_fact.video_engaged then 'yes' else 'no' end)
        )
),

facts as (
    select * from shares
    union all
    select * from leads
    union all
    select * from satisfied
),

accounts as (
    select
        facts.claim,
        facts.account_key,
        sum(facts.part) filter (where facts.happened_on < windows.day_zero) as part_before,
        sum(facts.whole) filter (where facts.happened_on < windows.day_zero) as whole_before,
        count(*) filter (where facts.happened_on < windows.day_zero) as n_before,
        sum(facts.part) filter (where facts.happened_on >= windows.day_zero) as part_after,
        sum(facts.whole) filter (where facts.happened_on >= windows.day_zero) as whole_after,
        count(*) filter (where facts.happened_on >= windows.day_zero) as n_after,
        row_number() over (partition by facts.claim order by facts.account_key) % 500 as bag
    from facts
    cross join windows
    group by facts.claim, facts.account_key
)

select
    accounts.claim,
    accounts.bag,
    cast(coalesce(sum(accounts.part_before), 0) as double) as part_before,
    cast(coalesce(sum(accounts.whole_before), 0) as double) as whole_before,
    sum(accounts.n_before) as n_before,
    cast(coalesce(sum(accounts.part_after), 0) as double) as part_after,
    cast(coalesce(sum(accounts.whole_after), 0) as double) as whole_after,
    sum(accounts.n_after) as n_after,
    windows.first_on as before_from,
    windows.day_zero as aligned_on,
    windows.end_on as after_until,
    windows.mature_end_on as mature_until,
    has_csat.is_csat
from windows
cross join has_csat
left join accounts on true
group by all
order by accounts.claim asc, accounts.bag asc

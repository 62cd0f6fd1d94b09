-- name: goal_facts
-- title: What a revenue goal is solved back with
-- definition: Won revenue, deals, opportunities, MQLs and leads of the period so far, and the team's own rates between them - revenue a
--   won deal and how long it took, over the last 365 days; deals won within 180 days, of those created 180 to 545 days ago;
--   MQLs that became an opportunity and leads that became an MQL within 90 days, of those 90 to 455 days ago; and the share
--   of deals with an MQL before them. Without a period the running fiscal quarter.
-- params: account_lists, campaigns, channels, owners, period_end, period_start, pipelines, products, regions, segments,
--   sides, sources, teams, video_engaged
-- needs: deals.amount|deals.amount_home, deals.closed_at
-- returns: period_start, period_end, as_of_on, revenue, won, opportunities, mqls, leads, priced_deals, mean_amount,
--   amount_spread, cycle_days, old_deals, old_deals_won, old_mqls, old_mqls_on, old_leads, old_leads_on, recent_deals,
--   recent_through_mql, has_mqls
with quarters as (
    select distinct
        calendar.fiscal_quarter_start as quarter_start,
        cast(calendar.fiscal_quarter_start + interval 3 month as date) as quarter_end
    from calendar
),

asked as (
    select
        coalesce($period_start::date, quarters.quarter_start) as period_start,
        coalesce($period_end::date, quarters.quarter_end) as period_end,
        config.as_of_on
    from config
    inner join quarters on config.as_of_on >= quarters.quarter_start and config.as_of_on < quarters.quarter_end
),

through as (
    select deal_people.deal_key
    from deal_people
    inner join lead_fact on deal_people.person_key = lead_fact.person_key
    inner join deals on deal_people.deal_key = deals.deal_key
    where lead_fact.mql_at is not null and cast(lead_fact.mql_at as date) <= deals.created_on
    group by deal_people.deal_key
),

chosen_deals as (
    select
        deals.created_on,
        deals.closed_on,
        deals.is_won,
        deals.amount,
        through.deal_key is not null as is_through_mql,
        date_diff('day', cast(deals.created_on as date), cast(deals.closed_on as date)) as cycle_days
    from deals
    left join through on deals.deal_key = through.deal_key
    where
        (len($pipelines) = 0 or list_contains($pipelines, coalesce(deals.pipeline, '')))
        and (len($channels) = 0 or list_contains($channels, coalesce(deals.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(deals.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(deals.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(deals.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(deals.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(deals.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(deals.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(deals.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(deals.owner, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(deals.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when deals.video_engaged then 'yes' else 'no' end)
        )
),

chosen_leads as (
    select
        lead_fact.created_on,
        cast(lead_fact.mql_at as date) as mql_on,
        cast(lead_fact.opp_at as date) as opp_on
    from lead_fact
    where
        len($pipelines) = 0
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

of_deals as (
    select
        sum(chosen_deals.amount) filter (
            where chosen_deals.is_won
            and chosen_deals.closed_on >= asked.period_start and chosen_deals.closed_on < asked.period_end
        ) as revenue,
        count(*) filter (
            where chosen_deals.is_won
            and chosen_deals.closed_on >= asked.period_start and chosen_deals.closed_on < asked.period_end
        ) as won,
        count(*) filter (
            where chosen_deals.created_on >= asked.period_start and chosen_deals.created_on < asked.period_end
        ) as opportunities,
        count(chosen_deals.amount) filter (
            where chosen_deals.is_won and chosen_deals.closed_on > asked.as_of_on - interval 365 day
            and chosen_deals.closed_on <= asked.as_of_on
        ) as priced_deals,
        avg(cast(chosen_deals.amount as double)) filter (
            where chosen_deals.is_won and chosen_deals.closed_on > asked.as_of_on - interval 365 day
            and chosen_deals.closed_on <= asked.as_of_on
        ) as mean_amount,
        stddev_samp(cast(chosen_deals.amount as double)) filter (
            where chosen_deals.is_won and chosen_deals.closed_on > asked.as_of_on - interval 365 day
            and chosen_deals.closed_on <= asked.as_of_on
        ) as amount_spread,
        median(chosen_deals.cycle_days) filter (
            where chosen_deals.is_won and chosen_deals.closed_on > asked.as_of_on - interval 365 day
            and chosen_deals.closed_on <= asked.as_of_on
        ) as cycle_days,
        count(*) filter (
            where chosen_deals.created_on <= asked.as_of_on - interval 180 day
            and chosen_deals.created_on > asked.as_of_on - interval 545 day
        ) as old_deals,
        count(*) filter (
            where chosen_deals.created_on <= asked.as_of_on - interval 180 day
            and chosen_deals.created_on > asked.as_of_on - interval 545 day
            and chosen_deals.is_won and chosen_deals.cycle_days <= 180
        ) as old_deals_won,
        count(*) filter (where chosen_deals.created_on > asked.as_of_on - interval 365 day) as recent_deals,
        count(*) filter (
            where chosen_deals.created_on > asked.as_of_on - interval 365 day and chosen_deals.is_through_mql
        ) as recent_through_mql
    from asked
    left join chosen_deals on true
),

of_leads as (
    select
        count(*) filter (
            where chosen_leads.mql_on >= asked.period_start and chosen_leads.mql_on < asked.period_end
        ) as mqls,
        count(*) filter (
            where chosen_leads.created_on >= asked.period_start and chosen_leads.created_on < asked.period_end
        ) as leads,
        count(*) filter (
            where chosen_leads.mql_on <= asked.as_of_on - interval 90 day
            and chosen_leads.mql_on > asked.as_of_on - interval 455 day
        ) as old_mqls,
        count(*) filter (
            where chosen_leads.mql_on <= asked.as_of_on - interval 90 day
            and chosen_leads.mql_on > asked.as_of_on - interval 455 day
            and chosen_leads.opp_on <= chosen_leads.mql_on + interval 90 day
        ) as old_mqls_on,
        count(*) filter (
            where chosen_leads.created_on <= asked.as_of_on - interval 90 day
            and chosen_leads.created_on > asked.as_of_on - interval 455 day
        ) as old_leads,
        count(*) filter (
            where chosen_leads.created_on <= asked.as_of_on - interval 90 day
            and chosen_leads.created_on > asked.as_of_on - interval 455 day
            and chosen_leads.mql_on <= chosen_leads.created_on + interval 90 day
        ) as old_leads_on,
        count(chosen_leads.mql_on) > 0 as has_mqls
    from asked
    left join chosen_leads on true
)

select
    asked.period_start,
    asked.period_end,
    asked.as_of_on,
    of_deals.revenue,
    of_deals.won,
    of_deals.opportunities,
    of_leads.mqls,
    of_leads.leads,
    of_deals.priced_deals,
    of_deals.mean_amount,
    of_deals.amount_spread,
    of_deals.cycle_days,
    of_deals.old_deals,
    of_deals.old_deals_won,
    of_leads.old_mqls,
    of_leads.old_mqls_on,
    of_leads.old_leads,
    of_leads.old_leads_on,
    of_deals.recent_deals,
    of_deals.recent_through_mql,
    of_leads.has_mqls
from asked
cross join of_deals
cross join of_leads

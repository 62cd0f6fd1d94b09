-- name: video_funnel
-- title: From watching to won
-- definition: How many viewers went on at each step, people once - the player was loaded, played, 25, 50, 75 and 90 %
--   watched as far as the depth asked for, the viewer is known, is a lead, and became an MQL, an opportunity, a
--   customer. Known viewers are only those who reached the depth. Reading `after` - the step came after the view that
--   reached the depth; `any` - something was watched at any time before the step. A step skipped, or taken before the
--   view, counts as passed when a later one came after it. Loads come from video totals and are views of the player,
--   not people. Entity accounts counts each company once, and a viewer of no known company as one.
-- params: account_lists, campaigns, channels, depth, entity, owners, period_end, period_start, products, reading,
--   regions, segments, sides, sources, teams, video_engaged, videos
-- defaults: videos=[], depth=0.75, reading=after, entity=people
-- choices: depth=0|0.25|0.5|0.75|0.9, reading=after|any, entity=people|accounts
-- needs: video_views.at
-- returns: step, step_order, people, of_previous, of_first
with viewers as (
    select
        min(viewer_fact.first_viewed_at) as first_viewed_at,
        max(viewer_fact.max_pct) as max_pct,
        min(
            case
                when $depth <= 0 then viewer_fact.first_viewed_at
                when $depth <= 0.25 then viewer_fact.first_25_at
                when $depth <= 0.5 then viewer_fact.first_50_at
                when $depth <= 0.75 then viewer_fact.first_75_at
                else viewer_fact.first_90_at
            end
        ) as deep_at,
        bool_or(viewer_fact.is_identified) as is_identified,
        max(viewer_fact.person_key) as person_key,
        min(viewer_fact.mql_at) as mql_at,
        min(viewer_fact.opp_at) as opp_at,
        min(viewer_fact.won_at) as won_at
    from viewer_fact
    where
        ($period_start::date is null or viewer_fact.first_viewed_on >= $period_start::date)
        and ($period_end::date is null or viewer_fact.first_viewed_on < $period_end::date)
        and (len($channels) = 0 or list_contains($channels, coalesce(viewer_fact.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(viewer_fact.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(viewer_fact.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(viewer_fact.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(viewer_fact.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(viewer_fact.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(viewer_fact.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(viewer_fact.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(viewer_fact.owner, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(viewer_fact.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when viewer_fact.video_engaged then 'yes' else 'no' end)
        )
        and (len($videos) = 0 or list_contains($videos, viewer_fact.video_id))
    group by case
        when
            $entity = 'accounts' and viewer_fact.company_key is not null
            then concat('company:', viewer_fact.company_key)
        else viewer_fact.viewer
    end
),

gated as (
    select
        viewers.*,
        case when $reading = 'any' then viewers.first_viewed_at else viewers.deep_at end as view_at
    from viewers
),

loaded as (
    select sum(video_period.loads) as loads
    from video_period
    where
        ($period_start::date is null or video_period.first_on is null or video_period.first_on >= $period_start::date)
        and ($period_end::date is null or video_period.first_on is null or video_period.first_on < $period_end::date)
        and (len($videos) = 0 or list_contains($videos, video_period.video_id))
        -- Totals know no person: under a filter of people they say nothing.
        and len($channels) + len($sources) + len($sides) + len($campaigns) + len($regions) + len($segments) = 0
        and len($products) + len($owners) + len($teams) + len($account_lists) + len($video_engaged) = 0
),

reached as (
    select
        count(*) as plays,
        count_if(gated.max_pct >= 0.25) as watched_25,
        count_if(gated.max_pct >= 0.5) as watched_50,
        count_if(gated.max_pct >= 0.75) as watched_75,
        count_if(gated.max_pct >= 0.9) as watched_90,
        count_if(gated.deep_at is not null and gated.is_identified) as identified,
        count_if(gated.deep_at is not null and gated.person_key is not null) as leads,
        count_if(
            gated.deep_at is not null
            and greatest(
                coalesce(gated.mql_at >= gated.view_at, false),
                coalesce(gated.opp_at >= gated.view_at, false),
                coalesce(gated.won_at >= gated.view_at, false)
            )
        ) as mqls,
        count_if(
            gated.deep_at is not null
            and greatest(
                coalesce(gated.opp_at >= gated.view_at, false), coalesce(gated.won_at >= gated.view_at, false)
            )
        ) as opportunities,
        count_if(gated.deep_at is not null and gated.won_at >= gated.view_at) as customers
    from gated
),

steps as (
    select
        'Loaded' as step,
        0 as step_order,
        cast(loaded.loads as bigint) as people
    from loaded
    where loaded.loads > 0
    union all
    select
        'Played' as step,
        1 as step_order,
        reached.plays as people
    from reached
    union all
    select
        'Watched 25 %' as step,
        2 as step_order,
        reached.watched_25 as people
    from reached
    where $depth >= 0.25
    union all
    select
        'Watched 50 %' as step,
        3 as step_order,
        reached.watched_50 as people
    from reached
    where $depth >= 0.5
    union all
    select
        'Watched 75 %' as step,
        4 as step_order,
        reached.watched_75 as people
    from reached
    where $depth >= 0.75
    union all
    select
        'Watched 90 %' as step,
        5 as step_order,
        reached.watched_90 as people
    from reached
    where $depth >= 0.9
    union all
    select
        'Known viewer' as step,
        6 as step_order,
        reached.identified as people
    from reached
    union all
    select
        'Lead' as step,
        7 as step_order,
        reached.leads as people
    from reached
    union all
    select
        'MQL after' as step,
        8 as step_order,
        reached.mqls as people
    from reached
    union all
    select
        'Opportunity after' as step,
        9 as step_order,
        reached.opportunities as people
    from reached
    union all
    select
        'Won after' as step,
        10 as step_order,
        reached.customers as people
    from reached
)

select
    steps.step,
    steps.step_order,
    steps.people,
    cast(steps.people as double) / nullif(lag(steps.people) over (order by steps.step_order), 0) as of_previous,
    cast(steps.people as double) / nullif(first_value(steps.people) over (order by steps.step_order), 0) as of_first
from steps
order by steps.step_order

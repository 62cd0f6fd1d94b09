-- name: video_stages
-- title: Which stage of the journey has video
-- definition: Every view of a known person by how far that person was when watching - before the lead, from lead to MQL,
--   from MQL to opportunity, from opportunity to won, after the win. Each video stands at each stage, with 0 where nobody
--   watched it there. Anonymous viewers have no stage.
-- params: account_lists, campaigns, channels, owners, period_end, period_start, products, regions, segments, sides,
--   sources, teams, video_engaged
-- needs: video_views.at
-- returns: stage, stage_order, video_id, title, plays, people
with stages as (
    select
        1 as stage_order,
        'Before the lead' as stage
    union all
    select
        2 as stage_order,
        'Lead to MQL' as stage
    union all
    select
        3 as stage_order,
        'MQL to opportunity' as stage
    union all
    select
        4 as stage_order,
        'Opportunity to won' as stage
    union all
    select
        5 as stage_order,
        'After the win' as stage
),

placed as (
    select
        video_views.video_id,
        video_views.person_key,
        case
            when lead_fact.won_at <= video_views.viewed_at then 5
            when lead_fact.opp_at <= video_views.viewed_at then 4
            when lead_fact.mql_at <= video_views.viewed_at then 3
            when lead_fact.created_at is null or lead_fact.created_at <= video_views.viewed_at then 2
            else 1
        end as stage_order
    from video_views
    inner join lead_fact on video_views.person_key = lead_fact.person_key
    where
        ($period_start::date is null or video_views.viewed_at >= $period_start::date)
        and ($period_end::date is null or video_views.viewed_at < $period_end::date)
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

counted as (
    select
        placed.stage_order,
        placed.video_id,
        count(*) as plays,
        count(distinct placed.person_key) as people
    from placed
    group by placed.stage_order, placed.video_id
),

watched as (
    select distinct counted.video_id
    from counted
)

select
    stages.stage,
    stages.stage_order,
    watched.video_id,
    coalesce(videos.title, watched.video_id) as title,
    coalesce(counted.plays, 0) as plays,
    coalesce(counted.people, 0) as people
from stages
cross join watched
left join counted on stages.stage_order = counted.stage_order and watched.video_id = counted.video_id
left join videos on watched.video_id = videos.video_id
order by stages.stage_order, watched.video_id

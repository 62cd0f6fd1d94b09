-- name: video_steps
-- title: Viewers at each step
-- definition: How many viewers reached each step from watching to won, in all or in each group, as `video_funnel` and
--   `video_funnel_by` tell it. Known viewers are only those who reached the depth. Reading `after` - the step came after
--   the view that reached the depth; `any` - something was watched at any time before the step. A step skipped, or taken
--   before the view, counts as passed when a later one came after it.
-- params: account_lists, by, campaigns, channels, depth, entity, owners, period_end, period_start, products, reading,
--   regions, segments, sides, sources, teams, video_engaged, videos
-- defaults: videos=[], depth=0.75, reading=after, entity=people, by=all
-- choices: depth=0|0.25|0.5|0.75|0.9, reading=after|any, entity=people|accounts,
--   by=all|video|campaign|source|segment|channel|side|team|week
-- needs: video_views.at
-- shortcut: audience_steps
-- returns: group_value, played, watched_25, watched_50, watched_75, watched_90, known, leads, mqls, opportunities,
--   customers
with chosen as (
    select
        viewer_fact.*,
        case $by
            when 'video' then coalesce(videos.title, viewer_fact.video_id)
            when 'campaign' then viewer_fact.campaign
            when 'source' then viewer_fact.source
            when 'segment' then viewer_fact.segment
            when 'channel' then viewer_fact.channel
            when 'side' then viewer_fact.side
            when 'team' then if(viewer_fact.context = 'sales', 'Sent by Sales', 'Page of Marketing')
            when 'all' then 'All'
        end as group_value,
        case
            when
                $entity = 'accounts' and viewer_fact.company_key is not null
                then concat('company:', viewer_fact.company_key)
            else viewer_fact.viewer
        end as counted
    from viewer_fact
    left join videos on viewer_fact.video_id = videos.video_id
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
),

viewers as (
    select
        case when $by <> 'week' then coalesce(chosen.group_value, 'Not known') end as group_value,
        min(chosen.first_viewed_at) as first_viewed_at,
        max(chosen.max_pct) as max_pct,
        min(
            case
                when $depth <= 0 then chosen.first_viewed_at
                when $depth <= 0.25 then chosen.first_25_at
                when $depth <= 0.5 then chosen.first_50_at
                when $depth <= 0.75 then chosen.first_75_at
                else chosen.first_90_at
            end
        ) as deep_at,
        bool_or(chosen.is_identified) as is_identified,
        max(chosen.person_key) as person_key,
        min(chosen.mql_at) as mql_at,
        min(chosen.opp_at) as opp_at,
        min(chosen.won_at) as won_at
    from chosen
    group by chosen.counted, case when $by <> 'week' then coalesce(chosen.group_value, 'Not known') end
),

gated as (
    select
        viewers.*,
        coalesce(
            viewers.group_value, cast(cast(date_trunc('week', viewers.first_viewed_at) as date) as varchar)
        ) as group_name,
        case when $reading = 'any' then viewers.first_viewed_at else viewers.deep_at end as view_at
    from viewers
)

-- Counted by filter: count_if is NULL where every condition is, and nobody won is a known 0.
select
    gated.group_name as group_value,
    count(*) as played,
    count(*) filter (where gated.max_pct >= 0.25) as watched_25,
    count(*) filter (where gated.max_pct >= 0.5) as watched_50,
    count(*) filter (where gated.max_pct >= 0.75) as watched_75,
    count(*) filter (where gated.max_pct >= 0.9) as watched_90,
    count(*) filter (where gated.deep_at is not null and gated.is_identified) as known,
    count(*) filter (where gated.deep_at is not null and gated.person_key is not null) as leads,
    count(*) filter (
        where
        gated.deep_at is not null
        and greatest(
            coalesce(gated.mql_at >= gated.view_at, false),
            coalesce(gated.opp_at >= gated.view_at, false),
            coalesce(gated.won_at >= gated.view_at, false)
        )
    ) as mqls,
    count(*) filter (
        where
        gated.deep_at is not null
        and greatest(
            coalesce(gated.opp_at >= gated.view_at, false), coalesce(gated.won_at >= gated.view_at, false)
        )
    ) as opportunities,
    count(*) filter (where gated.deep_at is not null and gated.won_at >= gated.view_at) as customers
from gated
group by gated.group_name
order by gated.group_name

-- name: video_table
-- title: Video by video
-- definition: Each video with its plays, viewers, known viewers, the mean of how deep each viewer went and how many
--   watched it nearly to the end. Platforms' own averages are not mixed in.
-- params: account_lists, campaigns, channels, owners, period_end, period_start, products, regions, segments, sides,
--   sources, teams, video_engaged
-- returns: video_id, title, duration_s, loads, platform_plays, plays, viewers, identified_viewers, average_deepest,
--   watched_75, finished, won_after
with viewers as (
    select
        viewer_fact.video_id,
        viewer_fact.viewer,
        bool_or(viewer_fact.is_identified) as is_identified,
        sum(viewer_fact.plays) as plays,
        max(viewer_fact.max_pct) as max_pct,
        min(viewer_fact.first_viewed_at) as first_viewed_at,
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
    group by viewer_fact.video_id, viewer_fact.viewer
),

watched as (
    select
        viewers.video_id,
        count(*) as viewers,
        count_if(viewers.is_identified) as identified_viewers,
        sum(viewers.plays) as plays,
        avg(viewers.max_pct) as average_deepest,
        count_if(viewers.max_pct >= 0.75) as watched_75,
        count_if(viewers.max_pct >= 0.9) as finished,
        count(*) filter (where viewers.won_at >= viewers.first_viewed_at) as won_after
    from viewers
    group by viewers.video_id
),

totals as (
    select
        video_period.video_id,
        sum(video_period.loads) as loads,
        sum(video_period.plays) as platform_plays
    from video_period
    where
        ($period_start::date is null or video_period.first_on is null or video_period.first_on >= $period_start::date)
        and ($period_end::date is null or video_period.first_on is null or video_period.first_on < $period_end::date)
    group by video_period.video_id
)

select
    videos.video_id,
    videos.title,
    videos.duration_s,
    totals.loads,
    totals.platform_plays,
    watched.plays,
    watched.viewers,
    watched.identified_viewers,
    watched.average_deepest,
    watched.watched_75,
    watched.finished,
    watched.won_after
from videos
left join watched on videos.video_id = watched.video_id
left join totals on videos.video_id = totals.video_id
where watched.video_id is not null or totals.video_id is not null
order by coalesce(watched.viewers, 0) desc, coalesce(totals.platform_plays, 0) desc, videos.title

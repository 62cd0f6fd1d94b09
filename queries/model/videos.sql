-- name: videos
-- title: Videos
-- definition: Every video named by a list, a view or a total, with its length where known.
-- returns: video_id, title, duration_s, published_at
with named as (
    select
        coalesce(base_videos.video_id, base_videos.record_key) as video_id,
        base_videos.title,
        base_videos.duration_s,
        base_videos.published_at,
        1 as preference
    from base_videos
    where base_videos.missing_since is null
    union all
    select
        coalesce(base_video_period.video_id, base_video_period.title) as video_id,
        base_video_period.title,
        base_video_period.duration_s,
        base_video_period.published_at,
        2 as preference
    from base_video_period
    where base_video_period.missing_since is null
    union all
    select
        coalesce(base_video_views.video_id, base_video_views.video_title, 'unnamed video') as video_id,
        base_video_views.video_title as title,
        null as duration_s,
        null as published_at,
        3 as preference
    from base_video_views
    where base_video_views.missing_since is null
    group by all
)

select
    named.video_id,
    coalesce(min_by(named.title, named.preference), named.video_id) as title,
    min_by(named.duration_s, named.preference) as duration_s,
    min(named.published_at) as published_at
from named
where named.video_id is not null
group by named.video_id

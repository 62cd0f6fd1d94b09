-- name: video_period
-- title: Video totals
-- definition: Loads, plays and watch time per video and period as the platform counts them; never joined to a person.
-- returns: video_id, first_on, last_on, loads, plays, uniques, identified, watch_s, avg_pct, finishes, platform,
--   retention
select
    coalesce(base_video_period.video_id, base_video_period.title) as video_id,
    cast(base_video_period.period_start as date) as first_on,
    cast(base_video_period.period_end as date) as last_on,
    base_video_period.loads,
    base_video_period.plays,
    base_video_period.uniques,
    base_video_period.identified,
    base_video_period.watch_s,
    base_video_period.avg_pct,
    base_video_period.finishes,
    base_video_period.platform,
    base_video_period.retention
from base_video_period
where base_video_period.missing_since is null

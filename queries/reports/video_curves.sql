-- name: video_curves
-- title: Retention curves as the files write them
-- definition: The text of each retention curve with its video, its length and the last day it counts.
-- params: videos
-- defaults: videos=[]
-- needs: video_period.retention
-- returns: video_id, title, duration_s, last_on, retention
select
    video_period.video_id,
    coalesce(videos.title, video_period.video_id) as title,
    videos.duration_s,
    coalesce(video_period.last_on, video_period.first_on) as last_on,
    video_period.retention
from video_period
left join videos on video_period.video_id = videos.video_id
where
    video_period.retention is not null
    and (len($videos) = 0 or list_contains($videos, video_period.video_id))
order by video_period.video_id, coalesce(video_period.last_on, video_period.first_on), video_period.retention

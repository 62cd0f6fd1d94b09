-- name: video_loads
-- title: How often the player was shown
-- definition: Loads of the player from the totals of the video platforms. Totals know no person - under a filter of people
--   they say nothing.
-- params: account_lists, campaigns, channels, owners, period_end, period_start, products, regions, segments, sides,
--   sources, teams, video_engaged, videos
-- defaults: videos=[]
-- returns: loads
select cast(sum(video_period.loads) as bigint) as loads
from video_period
where
    ($period_start::date is null or video_period.first_on is null or video_period.first_on >= $period_start::date)
    and ($period_end::date is null or video_period.first_on is null or video_period.first_on < $period_end::date)
    and (len($videos) = 0 or list_contains($videos, video_period.video_id))
    and len($channels) + len($sources) + len($sides) + len($campaigns) + len($regions) + len($segments) = 0
    and len($products) + len($owners) + len($teams) + len($account_lists) + len($video_engaged) = 0

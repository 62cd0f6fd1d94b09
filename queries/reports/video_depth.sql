-- name: video_depth
-- title: How deep viewers watch each video
-- definition: Each viewer of a video by the deepest point reached in the period - under 25, 25 to 50, 50 to 75, 75 to 90,
--   and from 90 % (the end). A viewer whose platform gives no share is not counted here. The interval is Wilson's, 95 %.
-- params: account_lists, campaigns, channels, owners, period_end, period_start, products, regions, segments, sides,
--   sources, teams, video_engaged
-- needs: video_views.pct
-- returns: video_id, title, duration_s, band, band_order, viewers, of_video, low, high
with normal as (
    select cast('1.959963984540054' as double) as z
),

bands as (
    select
        1 as band_order,
        'under 25%' as band
    union all
    select
        2 as band_order,
        '25 to 50%' as band
    union all
    select
        3 as band_order,
        '50 to 75%' as band
    union all
    select
        4 as band_order,
        '75 to 90%' as band
    union all
    select
        5 as band_order,
        '90% and more' as band
),

viewers as (
    select
        viewer_fact.video_id,
        viewer_fact.viewer,
        max(viewer_fact.max_pct) as max_pct
    from viewer_fact
    where
        viewer_fact.max_pct is not null
        and ($period_start::date is null or viewer_fact.first_viewed_on >= $period_start::date)
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

counted as (
    select
        viewers.video_id,
        count(*) as video_viewers,
        count_if(viewers.max_pct < 0.25) as viewers_1,
        count_if(viewers.max_pct >= 0.25 and viewers.max_pct < 0.5) as viewers_2,
        count_if(viewers.max_pct >= 0.5 and viewers.max_pct < 0.75) as viewers_3,
        count_if(viewers.max_pct >= 0.75 and viewers.max_pct < 0.9) as viewers_4,
        count_if(viewers.max_pct >= 0.9) as viewers_5
    from viewers
    group by viewers.video_id
),

placed as (
    select
        counted.video_id,
        bands.band,
        bands.band_order,
        cast(counted.video_viewers as double) as n,
        cast(
            case bands.band_order
                when 1 then counted.viewers_1
                when 2 then counted.viewers_2
                when 3 then counted.viewers_3
                when 4 then counted.viewers_4
                else counted.viewers_5
            end as double
        ) as k
    from counted
    cross join bands
)

select
    placed.video_id,
    coalesce(videos.title, placed.video_id) as title,
    videos.duration_s,
    placed.band,
    placed.band_order,
    cast(placed.k as bigint) as viewers,
    placed.k / nullif(placed.n, 0) as of_video,
    (
        placed.k + normal.z * normal.z / 2
        - normal.z * sqrt(placed.k * (placed.n - placed.k) / nullif(placed.n, 0) + normal.z * normal.z / 4)
    ) / nullif(placed.n + normal.z * normal.z, 0) as low,
    (
        placed.k + normal.z * normal.z / 2
        + normal.z * sqrt(placed.k * (placed.n - placed.k) / nullif(placed.n, 0) + normal.z * normal.z / 4)
    ) / nullif(placed.n + normal.z * normal.z, 0) as high
from placed
cross join normal
left join videos on placed.video_id = videos.video_id
order by placed.n desc, placed.video_id asc, placed.band_order asc

-- name: video_watched
-- title: Average share watched, in its two kinds
-- definition: Per video and file, two averages that are never mixed. Engagement - seconds played over plays times length;
--   parts watched twice count twice, so it may pass 100 %. Coverage - the share of the video seen at least once, capped
--   at 100 % for each play. Both are weighted by plays. A platform that writes a share above 100 % counts repeats, so
--   its share is engagement. Views by person know who was filtered; video totals know no person and keep the
--   platform's own average apart. A video without a length (live) has no engagement; its plays are counted as such.
-- params: account_lists, campaigns, channels, owners, period_end, period_start, products, regions, segments, sides,
--   sources, teams, video_engaged
-- needs: video_views.pct|video_views.seconds|video_period.avg_pct|video_period.watch_s
-- returns: video_id, title, duration_s, level, platform, plays, engagement, engagement_plays, coverage, coverage_plays,
--   platform_average, platform_plays, lengthless_plays
with people as (
    select
        video_views.video_id,
        video_views.platform,
        video_views.pct,
        video_views.seconds,
        videos.duration_s,
        max(video_views.pct) over (partition by video_views.video_id, video_views.platform) > 1 as has_repeats
    from video_views
    left join videos on video_views.video_id = videos.video_id
    left join lead_fact on video_views.person_key = lead_fact.person_key
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

played as (
    select
        people.*,
        case
            when people.seconds is not null then people.seconds / nullif(people.duration_s, 0)
            when people.has_repeats then people.pct
        end as engagement
    from people
),

from_views as (
    select
        played.video_id,
        'views by person' as level,
        played.platform,
        count(*) as plays,
        avg(played.engagement) as engagement,
        count(played.engagement) as engagement_plays,
        avg(case when played.pct > 1 then 1 else played.pct end) as coverage,
        count(played.pct) as coverage_plays,
        cast(null as double) as platform_average,
        cast(null as double) as platform_plays,
        count_if(played.seconds is not null and coalesce(played.duration_s, 0) <= 0) as lengthless_plays
    from played
    group by played.video_id, played.platform
),

from_totals as (
    select
        video_period.video_id,
        'video totals' as level,
        video_period.platform,
        cast(sum(video_period.plays) as bigint) as plays,
        sum(video_period.watch_s) filter (where videos.duration_s > 0 and video_period.plays > 0)
        / nullif(
            sum(video_period.plays * videos.duration_s) filter (
                where videos.duration_s > 0 and video_period.watch_s is not null
            ),
            0
        ) as engagement,
        cast(
            coalesce(
                sum(video_period.plays) filter (where videos.duration_s > 0 and video_period.watch_s is not null), 0
            ) as bigint
        ) as engagement_plays,
        cast(null as double) as coverage,
        cast(0 as bigint) as coverage_plays,
        sum(video_period.avg_pct * video_period.plays)
        / nullif(sum(video_period.plays) filter (where video_period.avg_pct is not null), 0) as platform_average,
        sum(video_period.plays) filter (where video_period.avg_pct is not null) as platform_plays,
        cast(
            coalesce(
                sum(video_period.plays) filter (
                    where video_period.watch_s is not null and coalesce(videos.duration_s, 0) <= 0
                ),
                0
            ) as bigint
        ) as lengthless_plays
    from video_period
    left join videos on video_period.video_id = videos.video_id
    where
        video_period.plays > 0
        and (
            $period_start::date is null or video_period.first_on is null or video_period.first_on >= $period_start::date
        )
        and ($period_end::date is null or video_period.first_on is null or video_period.first_on < $period_end::date)
        and len($channels) + len($sources) + len($sides) + len($campaigns) + len($regions) + len($segments) = 0
        and len($products) + len($owners) + len($teams) + len($account_lists) + len($video_engaged) = 0
    group by video_period.video_id, video_period.platform
),

both_levels as (
    select from_views.*
    from from_views
    union all
    select from_totals.*
    from from_totals
)

select
    both_levels.video_id,
    coalesce(videos.title, both_levels.video_id) as title,
    videos.duration_s,
    both_levels.level,
    both_levels.platform,
    both_levels.plays,
    both_levels.engagement,
    both_levels.engagement_plays,
    both_levels.coverage,
    both_levels.coverage_plays,
    both_levels.platform_average,
    both_levels.platform_plays,
    both_levels.lengthless_plays
from both_levels
left join videos on both_levels.video_id = videos.video_id
order by both_levels.plays desc, both_levels.video_id asc, both_levels.level asc, both_levels.platform asc

-- name: video_summary
-- title: Viewers in a nutshell
-- definition: How many viewers there are, how many of them are known and joined to a lead - the first number to read,
--   because everything after it speaks of them alone. Known later are those the platform named after their first view
--   and gave their earlier views to; past numbers may change by it. Undated views have no day and count nowhere.
-- params: account_lists, campaigns, channels, owners, period_end, period_start, products, regions, segments, sides,
--   sources, teams, video_engaged
-- needs: video_views.at|video_period.plays
-- returns: viewers, identified_viewers, joined_viewers, plays, videos, viewed_after_win, known_later, undated_views,
--   depthless_viewers
with undated as (
    select count(*) as undated_views
    from base_video_views
    where
        base_video_views.missing_since is null
        and base_video_views.at is null
        and base_video_views.sent_at is null
)

select
    count(distinct viewer_fact.viewer) as viewers,
    count(distinct viewer_fact.viewer) filter (where viewer_fact.is_identified) as identified_viewers,
    count(distinct viewer_fact.viewer) filter (where viewer_fact.person_key is not null) as joined_viewers,
    coalesce(sum(viewer_fact.plays), 0) as plays,
    count(distinct viewer_fact.video_id) as videos,
    count(distinct viewer_fact.viewer) filter (where viewer_fact.won_at < viewer_fact.first_viewed_at)
        as viewed_after_win,
    count(distinct viewer_fact.viewer) filter (where viewer_fact.identified_at > viewer_fact.first_viewed_at)
        as known_later,
    (select undated.undated_views from undated) as undated_views,
    count(distinct viewer_fact.viewer) filter (where viewer_fact.max_pct is null) as depthless_viewers
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

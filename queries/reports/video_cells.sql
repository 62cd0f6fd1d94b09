-- name: video_cells
-- title: Viewers and others, cell by cell
-- definition: What the lift is worked out of - viewers, others, their wins and their days at risk, by source, segment and (for days at
--   risk) age of the lead; each way of comparing is a kind. Time before the first view counts as not watched. Of mails sent at
--   random, a is the one with the video, unless videos were played beside b alone (plays_by_arm, at least five).
-- params: account_lists, by_month, campaigns, channels, counted_from, entity, horizon, landmark, owners, period_end,
--   period_start, pipelines, products, regions, segments, sides, sources, teams
-- defaults: by_month=false, counted_from=view, entity=people, horizon=null, landmark=null
-- choices: counted_from=view|identification, entity=people|deals
-- replaces: watch_fact
-- returns: kind, source, segment, month, band, viewers, non_viewers, viewer_wins, other_wins, viewer_days, other_days
with chosen as (
    select
        coalesce($landmark::double, config.landmark_days) * 86400 as landmark_s,
        coalesce($horizon::double, config.horizon_days) * 86400 as horizon_s,
        366 * 86400 as longest_s
    from config
),

-- Narrow where leads are young: within a band the chance of a win a day must hardly change, or age passes for video.
age_bands as (
    select
        bands.band,
        bands.first_day,
        bands.last_day
    from (
        values
        (1, 0, 1), (2, 1, 3), (3, 3, 7), (4, 7, 10), (5, 10, 14), (6, 14, 21), (7, 21, 28), (8, 28, 35),
        (9, 35, 42), (10, 42, 56), (11, 56, 70), (12, 70, 84), (13, 84, 112), (14, 112, 140),
        (15, 140, 168), (16, 168, 224), (17, 224, 366)
    ) as bands (band, first_day, last_day)
),

dated as (
    select
        coalesce(watch_fact.source, '') as source,
        coalesce(watch_fact.segment, '') as segment,
        case when $by_month::boolean then strftime(watch_fact.created_on, '%Y-%m') else '' end as month,
        watch_fact.outcome,
        watch_fact.first_viewed_at is not null as has_viewed,
        watch_fact.known_at > watch_fact.watched_at as is_known_later,
        -- Whole seconds: their sums are exact, whatever the order they are added in.
        floor(epoch(watch_fact.ended_at)) - floor(epoch(watch_fact.created_at)) as end_s,
        floor(epoch(watch_fact.seen_until)) - floor(epoch(watch_fact.created_at)) as seen_s,
        case
            when watch_fact.watched_at is not null
                then
                    greatest(
                        floor(
                            epoch(
                                case when $counted_from = 'view' then watch_fact.watched_at else watch_fact.known_at end
                            )
                        )
                        - floor(epoch(watch_fact.created_at)),
                        0
                    )
        end as watch_s,
        case when watch_fact.sent_at < watch_fact.views_until then watch_fact.arm end as arm,
        epoch(watch_fact.seen_until) - epoch(watch_fact.sent_at) as sent_to_seen_s,
        epoch(watch_fact.ended_at) - epoch(watch_fact.sent_at) as sent_to_end_s,
        watch_fact.has_both_arms
    from watch_fact
    where
        watch_fact.entity = $entity
        and ($period_start::date is null or watch_fact.created_on >= $period_start::date)
        and ($period_end::date is null or watch_fact.created_on < $period_end::date)
        and (len($channels) = 0 or list_contains($channels, coalesce(watch_fact.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(watch_fact.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(watch_fact.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(watch_fact.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(watch_fact.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(watch_fact.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(watch_fact.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(watch_fact.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(watch_fact.owner, '')))
        and (len($pipelines) = 0 or list_contains($pipelines, coalesce(watch_fact.pipeline, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(watch_fact.account_list, '')))
),

lives as (
    select
        dated.source,
        dated.segment,
        dated.month,
        dated.outcome,
        dated.has_viewed,
        coalesce(dated.is_known_later, false) as is_known_later,
        dated.end_s,
        dated.watch_s is not null as has_watched,
        least(dated.end_s, chosen.longest_s) as last_s,
        case when dated.watch_s <= least(dated.end_s, chosen.longest_s) then dated.watch_s end as watch_s,
        dated.end_s > chosen.landmark_s
        and dated.seen_s >= chosen.landmark_s + chosen.horizon_s as is_at_landmark,
        coalesce(dated.watch_s <= chosen.landmark_s, false) as has_watched_early,
        dated.outcome = 1 and dated.end_s <= chosen.landmark_s + chosen.horizon_s as is_won_in_time,
        dated.outcome = 1 and dated.end_s <= chosen.longest_s as is_won_in_year,
        case when dated.sent_to_seen_s >= chosen.horizon_s then dated.arm end as arm,
        dated.outcome = 1 and dated.sent_to_end_s <= chosen.horizon_s as is_won_after_send,
        coalesce(dated.has_both_arms, false) as has_both_arms
    from dated
    cross join chosen
),

alike as (
    select
        lives.source,
        lives.segment,
        lives.month,
        lives.outcome,
        lives.has_viewed,
        lives.has_watched,
        lives.watch_s is not null as has_watched_in_year,
        lives.is_known_later,
        lives.is_at_landmark,
        lives.has_watched_early,
        lives.is_won_in_time,
        lives.is_won_in_year,
        lives.arm,
        lives.is_won_after_send,
        lives.has_both_arms,
        count(*) as people
    from lives
    group by all
),

-- Of the whole export, whatever the filter: which letter has the video must not differ from one screen to the next.
plays_by_arm as (
    select
        count(*) filter (where lower(video_views.arm) = 'a') as plays_a,
        count(*) filter (where lower(video_views.arm) = 'b') as plays_b
    from video_views
    where
        lower(video_views.arm) in ('a', 'b')
        and (coalesce(video_views.pct, 0) > 0 or coalesce(video_views.seconds, 0) > 0)
),

with_video as (
    select
        plays_by_arm.*,
        case when plays_by_arm.plays_a = 0 and plays_by_arm.plays_b >= 5 then 'b' else 'a' end as arm
    from plays_by_arm
),

compared as (
    select
        'naive_all' as kind,
        alike.source,
        alike.segment,
        alike.month,
        alike.has_watched as is_viewer,
        alike.outcome = 1 as is_won,
        alike.people
    from alike
    union all
    select
        'naive_closed' as kind,
        alike.source,
        alike.segment,
        alike.month,
        alike.has_watched as is_viewer,
        alike.outcome = 1 as is_won,
        alike.people
    from alike
    where alike.outcome > 0
    union all
    select
        'any_time_all' as kind,
        alike.source,
        alike.segment,
        alike.month,
        alike.has_viewed as is_viewer,
        alike.outcome = 1 as is_won,
        alike.people
    from alike
    union all
    select
        'any_time_closed' as kind,
        alike.source,
        alike.segment,
        alike.month,
        alike.has_viewed as is_viewer,
        alike.outcome = 1 as is_won,
        alike.people
    from alike
    where alike.outcome > 0
    union all
    select
        'landmark' as kind,
        alike.source,
        alike.segment,
        alike.month,
        alike.has_watched_early as is_viewer,
        alike.is_won_in_time as is_won,
        alike.people
    from alike
    where alike.is_at_landmark
    union all
    select
        'in_year' as kind,
        alike.source,
        alike.segment,
        alike.month,
        alike.has_watched_in_year as is_viewer,
        alike.is_won_in_year as is_won,
        alike.people
    from alike
    union all
    select
        'known_later' as kind,
        alike.source,
        alike.segment,
        alike.month,
        alike.is_known_later as is_viewer,
        alike.outcome = 1 as is_won,
        alike.people
    from alike
    where alike.has_watched
    union all
    select
        'randomised' as kind,
        alike.source,
        alike.segment,
        alike.month,
        alike.arm = with_video.arm as is_viewer,
        alike.is_won_after_send as is_won,
        alike.people
    from alike
    cross join with_video
    where alike.arm is not null and not alike.has_both_arms
    union all
    select
        'both_arms' as kind,
        alike.source,
        alike.segment,
        alike.month,
        true as is_viewer,
        alike.is_won_after_send as is_won,
        alike.people
    from alike
    where alike.arm is not null and alike.has_both_arms
),

-- Days at risk, added up before they are laid over the bands: lives that end within the same day end in the same band.
-- Of whoever watched there are two ends: that of the time before, and that of all.
ends as (
    select
        lives.source,
        lives.segment,
        lives.month,
        lives.watch_s is not null as is_viewer,
        lives.watch_s is null as is_last,
        greatest(coalesce(lives.watch_s, lives.last_s), 0) as end_s,
        coalesce(lives.watch_s < lives.last_s, false) as goes_on,
        lives.is_won_in_year and lives.watch_s is null as is_won
    from lives
    union all
    select
        lives.source,
        lives.segment,
        lives.month,
        true as is_viewer,
        true as is_last,
        lives.last_s as end_s,
        lives.watch_s < lives.last_s as goes_on,
        lives.is_won_in_year as is_won
    from lives
    where lives.watch_s is not null
),

by_day as (
    select
        ends.source,
        ends.segment,
        ends.month,
        ends.is_viewer,
        ends.is_last,
        ceil(ends.end_s / 86400) as day,
        count(*) as people,
        sum(ends.end_s) as seconds,
        count_if(ends.is_won) as wins,
        count_if(ends.goes_on) as going_on,
        count_if(ends.goes_on and ends.end_s = ceil(ends.end_s / 86400) * 86400) as going_on_at_midnight
    from ends
    group by ends.source, ends.segment, ends.month, ends.is_viewer, ends.is_last, ceil(ends.end_s / 86400)
),

spans as (
    select
        by_day.source,
        by_day.segment,
        by_day.month,
        by_day.is_viewer,
        by_day.is_last,
        age_bands.band,
        case
            when by_day.day > age_bands.last_day
                then by_day.people * (age_bands.last_day * 86400 - age_bands.first_day * 86400)
            else by_day.seconds - by_day.people * age_bands.first_day * 86400
        end as seconds,
        case when by_day.day > age_bands.first_day then by_day.people else 0 end as people,
        case when by_day.day <= age_bands.last_day then by_day.wins else 0 end as wins,
        -- Viewers of a band: those whose life reaches into it, less those who began to watch only after it.
        case
            when not by_day.is_viewer then 0
            when by_day.is_last and by_day.day > age_bands.first_day then by_day.going_on
            when by_day.is_last then 0
            when by_day.day > age_bands.last_day then -by_day.going_on
            when by_day.day = age_bands.last_day then -by_day.going_on_at_midnight
            else 0
        end as viewers
    from by_day
    inner join age_bands on by_day.day > age_bands.first_day or age_bands.first_day = 0
)

select
    compared.kind,
    compared.source,
    compared.segment,
    compared.month,
    0 as band,
    coalesce(sum(compared.people) filter (where compared.is_viewer), 0) as viewers,
    coalesce(sum(compared.people) filter (where not compared.is_viewer), 0) as non_viewers,
    coalesce(sum(compared.people) filter (where compared.is_viewer and compared.is_won), 0) as viewer_wins,
    coalesce(sum(compared.people) filter (where not compared.is_viewer and compared.is_won), 0) as other_wins,
    cast(0 as double) as viewer_days,
    cast(0 as double) as other_days
from compared
group by compared.kind, compared.source, compared.segment, compared.month
union all
select
    'plays_by_arm' as kind,
    '' as source,
    '' as segment,
    '' as month,
    0 as band,
    with_video.plays_a as viewers,
    with_video.plays_b as non_viewers,
    0 as viewer_wins,
    0 as other_wins,
    cast(0 as double) as viewer_days,
    cast(0 as double) as other_days
from with_video
union all
select
    'person_time' as kind,
    spans.source,
    spans.segment,
    spans.month,
    spans.band,
    sum(spans.viewers) as viewers,
    coalesce(sum(spans.people) filter (where not spans.is_viewer or not spans.is_last), 0) as non_viewers,
    coalesce(sum(spans.wins) filter (where spans.is_viewer), 0) as viewer_wins,
    coalesce(sum(spans.wins) filter (where not spans.is_viewer), 0) as other_wins,
    (
        coalesce(sum(spans.seconds) filter (where spans.is_viewer and spans.is_last), 0)
        - coalesce(sum(spans.seconds) filter (where spans.is_viewer and not spans.is_last), 0)
    ) / 86400 as viewer_days,
    coalesce(sum(spans.seconds) filter (where not spans.is_viewer or not spans.is_last), 0) / 86400 as other_days
from spans
group by spans.source, spans.segment, spans.month, spans.band

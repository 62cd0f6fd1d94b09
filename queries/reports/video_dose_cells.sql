-- name: video_dose_cells
-- title: Wins by how far a video was watched, cell by cell
-- definition: Of the leads still undecided on the landmark day, how far the deepest view up to that day went, and how many won in the
--   days after it, by source and segment. Band 0 had not watched; band 6 watched without a known depth.
-- params: account_lists, by_month, campaigns, channels, counted_from, entity, horizon, landmark, owners, period_end,
--   period_start, pipelines, products, regions, segments, sides, sources, teams
-- defaults: by_month=false, counted_from=view, entity=people, horizon=null, landmark=null
-- choices: counted_from=view|identification, entity=people|deals
-- returns: source, segment, month, band, people, wins
with chosen as (
    select
        coalesce($landmark::double, config.landmark_days) * 86400 as landmark_s,
        coalesce($horizon::double, config.horizon_days) * 86400 as horizon_s
    from config
),

dated as (
    select
        watch_fact.entity_key,
        coalesce(watch_fact.source, '') as source,
        coalesce(watch_fact.segment, '') as segment,
        case when $by_month::boolean then strftime(watch_fact.created_on, '%Y-%m') else '' end as month,
        watch_fact.outcome,
        watch_fact.views_until,
        floor(epoch(watch_fact.created_at)) as created_s,
        floor(epoch(watch_fact.ended_at)) - floor(epoch(watch_fact.created_at)) as end_s,
        floor(epoch(watch_fact.seen_until)) - floor(epoch(watch_fact.created_at)) as seen_s,
        chosen.landmark_s,
        chosen.horizon_s
    from watch_fact
    cross join chosen
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

undecided as (
    select dated.*
    from dated
    where dated.end_s > dated.landmark_s and dated.seen_s >= dated.landmark_s + dated.horizon_s
),

plays as (
    select
        video_views.person_key,
        video_views.viewed_at,
        greatest(video_views.viewed_at, coalesce(video_views.identified_at, video_views.viewed_at)) as known_at,
        video_views.pct
    from video_views
    where
        video_views.person_key is not null
        and not (
            (video_views.sent_at is not null or video_views.arm is not null)
            and coalesce(video_views.pct, 0) = 0
            and coalesce(video_views.seconds, 0) = 0
        )
),

played as (
    select
        plays.person_key as entity_key,
        plays.viewed_at,
        plays.known_at,
        plays.pct
    from plays
    where $entity = 'people'
    union all
    select
        deal_people.deal_key as entity_key,
        plays.viewed_at,
        plays.known_at,
        plays.pct
    from plays
    inner join deal_people on plays.person_key = deal_people.person_key
    where $entity = 'deals'
),

deepest as (
    select
        undecided.entity_key,
        max(coalesce(played.pct, -1)) as pct
    from undecided
    inner join played on undecided.entity_key = played.entity_key
    where
        played.known_at < undecided.views_until
        and floor(epoch(case when $counted_from = 'view' then played.viewed_at else played.known_at end))
        <= undecided.created_s + undecided.landmark_s
    group by undecided.entity_key
),

banded as (
    select
        undecided.source,
        undecided.segment,
        undecided.month,
        case
            when deepest.pct is null then 0
            when deepest.pct < 0 then 6
            when deepest.pct * 100 < 25 then 1
            when deepest.pct * 100 < 50 then 2
            when deepest.pct * 100 < 75 then 3
            when deepest.pct * 100 < 90 then 4
            else 5
        end as band,
        undecided.outcome = 1 and undecided.end_s <= undecided.landmark_s + undecided.horizon_s as is_won
    from undecided
    left join deepest on undecided.entity_key = deepest.entity_key
)

select
    banded.source,
    banded.segment,
    banded.month,
    banded.band,
    count(*) as people,
    count_if(banded.is_won) as wins
from banded
group by banded.source, banded.segment, banded.month, banded.band

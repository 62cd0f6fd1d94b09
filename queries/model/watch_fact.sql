-- name: watch_fact
-- title: Watching and outcome
-- definition: Each lead and deal from its creation to its end or the data date, and when it first counts as having watched a video - from
--   the moment of the view, if the view came before the outcome and the viewer was known before the outcome. A view of the day of a
--   close without an hour does not count, and a video that was sent and not played is no view.
-- params: depth
-- returns: entity, entity_key, entity_id, created_at, created_on, ended_at, outcome, seen_until, watched_at, known_at,
--   first_viewed_at, views_until, arm, sent_at, has_both_arms, channel, source, side, campaign, region, segment, product,
--   team, owner, pipeline, account_list
with entered as (
    select
        'people' as entity,
        lead_fact.person_key as entity_key,
        lead_fact.person_id as entity_id,
        lead_fact.created_at,
        coalesce(lead_fact.won_at, lead_fact.lost_at) as closed_at,
        case when lead_fact.is_won then 1 when lead_fact.lost_at is not null then 2 else 0 end as outcome,
        lead_fact.as_of,
        lead_fact.channel,
        lead_fact.source,
        lead_fact.side,
        lead_fact.campaign,
        lead_fact.region,
        lead_fact.segment,
        lead_fact.product,
        lead_fact.team,
        lead_fact.owner,
        null as pipeline,
        lead_fact.account_list
    from lead_fact
    where lead_fact.created_at is not null
    union all
    select
        'deals' as entity,
        deals.deal_key as entity_key,
        deals.deal_id as entity_id,
        deals.created_at,
        deals.closed_at,
        case when deals.is_won then 1 when deals.is_lost then 2 else 0 end as outcome,
        deals.as_of,
        deals.channel,
        deals.source,
        deals.side,
        deals.campaign,
        deals.region,
        deals.segment,
        deals.product,
        deals.team,
        deals.owner,
        deals.pipeline,
        deals.account_list
    from deals
    where deals.created_at is not null
),

dated as (
    select
        entered.*,
        -- A close without an hour is the end of its day, an export's date the whole day.
        case
            when cast(entered.closed_at as date) = entered.closed_at
                then entered.closed_at + interval 1 day - interval 1 second
            else entered.closed_at
        end as close_moment,
        case
            when cast(entered.as_of as date) = entered.as_of then entered.as_of + interval 1 day - interval 1 second
            else entered.as_of
        end as seen_until
    from entered
    where entered.outcome = 0 or entered.closed_at is not null
),

lives as (
    select
        dated.*,
        dated.outcome > 0 and dated.close_moment <= dated.seen_until as has_ended,
        case
            when dated.outcome = 0 or dated.close_moment > dated.seen_until then dated.seen_until + interval 1 second
            when
                dated.close_moment = cast(dated.close_moment as date) + interval 1 day - interval 1 second
                then cast(cast(dated.close_moment as date) as timestamp)
            else dated.close_moment
        end as views_until
    from dated
    where
        dated.created_at <= dated.seen_until
        and coalesce(cast(dated.close_moment as date) >= cast(dated.created_at as date), true)
),

plays as (
    select
        video_views.person_key,
        video_views.viewed_at,
        greatest(video_views.viewed_at, coalesce(video_views.identified_at, video_views.viewed_at)) as known_at
    from video_views
    where
        video_views.person_key is not null
        and coalesce(video_views.pct, 0) >= coalesce($depth::double, 0)
        and not (
            (video_views.sent_at is not null or video_views.arm is not null)
            and coalesce(video_views.pct, 0) = 0
            and coalesce(video_views.seconds, 0) = 0
        )
),

played as (
    select
        'people' as entity,
        plays.person_key as entity_key,
        plays.viewed_at,
        plays.known_at
    from plays
    union all
    select
        'deals' as entity,
        deal_people.deal_key as entity_key,
        plays.viewed_at,
        plays.known_at
    from plays
    inner join deal_people on plays.person_key = deal_people.person_key
),

first_views as (
    select
        played.entity,
        played.entity_key,
        min(played.viewed_at) as first_viewed_at,
        min(played.viewed_at) filter (where played.known_at < lives.views_until) as watched_at,
        min(played.known_at) filter (where played.known_at < lives.views_until) as known_at
    from played
    inner join lives on played.entity = lives.entity and played.entity_key = lives.entity_key
    group by played.entity, played.entity_key
),

sends as (
    select
        'people' as entity,
        video_views.person_key as entity_key,
        min_by(lower(video_views.arm), coalesce(video_views.sent_at, video_views.viewed_at)) as arm,
        min(coalesce(video_views.sent_at, video_views.viewed_at)) as sent_at,
        count(distinct lower(video_views.arm)) > 1 as has_both_arms
    from video_views
    where video_views.person_key is not null and lower(video_views.arm) in ('a', 'b')
    group by video_views.person_key
)

select
    lives.entity,
    lives.entity_key,
    lives.entity_id,
    lives.created_at,
    cast(lives.created_at as date) as created_on,
    case when lives.has_ended then greatest(lives.close_moment, lives.created_at) else lives.seen_until end as ended_at,
    case when lives.has_ended then lives.outcome else 0 end as outcome,
    lives.seen_until,
    first_views.watched_at,
    first_views.known_at,
    first_views.first_viewed_at,
    lives.views_until,
    sends.arm,
    sends.sent_at,
    sends.has_both_arms,
    lives.channel,
    lives.source,
    lives.side,
    lives.campaign,
    lives.region,
    lives.segment,
    lives.product,
    lives.team,
    lives.owner,
    lives.pipeline,
    lives.account_list
from lives
left join first_views on lives.entity = first_views.entity and lives.entity_key = first_views.entity_key
left join sends on lives.entity = sends.entity and lives.entity_key = sends.entity_key

-- The video funnel straight from views, people and deals, as one would write it without prepared tables of leads and viewers.
with deal_steps as (
    select
        deal_people.person_key,
        min(coalesce(deals.created_at, deals.closed_at)) as first_deal_at,
        min(deals.closed_at) filter (where deals.is_won) as first_won_at
    from deal_people
    inner join deals on deal_people.deal_key = deals.deal_key
    group by deal_people.person_key
),

viewers as (
    select
        video_views.viewer,
        max(video_views.pct) as max_pct,
        min(video_views.viewed_at) filter (where video_views.pct >= 0.75) as deep_at,
        bool_or(video_views.is_identified) as is_identified,
        max(video_views.person_key) as person_key
    from video_views
    left join people on video_views.person_key = people.person_key
    where len($segments) = 0 or list_contains($segments, people.segment)
    group by video_views.viewer
),

reached as (
    select
        viewers.max_pct,
        viewers.deep_at,
        viewers.is_identified,
        people.person_key,
        coalesce(people.mql_at >= viewers.deep_at, false) as is_mql,
        coalesce(coalesce(deal_steps.first_deal_at, people.opp_at) >= viewers.deep_at, false) as is_opp,
        coalesce(coalesce(deal_steps.first_won_at, people.customer_at) >= viewers.deep_at, false) as is_won
    from viewers
    left join people on viewers.person_key = people.person_key
    left join deal_steps on viewers.person_key = deal_steps.person_key
)

select
    count(*) as played,
    count(*) filter (where max_pct >= 0.25) as watched_25,
    count(*) filter (where max_pct >= 0.5) as watched_50,
    count(*) filter (where max_pct >= 0.75) as watched_75,
    count(*) filter (where deep_at is not null and is_identified) as known,
    count(*) filter (where deep_at is not null and person_key is not null) as leads,
    count(*) filter (where is_mql or is_opp or is_won) as mqls,
    count(*) filter (where is_opp or is_won) as opportunities,
    count(*) filter (where is_won) as customers
from reached

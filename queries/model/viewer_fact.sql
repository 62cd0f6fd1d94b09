-- name: viewer_fact
-- title: Viewers
-- definition: One row per viewer, video and way it was shown (a page of Marketing, or sent by Sales) - first play, deepest share watched and
--   when each depth was reached first, whether and as whom the viewer is known, and when that person became a lead, an MQL, an opportunity
--   and a customer. A share above 100 % is a part watched twice - as depth it counts as 100 %.
-- returns: viewer, video_id, context, first_viewed_at, first_viewed_on, plays, max_pct, first_25_at, first_50_at,
--   first_75_at, first_90_at, seconds, is_identified, identified_at, person_key, company_key, lead_at, mql_at, opp_at,
--   won_at, channel, source, side, campaign, region, segment, product, team, owner, account_list, video_engaged
with watched as (
    select
        video_views.viewer,
        video_views.video_id,
        video_views.context,
        min(video_views.viewed_at) as first_viewed_at,
        count(*) as plays,
        case when max(video_views.pct) > 1 then 1 else max(video_views.pct) end as max_pct,
        min(video_views.viewed_at) filter (where video_views.pct >= 0.25) as first_25_at,
        min(video_views.viewed_at) filter (where video_views.pct >= 0.5) as first_50_at,
        min(video_views.viewed_at) filter (where video_views.pct >= 0.75) as first_75_at,
        min(video_views.viewed_at) filter (where video_views.pct >= 0.9) as first_90_at,
        sum(video_views.seconds) as seconds,
        bool_or(video_views.is_identified) as is_identified,
        min(video_views.identified_at) as identified_at,
        max(video_views.person_key) as person_key
    from video_views
    group by video_views.viewer, video_views.video_id, video_views.context
)

select
    watched.viewer,
    watched.video_id,
    watched.context,
    watched.first_viewed_at,
    cast(watched.first_viewed_at as date) as first_viewed_on,
    watched.plays,
    watched.max_pct,
    watched.first_25_at,
    watched.first_50_at,
    watched.first_75_at,
    watched.first_90_at,
    watched.seconds,
    watched.is_identified,
    watched.identified_at,
    watched.person_key,
    lead_fact.company_key,
    lead_fact.created_at as lead_at,
    lead_fact.mql_at,
    lead_fact.opp_at,
    lead_fact.won_at,
    lead_fact.channel,
    lead_fact.source,
    lead_fact.side,
    lead_fact.campaign,
    lead_fact.region,
    lead_fact.segment,
    lead_fact.product,
    lead_fact.team,
    lead_fact.owner,
    lead_fact.account_list,
    coalesce(lead_fact.video_engaged, false) as video_engaged
from watched
left join lead_fact on watched.person_key = lead_fact.person_key

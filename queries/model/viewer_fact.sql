-- name: viewer_fact
-- title: Viewers
-- definition: One row per viewer and video - first play, deepest share watched, whether and as whom the viewer is known, and when that
--   person became an MQL, an opportunity and a customer. A view after the win stays a view but opens no way to a win.
-- returns: viewer, video_id, first_viewed_at, first_viewed_on, plays, max_pct, seconds, is_identified, person_key,
--   context, lead_at, mql_at, opp_at, won_at, channel, source, side, campaign, region, segment, product, team, owner,
--   account_list, video_engaged
select
    video_views.viewer,
    video_views.video_id,
    min(video_views.viewed_at) as first_viewed_at,
    cast(min(video_views.viewed_at) as date) as first_viewed_on,
    count(*) as plays,
    max(video_views.pct) as max_pct,
    sum(video_views.seconds) as seconds,
    bool_or(video_views.is_identified) as is_identified,
    max(video_views.person_key) as person_key,
    min(video_views.context) as context,
    min(lead_fact.created_at) as lead_at,
    min(lead_fact.mql_at) as mql_at,
    min(lead_fact.opp_at) as opp_at,
    min(lead_fact.won_at) as won_at,
    min(lead_fact.channel) as channel,
    min(lead_fact.source) as source,
    min(lead_fact.side) as side,
    min(lead_fact.campaign) as campaign,
    min(lead_fact.region) as region,
    min(lead_fact.segment) as segment,
    min(lead_fact.product) as product,
    min(lead_fact.team) as team,
    min(lead_fact.owner) as owner,
    min(lead_fact.account_list) as account_list,
    bool_or(lead_fact.video_engaged) as video_engaged
from video_views
left join lead_fact on video_views.person_key = lead_fact.person_key
group by video_views.viewer, video_views.video_id

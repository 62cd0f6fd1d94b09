-- name: audience_fact
-- title: Audience
-- definition: One row per viewer over all videos - how deep the viewer has watched, and how deep at the moment of becoming an MQL, an
--   opportunity and a customer. Depths are counted in marks - 0 nothing, 1 played, 2 a quarter, 3 half, 4 three quarters, 5 ninety percent of
--   a video. For questions that split nobody's views; `viewer_fact` answers the others with the same numbers.
-- returns: viewer, first_viewed_on, depth, depth_at_mql, depth_at_opp, depth_at_won, is_identified, is_lead, channel,
--   source, side, campaign, region, segment, product, team, owner, account_list, video_engaged
with firsts as (
    select
        viewer_fact.viewer,
        min(viewer_fact.first_viewed_at) as first_viewed_at,
        min(viewer_fact.first_25_at) as first_25_at,
        min(viewer_fact.first_50_at) as first_50_at,
        min(viewer_fact.first_75_at) as first_75_at,
        min(viewer_fact.first_90_at) as first_90_at,
        bool_or(viewer_fact.is_identified) as is_identified,
        max(viewer_fact.person_key) as person_key,
        min(viewer_fact.mql_at) as mql_at,
        min(viewer_fact.opp_at) as opp_at,
        min(viewer_fact.won_at) as won_at
    from viewer_fact
    group by viewer_fact.viewer
)

select
    firsts.viewer,
    cast(firsts.first_viewed_at as date) as first_viewed_on,
    cast(case
        when firsts.first_90_at is not null then 5
        when firsts.first_75_at is not null then 4
        when firsts.first_50_at is not null then 3
        when firsts.first_25_at is not null then 2
        else 1
    end as tinyint) as depth,
    cast(case
        when firsts.first_90_at <= firsts.mql_at then 5
        when firsts.first_75_at <= firsts.mql_at then 4
        when firsts.first_50_at <= firsts.mql_at then 3
        when firsts.first_25_at <= firsts.mql_at then 2
        when firsts.first_viewed_at <= firsts.mql_at then 1
        else 0
    end as tinyint) as depth_at_mql,
    cast(case
        when firsts.first_90_at <= firsts.opp_at then 5
        when firsts.first_75_at <= firsts.opp_at then 4
        when firsts.first_50_at <= firsts.opp_at then 3
        when firsts.first_25_at <= firsts.opp_at then 2
        when firsts.first_viewed_at <= firsts.opp_at then 1
        else 0
    end as tinyint) as depth_at_opp,
    cast(case
        when firsts.first_90_at <= firsts.won_at then 5
        when firsts.first_75_at <= firsts.won_at then 4
        when firsts.first_50_at <= firsts.won_at then 3
        when firsts.first_25_at <= firsts.won_at then 2
        when firsts.first_viewed_at <= firsts.won_at then 1
        else 0
    end as tinyint) as depth_at_won,
    firsts.is_identified,
    firsts.person_key is not null as is_lead,
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
from firsts
left join lead_fact on firsts.person_key = lead_fact.person_key

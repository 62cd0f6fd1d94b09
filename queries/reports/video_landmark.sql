-- name: video_landmark
-- title: Viewers and others from one landmark
-- unit: percent
-- definition: Of the leads still undecided on the landmark day of their life, those who had watched a video by then against those who had
--   not, and the share of each won in the days after it. Both start together and a view after the landmark changes no arm, so living
--   longer makes nobody a viewer. It is still no effect of the video - whoever is about to buy watches more.
-- params: account_lists, campaigns, channels, horizon, landmark, owners, period_end, period_start, products, regions,
--   segments, sides, sources, teams
-- defaults: landmark=14, horizon=90
-- needs: video_views.at
-- returns: arm, people, won, value, low, high
with normal as (
    select cast('1.959963984540054' as double) as z
),

leads as (
    select
        lead_fact.won_at,
        lead_fact.lost_at,
        lead_fact.created_at + interval 1 day * $landmark as landmark_at,
        lead_fact.created_at + interval 1 day * ($landmark + $horizon) as horizon_at,
        coalesce(
            lead_fact.first_viewed_at <= lead_fact.created_at + interval 1 day * $landmark, false
        ) as has_watched
    from lead_fact
    where
        lead_fact.created_at is not null
        and lead_fact.created_at + interval 1 day * ($landmark + $horizon) <= lead_fact.as_of + interval 1 day
        and ($period_start::date is null or lead_fact.created_on >= $period_start::date)
        and ($period_end::date is null or lead_fact.created_on < $period_end::date)
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
),

arms as (
    select
        leads.has_watched,
        count(*) as people,
        cast(count_if(leads.won_at <= leads.horizon_at) as double) as won
    from leads
    where
        (leads.won_at is null or leads.won_at > leads.landmark_at)
        and (leads.lost_at is null or leads.lost_at > leads.landmark_at)
    group by leads.has_watched
)

select
    if(arms.has_watched, 'Had watched', 'Had not') as arm,
    arms.people,
    cast(arms.won as bigint) as won,
    arms.won / nullif(arms.people, 0) as value,
    (
        arms.won + normal.z * normal.z / 2
        - normal.z * sqrt(arms.won * (arms.people - arms.won) / nullif(arms.people, 0) + normal.z * normal.z / 4)
    ) / nullif(arms.people + normal.z * normal.z, 0) as low,
    (
        arms.won + normal.z * normal.z / 2
        + normal.z * sqrt(arms.won * (arms.people - arms.won) / nullif(arms.people, 0) + normal.z * normal.z / 4)
    ) / nullif(arms.people + normal.z * normal.z, 0) as high
from arms
cross join normal
order by arms.has_watched desc

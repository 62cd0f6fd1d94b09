-- name: video_influenced
-- title: Won revenue with video on the way
-- definition: Won deals by when anybody of the deal watched at least the depth of a video - before the deal was created
--   (pre-opp, from the lookback on), between its creation and its close (in-opp), both, or none; unknown where the deal
--   has no date of creation. Each deal once. Views after the close count nowhere. Overlap, never a share - the same
--   deals were also touched by other channels, and watching is no proof of having decided anything.
-- params: account_lists, business, campaigns, channels, depth, owners, period_end, period_start, pipelines, products,
--   regions, segments, sides, sources, teams, video_engaged
-- defaults: business=new, depth=0.5
-- needs: video_views.at, deals.stage_raw|deals.status
-- returns: tier, deals, amount
with views as (
    select
        deal_contacts.deal_key,
        bool_or(
            video_views.viewed_at < deals.created_at
            and video_views.viewed_at >= deals.created_at - interval 1 day * config.lookback_days
        ) as is_before,
        bool_or(video_views.viewed_at >= deals.created_at and video_views.viewed_at <= deals.closed_at) as is_within,
        bool_or(video_views.viewed_at <= deals.closed_at) as is_any
    from deal_contacts
    inner join deals on deal_contacts.deal_key = deals.deal_key
    inner join video_views on deal_contacts.person_key = video_views.person_key
    cross join config
    where deals.is_won and video_views.pct >= $depth
    group by deal_contacts.deal_key
),

chosen as (
    select
        deals.amount,
        case
            when deals.created_at is null and views.is_any then 'unknown'
            when views.is_before and views.is_within then 'both'
            when views.is_before then 'pre-opp'
            when views.is_within then 'in-opp'
            else 'none'
        end as tier
    from deals
    left join views on deals.deal_key = views.deal_key
    where
        deals.is_won
        and ($business = 'all' or deals.is_new_business)
        and ($period_start::date is null or deals.closed_on >= $period_start::date)
        and ($period_end::date is null or deals.closed_on < $period_end::date)
        and (len($channels) = 0 or list_contains($channels, coalesce(deals.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(deals.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(deals.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(deals.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(deals.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(deals.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(deals.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(deals.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(deals.owner, '')))
        and (len($pipelines) = 0 or list_contains($pipelines, coalesce(deals.pipeline, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(deals.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when deals.video_engaged then 'yes' else 'no' end)
        )
),

summed as (
    select
        chosen.tier,
        count(*) as deals,
        sum(chosen.amount) as amount
    from chosen
    group by chosen.tier
)

select
    influence_tiers.tier,
    coalesce(summed.deals, 0) as deals,
    coalesce(summed.amount, 0) as amount
from influence_tiers
left join summed on influence_tiers.tier = summed.tier
order by influence_tiers.tier_order

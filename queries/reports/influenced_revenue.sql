-- name: influenced_revenue
-- title: Won revenue Marketing influenced
-- definition: Won deals by when Marketing touched anybody of the deal - before the deal was created (pre-opp), between
--   its creation and its close (in-opp), both, or none; unknown where the deal has no date of creation. Each deal once,
--   so the tiers add up to won revenue. Who touched is not who sourced; the two are never added.
-- params: account_lists, business, campaigns, channels, owners, period_end, period_start, pipelines, products,
--   regions, segments, sides, sources, teams, video_engaged
-- defaults: business=new
-- needs: touches.at
-- returns: tier, deals, amount
with chosen as (
    select
        deals.amount,
        deal_sides.influence
    from deals
    inner join deal_sides on deals.deal_key = deal_sides.deal_key
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
        chosen.influence,
        count(*) as deals,
        sum(chosen.amount) as amount
    from chosen
    group by chosen.influence
)

select
    influence_tiers.tier,
    coalesce(summed.deals, 0) as deals,
    coalesce(summed.amount, 0) as amount
from influence_tiers
left join summed on influence_tiers.tier = summed.influence
order by influence_tiers.tier_order

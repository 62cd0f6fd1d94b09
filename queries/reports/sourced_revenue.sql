-- name: sourced_revenue
-- title: Revenue by who sourced it
-- definition: All won revenue by side, channel and month of the close, each deal once, under the agreed rule of
--   origin. Unknown is a side of its own. Wins dated after the export are in and a won deal without an amount counts
--   as a deal; the sum is won revenue.
-- params: account_lists, business, campaigns, channels, owners, period_end, period_start, pipelines, products,
--   regions, segments, sides, sources, teams, video_engaged
-- defaults: business=all
-- needs: deals.source_raw|people.source_raw|touches.at
-- returns: side, channel, month, won_deals, won_amount
select
    deals.side,
    deals.channel,
    cast(date_trunc('month', deals.closed_on) as date) as month,
    count(*) as won_deals,
    sum(deals.amount) as won_amount
from deals
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
group by deals.side, deals.channel, cast(date_trunc('month', deals.closed_on) as date)
order by deals.side, deals.channel, month

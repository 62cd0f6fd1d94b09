-- name: source_coverage
-- title: How far the source of won revenue is known
-- definition: Of the won deals of the period, how many have a known side, by which rule it was decided, and how much
--   money is behind each.
-- params: account_lists, business, campaigns, channels, owners, period_end, period_start, pipelines, products,
--   regions, segments, sides, sources, teams, video_engaged
-- defaults: business=all
-- returns: origin_rule, is_unknown, won_deals, won_amount, amount_missing, future_dated, type_unknown
select
    deals.origin_rule,
    deals.side = 'unknown' as is_unknown,
    count(*) as won_deals,
    sum(deals.amount) as won_amount,
    count(*) filter (where deals.amount is null) as amount_missing,
    count(*) filter (where deals.is_future_dated) as future_dated,
    count(*) filter (where deals.deal_type = 'unknown') as type_unknown
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
group by deals.origin_rule, deals.side = 'unknown'
order by won_deals desc, deals.origin_rule asc

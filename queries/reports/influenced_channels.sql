-- name: influenced_channels
-- title: Influenced by channel (overlap, not share)
-- definition: Won deals that each channel of Marketing touched between the lookback before the deal and its close. A
--   deal touched by three channels stands in three rows, so the rows overlap - they are no shares and add up to more
--   than was won.
-- params: account_lists, business, campaigns, channels, owners, period_end, period_start, pipelines, products,
--   regions, segments, sides, sources, teams, video_engaged
-- defaults: business=new
-- needs: touches.at
-- returns: channel, deals, amount
select
    deal_influence.channel,
    count(*) as deals,
    coalesce(sum(deals.amount), 0) as amount
from deals
inner join deal_influence on deals.deal_key = deal_influence.deal_key
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
group by deal_influence.channel
order by amount desc, deals desc, deal_influence.channel asc

-- name: renewals_cells
-- title: Renewal deals decided, counted
-- definition: Renewal deals won and lost in the period, and their money.
-- params: account_lists, campaigns, channels, owners, period_end, period_start, pipelines, products, regions, segments,
--   sides, sources, teams, video_engaged
-- needs: deals.closed_at
-- returns: decided, won, due_amount, won_amount
select
    count(*) as decided,
    count(*) filter (where deals.is_won) as won,
    sum(deals.amount) as due_amount,
    sum(deals.amount) filter (where deals.is_won) as won_amount
from deals
where
    deals.deal_type = 'renewal'
    and deals.is_closed
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

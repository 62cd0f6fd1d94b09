-- name: journey_paths
-- title: Journeys by their channels
-- definition: How often each row of channels led to a won deal and how often to none - lost, or open and older than nine
--   in ten won deals were at their close. Young open deals are left out - they are undecided.
-- params: account_lists, business, campaigns, channels, owners, period_end, period_start, pipelines, products, regions,
--   segments, sides, sources, teams, video_engaged
-- defaults: business=all
-- replaces: deal_paths
-- needs: touches.at
-- returns: path, won, nulls, won_amount
select
    deal_paths.path,
    count(*) filter (where deal_paths.outcome = 'won') as won,
    count(*) filter (where deal_paths.outcome = 'null') as nulls,
    coalesce(sum(deals.amount) filter (where deal_paths.outcome = 'won'), 0) as won_amount
from deal_paths
inner join deals on deal_paths.deal_key = deals.deal_key
where
    deal_paths.outcome != 'undecided'
    and ($business = 'all' or deals.is_new_business)
    and ($period_start::date is null or deal_paths.resolved_on >= $period_start::date)
    and ($period_end::date is null or deal_paths.resolved_on < $period_end::date)
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
group by deal_paths.path
order by deal_paths.path

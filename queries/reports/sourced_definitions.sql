-- name: sourced_definitions
-- title: Won revenue under each definition of sourced
-- definition: The same won revenue by whose it is under three rules - the source field, the origin (first touch, else
--   the fields) and the first touch before Sales made contact. Under every rule the five sides add up to the same won
--   revenue; a side without deals is a known 0. A won deal without an amount counts as a deal and adds no money. New
--   business only unless all is asked for; a deal of unknown type counts as new.
-- params: account_lists, business, campaigns, channels, owners, period_end, period_start, pipelines, products,
--   regions, segments, sides, sources, teams, video_engaged
-- defaults: business=new
-- needs: deals.source_raw|people.source_raw|touches.at
-- returns: rule, side, won_deals, won_amount
with chosen as (
    select
        deals.amount,
        deal_sides.field_side,
        deal_sides.origin_side,
        deal_sides.presales_side
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

ruled as (
    select
        'field' as rule,
        chosen.field_side as side,
        chosen.amount
    from chosen
    union all
    select
        'origin' as rule,
        chosen.origin_side as side,
        chosen.amount
    from chosen
    union all
    select
        'presales' as rule,
        chosen.presales_side as side,
        chosen.amount
    from chosen
),

summed as (
    select
        ruled.rule,
        ruled.side,
        count(*) as deals,
        sum(ruled.amount) as amount
    from ruled
    group by ruled.rule, ruled.side
)

select
    side_rules.rule,
    side_rules.side,
    coalesce(summed.deals, 0) as won_deals,
    coalesce(summed.amount, 0) as won_amount
from side_rules
left join summed on side_rules.rule = summed.rule and side_rules.side = summed.side
order by side_rules.rule_order, side_rules.side_order

-- name: sides_by_rule
-- title: Deals by whose they are under each rule
-- definition: Deals and their amount by side under the three rules of sourced - the deals created in the period, those open on
--   the day of the data, or those won in the period. Under every rule the five sides add up to the same; a side without
--   deals is a known 0.
-- params: account_lists, business, campaigns, channels, owners, period_end, period_start, pipeline_kind, pipelines,
--   products, regions, segments, sides, sources, teams, video_engaged
-- defaults: business=new, pipeline_kind=created
-- choices: pipeline_kind=created|open|won
-- needs: deals.source_raw|people.source_raw|touches.at
-- returns: rule, side, deals, amount
with chosen as (
    select
        deals.amount,
        deal_sides.field_side,
        deal_sides.origin_side,
        deal_sides.presales_side
    from deals
    inner join deal_sides on deals.deal_key = deal_sides.deal_key
    where
        case $pipeline_kind
            when 'open' then deals.is_open
            when 'won'
                then
                    deals.is_won
                    and ($period_start::date is null or deals.closed_on >= $period_start::date)
                    and ($period_end::date is null or deals.closed_on < $period_end::date)
            else
                deals.created_on is not null
                and ($period_start::date is null or deals.created_on >= $period_start::date)
                and ($period_end::date is null or deals.created_on < $period_end::date)
        end
        and ($business = 'all' or deals.is_new_business)
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
    coalesce(summed.deals, 0) as deals,
    coalesce(summed.amount, 0) as amount
from side_rules
left join summed on side_rules.rule = summed.rule and side_rules.side = summed.side
order by side_rules.rule_order, side_rules.side_order

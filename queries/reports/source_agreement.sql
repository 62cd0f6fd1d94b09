-- name: source_agreement
-- title: Whether the sources agree and what each rule rests on
-- definition: How many deals have both a source of their own and one of their main contact, and on how many of those the
--   two say the same word or belong to the same side, with a 95 % Wilson interval. Below, on how many deals each
--   rule finds a side and what it rests on. Deals by the day they were created; undated ones only without a period.
-- params: account_lists, business, campaigns, channels, owners, period_end, period_start, pipelines, products,
--   regions, segments, sides, sources, teams, video_engaged
-- defaults: business=all
-- needs: deals.source_raw|people.source_raw|touches.at
-- returns: rule, measure, deals, of_deals, share, low, high
with chosen as (
    select deal_sides.*
    from deals
    inner join deal_sides on deals.deal_key = deal_sides.deal_key
    where
        ($period_start::date is null or deals.created_on >= $period_start::date)
        and ($period_end::date is null or deals.created_on < $period_end::date)
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

counted as (
    select
        '' as rule,
        'both sources known' as measure,
        1 as place,
        count_if(chosen.deal_source_norm is not null and chosen.contact_source_norm is not null) as deals,
        count(*) as of_deals
    from chosen
    union all
    select
        '' as rule,
        'same source' as measure,
        2 as place,
        count_if(chosen.deal_source_norm = chosen.contact_source_norm) as deals,
        count(*) as of_deals
    from chosen
    where chosen.deal_source_norm is not null and chosen.contact_source_norm is not null
    union all
    select
        '' as rule,
        'same side' as measure,
        3 as place,
        count_if(coalesce(chosen.deal_source_side, 'unknown') = chosen.contact_source_side) as deals,
        count(*) as of_deals
    from chosen
    where chosen.deal_source_norm is not null and chosen.contact_source_norm is not null
    union all
    select
        'field' as rule,
        'side known' as measure,
        11 as place,
        count_if(chosen.field_side != 'unknown') as deals,
        count(*) as of_deals
    from chosen
    union all
    select
        'origin' as rule,
        'side known' as measure,
        21 as place,
        count_if(chosen.origin_side != 'unknown') as deals,
        count(*) as of_deals
    from chosen
    union all
    select
        'origin' as rule,
        'decided by touches' as measure,
        22 as place,
        count_if(chosen.origin_rule in ('touch', 'touch tie')) as deals,
        count(*) as of_deals
    from chosen
    union all
    select
        'origin' as rule,
        'decided by fields' as measure,
        23 as place,
        count_if(chosen.origin_rule in ('deal source', 'contact source', 'company source')) as deals,
        count(*) as of_deals
    from chosen
    union all
    select
        'presales' as rule,
        'side known' as measure,
        31 as place,
        count_if(chosen.presales_side != 'unknown') as deals,
        count(*) as of_deals
    from chosen
    union all
    select
        'presales' as rule,
        'touches of Marketing known' as measure,
        32 as place,
        count_if(chosen.first_marketing_at is not null) as deals,
        count(*) as of_deals
    from chosen
    union all
    select
        'presales' as rule,
        'contact by Sales known' as measure,
        33 as place,
        count_if(chosen.first_sales_at is not null) as deals,
        count(*) as of_deals
    from chosen
    union all
    select
        '' as rule,
        'created before the first contact record' as measure,
        4 as place,
        count_if(chosen.is_before_lead) as deals,
        count(*) as of_deals
    from chosen
),

normal as (
    select cast('1.959963984540054' as double) as z
)

select
    counted.rule,
    counted.measure,
    counted.deals,
    counted.of_deals,
    cast(counted.deals as double) / nullif(counted.of_deals, 0) as share,
    (
        counted.deals + normal.z * normal.z / 2
        - normal.z * sqrt(
            cast(counted.deals as double) * (counted.of_deals - counted.deals) / nullif(counted.of_deals, 0)
            + normal.z * normal.z / 4
        )
    ) / nullif(counted.of_deals + normal.z * normal.z, 0) as low,
    (
        counted.deals + normal.z * normal.z / 2
        + normal.z * sqrt(
            cast(counted.deals as double) * (counted.of_deals - counted.deals) / nullif(counted.of_deals, 0)
            + normal.z * normal.z / 4
        )
    ) / nullif(counted.of_deals + normal.z * normal.z, 0) as high
from counted
cross join normal
order by counted.place

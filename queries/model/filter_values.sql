-- name: filter_values
-- title: Filter values
-- definition: Every value leads and deals carry in each dimension, with how many of them carry it.
-- returns: dimension, value, entities
with carriers as (
    select
        lead_fact.channel,
        lead_fact.source,
        lead_fact.side,
        lead_fact.campaign,
        lead_fact.region,
        lead_fact.segment,
        lead_fact.product,
        lead_fact.team,
        lead_fact.owner,
        cast(null as varchar) as pipeline,
        lead_fact.account_list,
        case when lead_fact.video_engaged then 'yes' else 'no' end as video_engaged
    from lead_fact
    union all
    select
        deals.channel,
        deals.source,
        deals.side,
        deals.campaign,
        deals.region,
        deals.segment,
        deals.product,
        deals.team,
        deals.owner,
        deals.pipeline,
        deals.account_list,
        case when deals.video_engaged then 'yes' else 'no' end as video_engaged
    from deals
),

counted as (
    select
        grouping(carriers.channel) as g_channel,
        grouping(carriers.source) as g_source,
        grouping(carriers.side) as g_side,
        grouping(carriers.campaign) as g_campaign,
        grouping(carriers.region) as g_region,
        grouping(carriers.segment) as g_segment,
        grouping(carriers.product) as g_product,
        grouping(carriers.team) as g_team,
        grouping(carriers.owner) as g_owner,
        grouping(carriers.pipeline) as g_pipeline,
        grouping(carriers.account_list) as g_account_list,
        coalesce(
            carriers.channel, carriers.source, carriers.side, carriers.campaign, carriers.region, carriers.segment,
            carriers.product,
            carriers.team,
            carriers.owner,
            carriers.pipeline,
            carriers.account_list,
            carriers.video_engaged
        ) as value,
        count(*) as entities
    from carriers
    group by grouping sets (
        (carriers.channel),
        (carriers.source),
        (carriers.side),
        (carriers.campaign),
        (carriers.region),
        (carriers.segment),
        (carriers.product), (carriers.team), (carriers.owner), (carriers.pipeline), (carriers.account_list),
        (carriers.video_engaged)
    )
)

select
    case
        when counted.g_channel = 0 then 'channel'
        when counted.g_source = 0 then 'source'
        when counted.g_side = 0 then 'side'
        when counted.g_campaign = 0 then 'campaign'
        when counted.g_region = 0 then 'region'
        when counted.g_segment = 0 then 'segment'
        when counted.g_product = 0 then 'product'
        when counted.g_team = 0 then 'team'
        when counted.g_owner = 0 then 'owner'
        when counted.g_pipeline = 0 then 'pipeline'
        when counted.g_account_list = 0 then 'account_list'
        else 'video_engaged'
    end as dimension,
    counted.value,
    counted.entities
from counted
where counted.value is not null

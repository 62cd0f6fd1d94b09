-- name: campaigns
-- title: Campaigns
-- definition: Campaigns with their plan and cost.
-- returns: campaign_key, system, campaign_id, campaign_name, campaign_type, channel_raw, channel, side, status,
--   start_on, end_on, budget, actual_cost, currency
select
    row_number() over (order by base_campaigns.system, base_campaigns.record_key) as campaign_key,
    base_campaigns.system,
    base_campaigns.record_key as campaign_id,
    base_campaigns.name as campaign_name,
    base_campaigns.type as campaign_type,
    coalesce(base_campaigns.channel, base_campaigns.type) as channel_raw,
    source_vocabulary.channel,
    source_vocabulary.side,
    base_campaigns.status,
    cast(base_campaigns.start_at as date) as start_on,
    cast(base_campaigns.end_at as date) as end_on,
    base_campaigns.budget,
    base_campaigns.actual_cost,
    base_campaigns.currency
from base_campaigns
left join word_norms on coalesce(base_campaigns.channel, base_campaigns.type) = word_norms.word
left join source_vocabulary on word_norms.norm = source_vocabulary.source_norm
where base_campaigns.missing_since is null

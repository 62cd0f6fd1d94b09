-- name: deal_history
-- title: Deal history
-- definition: A row per version of a deal with the export dates from which and until which it held (open end = still holds).
-- returns: system, record_key, deal_key, deal_id, held_from, held_until, stage_raw, status, amount, currency,
--   created_at, closed_at, owner, pipeline, crm_probability, vendor_score
select
    deal_versions.system,
    deal_versions.record_key,
    deals.deal_key,
    deals.deal_id,
    deal_versions.held_from,
    deal_versions.held_until,
    deal_versions.stage_raw,
    deal_versions.status,
    deal_versions.amount,
    deal_versions.currency,
    deal_versions.created_at,
    deal_versions.closed_at,
    deal_versions.owner,
    deal_versions.pipeline,
    deal_versions.crm_probability,
    deal_versions.vendor_score
from deal_versions
left join deals on deal_versions.system = deals.system and deal_versions.record_key = deals.record_key

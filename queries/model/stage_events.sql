-- name: stage_events
-- title: Stage history
-- definition: When a deal or a person entered each stage - from a stage history export where one is loaded, and from the week-on-week
--   difference of the exports for teams that cannot export it.
-- returns: entity, entity_id, stage, entered_at, exited_at, origin
select
    coalesce(lower(base_stage_events.entity), 'deal') as entity,
    base_stage_events.entity_id,
    base_stage_events.stage,
    base_stage_events.entered_at,
    base_stage_events.exited_at,
    'history' as origin
from base_stage_events
where base_stage_events.missing_since is null
union all
select
    'deal' as entity,
    deal_versions.record_key as entity_id,
    coalesce(deal_versions.stage_raw, deal_versions.status) as stage,
    min(deal_versions.held_from) as entered_at,
    null as exited_at,
    'exports' as origin
from deal_versions
group by deal_versions.system, deal_versions.record_key, coalesce(deal_versions.stage_raw, deal_versions.status)

-- name: stage_events
-- title: Stage history
-- definition: When a deal or a person entered each stage - from a stage history export where one is loaded, and from the week-on-week
--   difference of the exports for teams that cannot export it.
-- returns: entity, entity_id, stage, entered_at, exited_at, origin, deal_key, person_key
with listed as (
    select
        coalesce(lower(base_stage_events.entity), 'deal') as entity,
        base_stage_events.system,
        base_stage_events.entity_id,
        base_stage_events.stage,
        base_stage_events.entered_at,
        base_stage_events.exited_at
    from base_stage_events
    where base_stage_events.missing_since is null
)

select
    listed.entity,
    listed.entity_id,
    listed.stage,
    listed.entered_at,
    listed.exited_at,
    'history' as origin,
    deal_refs.deal_key,
    case listed.entity
        when 'lead' then person_refs.lead_key
        when 'contact' then person_refs.contact_key
        else person_refs.any_key
    end as person_key
from listed
left join reference_scopes on listed.system = reference_scopes.system
left join deal_refs
    on
        listed.entity = 'deal'
        and reference_scopes.deals_scope = deal_refs.deals_scope
        and listed.entity_id = deal_refs.reference
left join person_refs
    on
        listed.entity != 'deal'
        and reference_scopes.people_scope = person_refs.people_scope
        and listed.entity_id = person_refs.person_id
union all
select
    'deal' as entity,
    deal_versions.record_key as entity_id,
    coalesce(deal_versions.stage_raw, deal_versions.status) as stage,
    min(deal_versions.held_from) as entered_at,
    null as exited_at,
    'exports' as origin,
    deals.deal_key,
    null as person_key
from deal_versions
left join deals on deal_versions.system = deals.system and deal_versions.record_key = deals.record_key
group by
    deal_versions.system,
    deal_versions.record_key,
    coalesce(deal_versions.stage_raw, deal_versions.status),
    deals.deal_key

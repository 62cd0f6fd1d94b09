-- name: source_unmapped
-- title: Sources nobody has mapped
-- severity: warn
-- definition: Lead sources the scorecard does not know - on the unknown side until somebody says whose they are.
-- returns: entity, entity_id, label, detail, cases
with sources as (
    select deals.source as source_raw
    from deals
    where deals.is_source_unmapped
    union all
    select people.source_raw
    from people
    where people.is_source_unmapped
)

select
    'source' as entity,
    sources.source_raw as entity_id,
    '' as label,
    'not mapped, side unknown' as detail,
    count(*) as cases
from sources
group by sources.source_raw
order by cases desc, entity_id asc

-- name: stage_unmapped
-- title: Stages nobody has mapped
-- severity: warn
-- definition: Stages the scorecard does not know - counted as open until somebody says what they are.
-- returns: entity, entity_id, label, detail, cases
select
    'stage' as entity,
    coalesce(deals.stage_raw, '(none)') as entity_id,
    coalesce(deals.pipeline, '') as label,
    'not mapped, counted as open' as detail,
    count(*) as cases
from deals
where deals.is_stage_unmapped
group by deals.stage_raw, deals.pipeline
order by cases desc, entity_id asc

-- name: record_missing
-- title: Records gone from a full export
-- severity: warn
-- definition: Records that a newer full list of their source no longer holds - kept, and in no number.
-- returns: entity, entity_id, label, detail, cases
select
    'deal' as entity,
    base_deals.record_key as entity_id,
    base_deals.name as label,
    concat('not in the export of ', strftime(base_deals.missing_since, '%Y-%m-%d')) as detail,
    1 as cases
from base_deals
where base_deals.missing_since is not null
union all
select
    'person' as entity,
    'all' as entity_id,
    'people' as label,
    'not in the newest export' as detail,
    count(*) as cases
from base_people
where base_people.missing_since is not null
having count(*) > 0
order by entity, entity_id

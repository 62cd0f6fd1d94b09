-- name: activity_unmatched
-- title: Activities nobody could be found for
-- severity: warn
-- definition: Calls, mails and meetings that name no lead, contact or deal that is loaded - counted, never joined by
--   a number that happens to be the same.
-- returns: entity, entity_id, label, detail, cases
select
    'activity' as entity,
    coalesce(activities.activity_type, 'activity') as entity_id,
    case when activities.names_somebody then 'names a record that is not loaded' else 'names nobody' end as label,
    'joined to no person and no deal' as detail,
    count(*) as cases
from activities
where activities.is_unmatched
group by activities.activity_type, activities.names_somebody
order by cases desc, entity_id asc, label asc

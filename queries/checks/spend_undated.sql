-- name: spend_undated
-- title: Spend without a period
-- severity: warn
-- definition: Cost lines without a date - in the total of all time, in no period.
-- returns: entity, entity_id, label, detail, cases
select
    'spend' as entity,
    spend.spend_id as entity_id,
    spend.campaign as label,
    'no period' as detail,
    1 as cases
from spend
where spend.spent_on is null
order by spend.spend_id

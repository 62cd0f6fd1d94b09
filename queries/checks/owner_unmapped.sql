-- name: owner_unmapped
-- title: Owners nobody knows
-- severity: warn
-- definition: Owners that are in no list of users - in no team until somebody says whose they are. Only where the teams of
--   other owners are known.
-- returns: entity, entity_id, label, detail, cases
with owned as (
    select base_deals.owner
    from base_deals
    where base_deals.missing_since is null
    union all
    select base_people.owner
    from base_people
    where base_people.missing_since is null
)

select
    'owner' as entity,
    owned.owner as entity_id,
    '' as label,
    'in no list of users, team unknown' as detail,
    count(*) as cases
from owned
left join users
    on trim(regexp_replace(lower(owned.owner), '[^\p{L}\p{N}]+', ' ', 'g')) = users.owner_alias
where owned.owner is not null and users.owner_alias is null and exists (select 1 from users)
group by owned.owner
order by cases desc, entity_id asc

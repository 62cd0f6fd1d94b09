-- name: users
-- title: Users
-- definition: The people who sell and market, by every name a record may call them (id, full name, e-mail
--   address); what the team has typed about an owner comes first. A team without a
--   name goes by its manager's.
-- returns: owner_alias, owner_name, team, region, manager, side
with named as (
    select
        base_users.owner,
        coalesce(
            base_users.name,
            nullif(trim(concat(coalesce(base_users.first_name, ''), ' ', coalesce(base_users.last_name, ''))), ''),
            base_users.owner
        ) as owner_name,
        base_users.email,
        coalesce(base_users.team, base_users.manager) as team,
        base_users.region,
        base_users.manager,
        lower(base_users.side) as side
    from base_users
    where base_users.missing_since is null
),

aliases as (
    select
        trim(regexp_replace(lower(named.owner), '[^\p{L}\p{N}]+', ' ', 'g')) as owner_alias,
        named.owner_name,
        named.team,
        named.region,
        named.manager,
        named.side
    from named
    union all
    select
        trim(regexp_replace(lower(named.owner_name), '[^\p{L}\p{N}]+', ' ', 'g')) as owner_alias,
        named.owner_name,
        named.team,
        named.region,
        named.manager,
        named.side
    from named
    union all
    select
        trim(regexp_replace(lower(named.email), '[^\p{L}\p{N}]+', ' ', 'g')) as owner_alias,
        named.owner_name,
        named.team,
        named.region,
        named.manager,
        named.side
    from named
    where named.email is not null
),

said as (
    select
        owner_words.owner_alias,
        owner_words.owner as owner_name,
        owner_words.team,
        owner_words.region,
        cast(null as varchar) as manager,
        cast(null as varchar) as side
    from owner_words
)

select
    aliases.owner_alias,
    min(aliases.owner_name) as owner_name,
    min(aliases.team) as team,
    min(aliases.region) as region,
    min(aliases.manager) as manager,
    min(aliases.side) as side
from aliases
where aliases.owner_alias not in (select said.owner_alias from said)
group by aliases.owner_alias
union all
select
    said.owner_alias,
    said.owner_name,
    said.team,
    said.region,
    said.manager,
    said.side
from said

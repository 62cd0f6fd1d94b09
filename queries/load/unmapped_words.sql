-- name: unmapped_words
-- title: Words nobody has explained
-- definition: Stages and sources that no vocabulary knows, with how many records use each, and owners whose team is not known where
--   other owners' teams are.
with words as (
    select
        'stage' as what,
        coalesce(deals.stage_raw, '(none)') as word,
        coalesce(deals.pipeline, '') as pipeline,
        count(*) as cases
    from deals
    where deals.is_stage_unmapped
    group by deals.stage_raw, deals.pipeline
    union all
    select
        'source' as what,
        deals.source as word,
        '' as pipeline,
        count(*) as cases
    from deals
    where deals.is_source_unmapped
    group by deals.source
    union all
    select
        'source' as what,
        people.source_raw as word,
        '' as pipeline,
        count(*) as cases
    from people
    where people.is_source_unmapped
    group by people.source_raw
    union all
    select
        'owner' as what,
        owned.owner as word,
        '' as pipeline,
        count(*) as cases
    from (
        select base_deals.owner
        from base_deals
        where base_deals.missing_since is null
        union all
        select base_people.owner
        from base_people
        where base_people.missing_since is null
    ) as owned
    left join users
        on trim(regexp_replace(lower(owned.owner), '[^\p{L}\p{N}]+', ' ', 'g')) = users.owner_alias
    where owned.owner is not null and users.owner_alias is null and exists (select 1 from users)
    group by owned.owner
)

select
    words.what,
    words.word,
    words.pipeline,
    sum(words.cases) as cases
from words
group by words.what, words.word, words.pipeline
order by cases desc, words.what asc, words.word asc

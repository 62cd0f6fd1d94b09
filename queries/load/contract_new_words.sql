-- name: contract_new_words
-- title: New stages, sources and owners
-- definition: Words of the export that no vocabulary knows and no earlier export used.
with worded as (
    select
        incoming_words.what,
        incoming_words.word,
        incoming_words.cases,
        trim(regexp_replace(lower(incoming_words.word), '[^\p{L}\p{N}]+', ' ', 'g')) as norm
    from incoming_words
),

held_words as (
    select
        'stage' as what,
        base_deals.stage_raw as word
    from base_deals
    union all
    select
        'stage' as what,
        base_deals.status as word
    from base_deals
    union all
    select
        'source' as what,
        base_deals.source_raw as word
    from base_deals
    union all
    select
        'source' as what,
        base_people.source_raw as word
    from base_people
    union all
    select
        'owner' as what,
        base_deals.owner as word
    from base_deals
    union all
    select
        'owner' as what,
        base_people.owner as word
    from base_people
    union all
    select
        'owner' as what,
        base_users.owner as word
    from base_users
    union all
    select
        'owner' as what,
        base_users.name as word
    from base_users
),

known_words as (
    select distinct
        held_words.what,
        trim(regexp_replace(lower(held_words.word), '[^\p{L}\p{N}]+', ' ', 'g')) as norm
    from held_words
    where held_words.word is not null
    union
    select
        'stage' as what,
        stage_vocabulary.stage_norm as norm
    from stage_vocabulary
    union
    select
        'source' as what,
        source_vocabulary.source_norm as norm
    from source_vocabulary
    union
    select
        'owner' as what,
        owner_words.owner_alias as norm
    from owner_words
)

select
    worded.what,
    worded.word,
    worded.cases
from worded
left join known_words on worded.what = known_words.what and worded.norm = known_words.norm
where known_words.norm is null and worded.norm != ''
order by worded.cases desc, worded.what asc, worded.word asc

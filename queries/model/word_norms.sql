-- name: word_norms
-- title: Words as compared
-- definition: Every word of a source, stage, type, owner or channel that occurs, and how it is compared - lower case, and everything but
--   letters and digits one space. Worked out once for each word instead of once for each row.
-- returns: word, norm
with words as (
    select distinct base_people.source_raw as word from base_people
    union
    select distinct base_people.lifecycle_stage as word from base_people
    union
    select distinct base_people.owner as word from base_people
    union
    select distinct base_deals.source_raw as word from base_deals
    union
    select distinct base_deals.stage_raw as word from base_deals
    union
    select distinct base_deals.pipeline as word from base_deals
    union
    select distinct base_deals.status as word from base_deals
    union
    select distinct base_deals.type as word from base_deals
    union
    select distinct base_deals.owner as word from base_deals
    union
    select distinct base_activities.owner as word from base_activities
    union
    select distinct
        coalesce(
            base_touches.channel, base_touches.source_raw, base_touches.utm_medium, base_touches.utm_source
        ) as word
    from base_touches
    union
    select distinct coalesce(base_campaigns.channel, base_campaigns.type) as word from base_campaigns
)

select
    words.word,
    trim(regexp_replace(lower(words.word), '[^\p{L}\p{N}]+', ' ', 'g')) as norm
from words
where words.word is not null

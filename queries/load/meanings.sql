-- name: meanings
-- title: What words mean
-- definition: Every source and stage the vocabularies know, to propose a meaning for a word that is spelt nearly like one of them.
select
    'source' as what,
    source_vocabulary.source_norm as word,
    source_vocabulary.channel as meaning,
    source_vocabulary.side,
    cast(null as integer) as stage_order
from source_vocabulary
union all
select
    'stage' as what,
    stage_vocabulary.stage_norm as word,
    stage_vocabulary.stage as meaning,
    stage_vocabulary.status as side,
    stage_vocabulary.stage_order
from stage_vocabulary

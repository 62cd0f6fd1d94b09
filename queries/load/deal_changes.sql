-- name: deal_changes
-- title: Deals before and after a load
-- definition: Every deal as it is held now and as it would be after the load, its stage read as open, won or lost and its money in the
--   reporting currency. Among rows of one deal the export of the latest day wins, within a day the last modified, then what comes in. A
--   full list takes away the deals of its source that it no longer names.
with newest_rows as (
    select incoming_rows.*
    from incoming_rows
    qualify row_number() over (
        partition by incoming_rows.system, incoming_rows.object, incoming_rows.record_key
        order by incoming_rows.told_at desc, incoming_rows.changed_at desc
    ) = 1
),

held_rows as (
    select
        base_deals.system,
        base_deals.object,
        base_deals.record_key,
        base_deals.name,
        base_deals.stage_raw,
        base_deals.status,
        base_deals.pipeline,
        base_deals.amount,
        base_deals.amount_home,
        base_deals.currency,
        base_deals.created_at,
        base_deals.closed_at,
        date_trunc('second', base_deals.as_of) as told_at,
        coalesce(base_deals.changed_at, timestamp '1900-01-01') as changed_at,
        base_deals.as_of,
        base_deals.import_id
    from base_deals
    where base_deals.missing_since is null
),

both_sides as (
    select
        'before' as side,
        held_rows.system,
        held_rows.object,
        held_rows.record_key,
        held_rows.name,
        held_rows.stage_raw,
        held_rows.status,
        held_rows.pipeline,
        held_rows.amount,
        held_rows.amount_home,
        held_rows.currency,
        held_rows.created_at,
        held_rows.closed_at
    from held_rows
    union all
    select
        'after' as side,
        held_rows.system,
        held_rows.object,
        held_rows.record_key,
        held_rows.name,
        held_rows.stage_raw,
        held_rows.status,
        held_rows.pipeline,
        held_rows.amount,
        held_rows.amount_home,
        held_rows.currency,
        held_rows.created_at,
        held_rows.closed_at
    from held_rows
    left join newest_rows
        on
            held_rows.system = newest_rows.system
            and held_rows.object = newest_rows.object
            and held_rows.record_key = newest_rows.record_key
    left join full_sources on held_rows.import_id = full_sources.import_id
    where
        (
            newest_rows.record_key is null
            or newest_rows.told_at < held_rows.told_at
            or (newest_rows.told_at = held_rows.told_at and newest_rows.changed_at < held_rows.changed_at)
        )
        and (
            newest_rows.record_key is not null
            or full_sources.import_id is null
            or held_rows.as_of >= full_sources.as_of
        )
    union all
    select
        'after' as side,
        newest_rows.system,
        newest_rows.object,
        newest_rows.record_key,
        newest_rows.name,
        newest_rows.stage_raw,
        newest_rows.status,
        newest_rows.pipeline,
        newest_rows.amount,
        newest_rows.amount_home,
        newest_rows.currency,
        newest_rows.created_at,
        newest_rows.closed_at
    from newest_rows
    left join held_rows
        on
            newest_rows.system = held_rows.system
            and newest_rows.object = held_rows.object
            and newest_rows.record_key = held_rows.record_key
    where
        held_rows.record_key is null
        or newest_rows.told_at > held_rows.told_at
        or (newest_rows.told_at = held_rows.told_at and newest_rows.changed_at >= held_rows.changed_at)
),

worded as (
    select
        both_sides.*,
        trim(regexp_replace(lower(both_sides.stage_raw), '[^\p{L}\p{N}]+', ' ', 'g')) as stage_norm,
        trim(regexp_replace(lower(coalesce(both_sides.pipeline, '')), '[^\p{L}\p{N}]+', ' ', 'g')) as pipeline_norm,
        trim(regexp_replace(lower(both_sides.status), '[^\p{L}\p{N}]+', ' ', 'g')) as status_norm
    from both_sides
),

priced as (
    select
        worded.side,
        worded.system,
        worded.object,
        worded.record_key,
        worded.name,
        worded.amount as amount_original,
        worded.created_at,
        coalesce(status_words.status, pipeline_stage.status, any_stage.status, 'open') as status,
        case
            when coalesce(status_words.status, pipeline_stage.status, any_stage.status, 'open') != 'open'
                then worded.closed_at
        end as closed_at,
        case
            when worded.amount_home is not null then worded.amount_home
            when worded.currency is null or worded.currency = config.reporting_currency then worded.amount
            else cast(round(worded.amount * rates.rate, 4) as decimal(18, 4))
        end as amount
    from worded
    cross join config
    left join stage_vocabulary as pipeline_stage
        on
            worded.stage_norm = pipeline_stage.stage_norm
            and worded.pipeline_norm = pipeline_stage.pipeline_norm
            and pipeline_stage.pipeline_norm != ''
    left join stage_vocabulary as any_stage
        on worded.stage_norm = any_stage.stage_norm and any_stage.pipeline_norm = ''
    left join stage_vocabulary as status_words
        on worded.status_norm = status_words.stage_norm and status_words.pipeline_norm = ''
    left join currency_rates as rates
        on
            worded.currency = rates.currency
            and rates.from_on <= cast(coalesce(worded.closed_at, worded.created_at, config.as_of_at) as date)
            and (
                rates.until_on is null
                or cast(coalesce(worded.closed_at, worded.created_at, config.as_of_at) as date) < rates.until_on
            )
),

before_rows as (
    select priced.*
    from priced
    where priced.side = 'before'
),

after_rows as (
    select priced.*
    from priced
    where priced.side = 'after'
)

select
    coalesce(after_rows.record_key, before_rows.record_key) as deal_id,
    coalesce(after_rows.name, before_rows.name) as deal_name,
    before_rows.status as before_status,
    after_rows.status as after_status,
    before_rows.amount as before_amount,
    after_rows.amount as after_amount,
    before_rows.amount_original as before_amount_original,
    after_rows.amount_original as after_amount_original,
    before_rows.created_at as before_created_at,
    after_rows.created_at as after_created_at,
    before_rows.closed_at as before_closed_at,
    after_rows.closed_at as after_closed_at
from after_rows
full join before_rows
    on
        after_rows.system = before_rows.system
        and after_rows.object = before_rows.object
        and after_rows.record_key = before_rows.record_key

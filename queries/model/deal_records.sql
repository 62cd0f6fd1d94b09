-- name: deal_records
-- title: Deal records
-- definition: Deals with their stage read as open, won or lost, their money in the reporting currency and their dates. A stage nobody has
--   mapped counts as open and is listed as unmapped. A date-only close is the end of that day.
-- returns: deal_key, deal_id, system, record_key, import_id, line_no, deal_name, stage_raw, stage, stage_order,
--   is_stage_unmapped, status, is_won, is_lost, is_open, is_closed, amount, amount_original, currency,
--   is_rate_missing, created_at, created_on, closed_at, closed_on, expected_close_on, is_future_dated, is_undated,
--   pipeline, type_raw, deal_type, is_new_business, company_id, company_name_raw, primary_person_id, person_ids,
--   lead_id, person_email, owner_raw, team_raw, region_raw, product, segment_raw, source_raw, source_norm,
--   source_channel, source_side, is_source_unmapped, campaign_id, campaign_name, loss_reason, crm_probability, margin,
--   discount, next_step, account_list_raw, modified_at, as_of
with repeated_ids as (
    select base_deals.record_key
    from base_deals
    where base_deals.missing_since is null
    group by base_deals.record_key
    having count(*) > 1
),

worded as (
    select
        row_number() over (order by base_deals.system, base_deals.object, base_deals.record_key) as deal_key,
        repeated_ids.record_key is not null as is_id_repeated,
        base_deals.*,
        stage_words.norm as stage_norm,
        coalesce(pipeline_words.norm, '') as pipeline_norm,
        status_words.norm as status_norm,
        type_words.norm as type_norm,
        source_words.norm as source_norm
    from base_deals
    left join repeated_ids on base_deals.record_key = repeated_ids.record_key
    left join word_norms as stage_words on base_deals.stage_raw = stage_words.word
    left join word_norms as pipeline_words on base_deals.pipeline = pipeline_words.word
    left join word_norms as status_words on base_deals.status = status_words.word
    left join word_norms as type_words on base_deals.type = type_words.word
    left join word_norms as source_words on base_deals.source_raw = source_words.word
    where base_deals.missing_since is null
),

staged as (
    select
        worded.*,
        coalesce(pipeline_stage.status, any_stage.status) as stage_status,
        coalesce(pipeline_stage.stage, any_stage.stage, worded.stage_raw, worded.status) as stage,
        coalesce(pipeline_stage.stage_order, any_stage.stage_order) as stage_order,
        status_words.status as status_status
    from worded
    left join stage_vocabulary as pipeline_stage
        on
            worded.stage_norm = pipeline_stage.stage_norm
            and worded.pipeline_norm = pipeline_stage.pipeline_norm
            and pipeline_stage.pipeline_norm != ''
    left join stage_vocabulary as any_stage
        on worded.stage_norm = any_stage.stage_norm and any_stage.pipeline_norm = ''
    left join stage_vocabulary as status_words
        on worded.status_norm = status_words.stage_norm and status_words.pipeline_norm = ''
),

priced as (
    select
        staged.*,
        coalesce(staged.status_status, staged.stage_status, 'open') as deal_status,
        staged.status_status is null and staged.stage_status is null as is_stage_unmapped,
        case
            when staged.amount_home is not null then staged.amount_home
            when staged.amount is null then null
            when staged.currency is null or staged.currency = config.reporting_currency then staged.amount
            else cast(round(staged.amount * rates.rate, 4) as decimal(18, 4))
        end as amount_reported,
        config.as_of_on,
        config.as_of_at
    from staged
    cross join config
    left join currency_rates as rates
        on
            staged.currency = rates.currency
            and rates.from_on <= cast(coalesce(staged.closed_at, staged.created_at, config.as_of_at) as date)
            and (
                rates.until_on is null
                or cast(coalesce(staged.closed_at, staged.created_at, config.as_of_at) as date) < rates.until_on
            )
)

select
    priced.deal_key,
    case
        when priced.is_id_repeated then concat(priced.system, ':', priced.record_key)
        else priced.record_key
    end as deal_id,
    priced.system,
    priced.record_key,
    priced.import_id,
    priced.line_no,
    priced.name as deal_name,
    priced.stage_raw,
    priced.stage,
    priced.stage_order,
    priced.is_stage_unmapped,
    priced.deal_status as status,
    priced.deal_status = 'won' as is_won,
    priced.deal_status = 'lost' as is_lost,
    priced.deal_status = 'open' as is_open,
    priced.deal_status != 'open' as is_closed,
    cast(priced.amount_reported as decimal(18, 2)) as amount,
    priced.amount as amount_original,
    priced.currency,
    priced.amount is not null and priced.amount_reported is null as is_rate_missing,
    priced.created_at,
    cast(priced.created_at as date) as created_on,
    case
        when priced.deal_status = 'open' then null
        when
            cast(priced.closed_at as date) = priced.closed_at
            then cast(priced.closed_at as date) + interval 1 day - interval 1 second
        else priced.closed_at
    end as closed_at,
    case when priced.deal_status != 'open' then cast(priced.closed_at as date) end as closed_on,
    cast(coalesce(priced.expected_close_at, case when priced.deal_status = 'open' then priced.closed_at end) as date)
        as expected_close_on,
    priced.deal_status != 'open'
    and case
        when
            cast(priced.closed_at as date) = priced.closed_at
            then cast(priced.closed_at as date) > cast(priced.as_of as date)
        else priced.closed_at > priced.as_of
    end as is_future_dated,
    priced.closed_at is null and priced.expected_close_at is null as is_undated,
    priced.pipeline,
    priced.type as type_raw,
    coalesce(type_vocabulary.type, 'unknown') as deal_type,
    coalesce(type_vocabulary.type, 'unknown') in ('new', 'unknown') as is_new_business,
    priced.company_id,
    priced.company_name as company_name_raw,
    priced.primary_person_id,
    priced.person_ids,
    priced.lead_id,
    priced.person_email,
    priced.owner as owner_raw,
    priced.team as team_raw,
    priced.region as region_raw,
    priced.product,
    priced.segment as segment_raw,
    priced.source_raw,
    priced.source_norm,
    source_vocabulary.channel as source_channel,
    source_vocabulary.side as source_side,
    priced.source_raw is not null and source_vocabulary.side is null as is_source_unmapped,
    priced.campaign_id,
    priced.campaign_name,
    priced.loss_reason,
    priced.crm_probability,
    priced.margin,
    priced.discount,
    priced.next_step,
    priced.account_list as account_list_raw,
    priced.modified_at,
    priced.as_of
from priced
left join type_vocabulary on priced.type_norm = type_vocabulary.type_norm
left join source_vocabulary on priced.source_norm = source_vocabulary.source_norm

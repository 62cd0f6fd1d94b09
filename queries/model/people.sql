-- name: people
-- title: People
-- definition: The one customer - everybody who could buy, one row however many records tell of them. Created, source and stage dates
--   are the earliest known; owner, status and segment the latest.
-- returns: person_key, person_id, system, object, record_key, records_merged, email_norm, person_name, company_key,
--   company_name, created_at, created_on, source_raw, source_norm, source_channel, source_side, is_source_unmapped,
--   lifecycle_stage, lifecycle_norm, status, mql_at, sal_at, sql_at, opp_at, customer_at, disqualified_at,
--   disq_reason, assigned_at, first_response_at, owner, team, region, segment, product, country, score, campaign,
--   account_list, is_converted, as_of
with shared_keys as (
    select person_keys.person_key
    from person_keys
    group by person_keys.person_key
    having count(*) > 1
),

records as (
    select
        person_keys.person_key,
        person_keys.record_no,
        shared_keys.person_key is not null as is_shared,
        coalesce(base_people.modified_at, base_people.as_of) as known_at,
        coalesce(base_people.created_at, base_people.modified_at, base_people.as_of) as began_at,
        coalesce(
            base_people.name,
            nullif(trim(concat(coalesce(base_people.first_name, ''), ' ', coalesce(base_people.last_name, ''))), '')
        ) as person_name,
        coalesce(base_people.campaign_name, base_people.campaign_id) as campaign,
        base_people.system,
        base_people.object,
        base_people.record_key,
        base_people.email,
        base_people.created_at,
        base_people.source_raw,
        base_people.lifecycle_stage,
        base_people.status,
        base_people.mql_at,
        base_people.sal_at,
        base_people.sql_at,
        base_people.opp_at,
        base_people.customer_at,
        base_people.disqualified_at,
        base_people.disq_reason,
        base_people.assigned_at,
        base_people.first_response_at,
        base_people.owner,
        base_people.team,
        base_people.region,
        base_people.product,
        base_people.country,
        base_people.segment,
        base_people.score,
        base_people.account_list,
        base_people.company_id,
        base_people.company_name,
        base_people.converted_flag,
        base_people.as_of
    from base_people
    inner join person_keys
        on
            base_people.record_key = person_keys.record_key
            and base_people.system = person_keys.system
            and base_people.object = person_keys.object
    left join shared_keys on person_keys.person_key = shared_keys.person_key
    where base_people.missing_since is null
),

-- Nearly everybody has one record: only the others have something to merge. Places are unique, so that records alike in
-- time always merge the same way.
ranked as (
    select
        records.*,
        row_number() over (partition by records.person_key order by records.record_no) as first_record,
        row_number() over (
            partition by records.person_key
            order by records.known_at desc, records.record_no asc
        ) as newest,
        row_number() over (partition by records.person_key order by records.known_at, records.record_no) as oldest,
        row_number() over (partition by records.person_key order by records.began_at, records.record_no) as earliest
    from records
    where records.is_shared
),

merged as (
    select
        records.person_key,
        1 as records_merged,
        records.system,
        records.object,
        records.record_key,
        records.email as email_norm,
        records.person_name,
        records.created_at,
        records.source_raw,
        records.lifecycle_stage,
        records.status,
        records.mql_at,
        records.sal_at,
        records.sql_at,
        records.opp_at,
        records.customer_at,
        records.disqualified_at,
        records.disq_reason,
        records.assigned_at,
        records.first_response_at,
        records.owner as owner_raw,
        records.team,
        records.region,
        records.product,
        records.country,
        records.segment,
        records.score,
        records.campaign,
        records.account_list,
        records.company_id,
        records.company_name,
        records.converted_flag as is_converted,
        records.as_of
    from records
    where not records.is_shared
    union all
    select
        ranked.person_key,
        count(*) as records_merged,
        min_by(ranked.system, ranked.first_record) as system,
        min_by(ranked.object, ranked.first_record) as object,
        min_by(ranked.record_key, ranked.first_record) as record_key,
        min(ranked.email) as email_norm,
        min_by(ranked.person_name, ranked.first_record) as person_name,
        min(ranked.created_at) as created_at,
        min_by(ranked.source_raw, ranked.earliest) filter (where ranked.source_raw is not null) as source_raw,
        min_by(ranked.lifecycle_stage, ranked.newest) as lifecycle_stage,
        min_by(ranked.status, ranked.newest) as status,
        min(ranked.mql_at) as mql_at,
        min(ranked.sal_at) as sal_at,
        min(ranked.sql_at) as sql_at,
        min(ranked.opp_at) as opp_at,
        min(ranked.customer_at) as customer_at,
        min(ranked.disqualified_at) as disqualified_at,
        min_by(ranked.disq_reason, ranked.newest) as disq_reason,
        min(ranked.assigned_at) as assigned_at,
        min(ranked.first_response_at) as first_response_at,
        min_by(ranked.owner, ranked.newest) as owner_raw,
        min_by(ranked.team, ranked.newest) as team,
        min_by(ranked.region, ranked.newest) as region,
        min_by(ranked.product, ranked.newest) as product,
        min_by(ranked.country, ranked.newest) as country,
        min_by(ranked.segment, ranked.newest) as segment,
        min_by(ranked.score, ranked.newest) as score,
        min_by(ranked.campaign, ranked.oldest) as campaign,
        min_by(ranked.account_list, ranked.newest) as account_list,
        min_by(ranked.company_id, ranked.newest) as company_id,
        min_by(ranked.company_name, ranked.newest) as company_name,
        bool_or(ranked.converted_flag) as is_converted,
        max(ranked.as_of) as as_of
    from ranked
    group by ranked.person_key
),

repeated_ids as (
    select merged.record_key
    from merged
    group by merged.record_key
    having count(*) > 1
),

identified as (
    select
        merged.*,
        coalesce(by_id.company_key, by_name.company_key) as company_key,
        repeated_ids.record_key is not null as is_id_repeated,
        source_words.norm as source_norm,
        stage_words.norm as lifecycle_norm,
        owner_words.norm as owner_norm
    from merged
    left join repeated_ids on merged.record_key = repeated_ids.record_key
    left join reference_scopes on merged.system = reference_scopes.system
    left join company_refs as by_id
        on
            reference_scopes.companies_scope = by_id.companies_scope
            and by_id.reference_kind = 'id'
            and merged.company_id = by_id.reference
    left join company_refs as by_name
        on
            reference_scopes.companies_scope = by_name.companies_scope
            and by_name.reference_kind = 'name'
            and lower(trim(merged.company_name)) = by_name.reference
    left join word_norms as source_words on merged.source_raw = source_words.word
    left join word_norms as stage_words on merged.lifecycle_stage = stage_words.word
    left join word_norms as owner_words on merged.owner_raw = owner_words.word
)

select
    identified.person_key,
    case
        when identified.is_id_repeated
            then concat(identified.system, ':', identified.object, ':', identified.record_key)
        else identified.record_key
    end as person_id,
    identified.system,
    identified.object,
    identified.record_key,
    identified.records_merged,
    identified.email_norm,
    identified.person_name,
    identified.company_key,
    coalesce(companies.company_name, identified.company_name) as company_name,
    identified.created_at,
    cast(identified.created_at as date) as created_on,
    identified.source_raw,
    identified.source_norm,
    source_vocabulary.channel as source_channel,
    coalesce(source_vocabulary.side, 'unknown') as source_side,
    identified.source_raw is not null and source_vocabulary.side is null as is_source_unmapped,
    identified.lifecycle_stage,
    identified.lifecycle_norm,
    identified.status,
    identified.mql_at,
    identified.sal_at,
    identified.sql_at,
    identified.opp_at,
    identified.customer_at,
    identified.disqualified_at,
    identified.disq_reason,
    identified.assigned_at,
    identified.first_response_at,
    coalesce(users.owner_name, identified.owner_raw) as owner,
    coalesce(identified.team, users.team) as team,
    coalesce(identified.region, companies.region, users.region) as region,
    coalesce(identified.segment, companies.segment) as segment,
    identified.product,
    identified.country,
    identified.score,
    coalesce(campaign_names.campaign_name, identified.campaign) as campaign,
    coalesce(identified.account_list, companies.account_list) as account_list,
    identified.is_converted,
    identified.as_of
from identified
left join companies on identified.company_key = companies.company_key
left join users on identified.owner_norm = users.owner_alias
left join source_vocabulary on identified.source_norm = source_vocabulary.source_norm
left join campaign_names on identified.campaign = campaign_names.campaign_id

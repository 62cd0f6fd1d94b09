-- name: people
-- title: People
-- definition: The one customer - everybody who could buy, one row however many records tell of them. Created, source and stage dates
--   are the earliest known; owner, status and segment the latest.
-- returns: person_key, person_id, system, object, record_key, records_merged, email_norm, person_name, company_key,
--   company_name, created_at, created_on, source_raw, source_norm, source_channel, source_side, is_source_unmapped,
--   lifecycle_stage, lifecycle_norm, status, mql_at, sal_at, sql_at, opp_at, customer_at, disqualified_at,
--   disq_reason, assigned_at, first_response_at, owner, team, region, segment, product, country, score, campaign,
--   account_list, is_converted, as_of
with records as (
    select
        person_keys.person_key,
        person_keys.record_no,
        base_people.*,
        coalesce(base_people.modified_at, base_people.as_of) as known_at,
        trim(regexp_replace(lower(base_people.source_raw), '[^\p{L}\p{N}]+', ' ', 'g')) as source_norm,
        trim(regexp_replace(lower(base_people.lifecycle_stage), '[^\p{L}\p{N}]+', ' ', 'g')) as lifecycle_norm
    from base_people
    inner join person_keys
        on
            base_people.system = person_keys.system
            and base_people.object = person_keys.object
            and base_people.record_key = person_keys.record_key
    where base_people.missing_since is null
),

merged as (
    select
        records.person_key,
        min(records.record_no) as record_no,
        count(*) as records_merged,
        min_by(records.system, records.record_no) as system,
        min_by(records.object, records.record_no) as object,
        min_by(records.record_key, records.record_no) as record_key,
        min(records.email) as email_norm,
        min_by(
            coalesce(
                records.name,
                nullif(trim(concat(coalesce(records.first_name, ''), ' ', coalesce(records.last_name, ''))), '')
            ),
            records.record_no
        ) as person_name,
        min(records.created_at) as created_at,
        min_by(records.source_raw, coalesce(records.created_at, records.known_at)) filter (
            where records.source_raw is not null
        )
            as source_raw,
        min_by(records.source_norm, coalesce(records.created_at, records.known_at)) filter (
            where records.source_raw is not null
        )
            as source_norm,
        max_by(records.lifecycle_stage, records.known_at) as lifecycle_stage,
        max_by(records.lifecycle_norm, records.known_at) as lifecycle_norm,
        max_by(records.status, records.known_at) as status,
        min(records.mql_at) as mql_at,
        min(records.sal_at) as sal_at,
        min(records.sql_at) as sql_at,
        min(records.opp_at) as opp_at,
        min(records.customer_at) as customer_at,
        min(records.disqualified_at) as disqualified_at,
        max_by(records.disq_reason, records.known_at) as disq_reason,
        min(records.assigned_at) as assigned_at,
        min(records.first_response_at) as first_response_at,
        max_by(records.owner, records.known_at) as owner_raw,
        max_by(records.team, records.known_at) as team,
        max_by(records.region, records.known_at) as region,
        max_by(records.product, records.known_at) as product,
        max_by(records.country, records.known_at) as country,
        max_by(records.segment, records.known_at) as segment,
        max_by(records.score, records.known_at) as score,
        min_by(coalesce(records.campaign_name, records.campaign_id), records.known_at) as campaign,
        max_by(records.account_list, records.known_at) as account_list,
        max_by(records.company_id, records.known_at) as company_id,
        max_by(records.company_name, records.known_at) as company_name,
        bool_or(records.converted_flag) as is_converted,
        max(records.as_of) as as_of
    from records
    group by records.person_key
),

identified as (
    select
        merged.*,
        coalesce(by_id.company_key, by_name.company_key) as company_key,
        count(*) over (partition by merged.record_key) as same_id
    from merged
    left join company_refs as by_id
        on merged.system = by_id.system and by_id.reference_kind = 'id' and merged.company_id = by_id.reference
    left join company_refs as by_name
        on
            merged.system = by_name.system
            and by_name.reference_kind = 'name'
            and lower(trim(merged.company_name)) = by_name.reference
)

select
    identified.person_key,
    case
        when identified.same_id = 1 then identified.record_key
        else concat(identified.system, ':', identified.object, ':', identified.record_key)
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
left join users
    on trim(regexp_replace(lower(identified.owner_raw), '[^\p{L}\p{N}]+', ' ', 'g')) = users.owner_alias
left join source_vocabulary on identified.source_norm = source_vocabulary.source_norm
left join campaign_names on identified.campaign = campaign_names.campaign_id

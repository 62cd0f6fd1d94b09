-- name: lead_state
-- title: Every lead as a snapshot tells it
-- definition: Each person with the stage they had reached - lead, MQL, SQL, opportunity - and whether they are still open, became
--   a customer or are disqualified or lost; whether the filters match; and whether they were created in the period. People
--   whom a full export no longer holds are there as missing.
-- params: account_lists, campaigns, channels, owners, period_end, period_start, pipelines, products, regions, segments,
--   sides, sources, teams, video_engaged
-- needs: people.created_at|people.lifecycle_stage|people.status
-- returns: system, object, record_key, person_id, person_name, owner, source, stage, stage_order, status, is_shown,
--   is_in_scope, as_of_on
with told as (
    select
        people.system,
        coalesce(people.object, '') as object,
        people.record_key,
        lead_fact.person_id,
        lead_fact.person_name,
        lead_fact.owner,
        lead_fact.source,
        case
            when lead_fact.opp_at is not null then 4
            when lead_fact.sql_at is not null then 3
            when lead_fact.mql_at is not null then 2
            else 1
        end as stage_order,
        case
            when lead_fact.is_won then 'won'
            when lead_fact.lost_at is not null then 'disqualified'
            else 'open'
        end as status,
        (len($channels) = 0 or list_contains($channels, coalesce(lead_fact.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(lead_fact.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(lead_fact.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(lead_fact.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(lead_fact.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(lead_fact.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(lead_fact.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(lead_fact.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(lead_fact.owner, '')))
        and (len($pipelines) = 0 or list_contains($pipelines, ''))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(lead_fact.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when lead_fact.video_engaged then 'yes' else 'no' end)
        ) as is_shown,
        ($period_start::date is null or coalesce(lead_fact.created_on >= $period_start::date, false))
        and ($period_end::date is null or coalesce(lead_fact.created_on < $period_end::date, false)) as is_in_period
    from lead_fact
    inner join people on lead_fact.person_key = people.person_key
    union all
    select
        base_people.system,
        base_people.object,
        base_people.record_key,
        base_people.record_key as person_id,
        base_people.name as person_name,
        base_people.owner,
        base_people.source_raw as source,
        1 as stage_order,
        'missing' as status,
        false as is_shown,
        false as is_in_period
    from base_people
    where base_people.missing_since is not null
)

select
    told.system,
    told.object,
    told.record_key,
    told.person_id,
    told.person_name,
    told.owner,
    told.source,
    case told.stage_order when 4 then 'Opportunity' when 3 then 'SQL' when 2 then 'MQL' else 'Lead' end as stage,
    told.stage_order,
    told.status,
    told.is_shown,
    told.status = 'open' and told.is_shown and told.is_in_period as is_in_scope,
    config.as_of_on
from told
cross join config

-- name: lead_moves
-- title: What became of each lead
-- definition: Every person who is an open lead in either snapshot, in exactly one bucket. Not there before: new; there and closed:
--   recycled; else the filters or the period now match: moved. Not there any more: merged with somebody, missing from the
--   export, won, disqualified (or lost), or moved. In both: became an MQL, an SQL or an opportunity, moved back, or
--   unchanged. People are recognised by their records, also after two of them were found to be one.
-- compares: lead_state
-- returns: bucket, person_id, person_name, owner, source, stage_before, stage_after, order_before, order_after,
--   status_before, status_after, is_in_before, is_in_after
with found_again as (
    select
        lead_state_before.*,
        person_keys.person_key,
        row_number() over (
            partition by person_keys.person_key
            order by
                lead_state_before.is_in_scope desc,
                lead_state_before.status = 'missing' asc,
                lead_state_before.system asc,
                lead_state_before.object asc,
                lead_state_before.record_key asc
        ) as place
    from lead_state_before
    left join person_keys
        on
            lead_state_before.system = person_keys.system
            and lead_state_before.object = person_keys.object
            and lead_state_before.record_key = person_keys.record_key
),

now_told as (
    select
        lead_state_after.*,
        person_keys.person_key
    from lead_state_after
    inner join person_keys
        on
            lead_state_after.system = person_keys.system
            and lead_state_after.object = person_keys.object
            and lead_state_after.record_key = person_keys.record_key
    where lead_state_after.status != 'missing'
),

paired as (
    select
        coalesce(now_told.person_id, found_again.person_id) as person_id,
        coalesce(now_told.person_name, found_again.person_name) as person_name,
        coalesce(now_told.owner, found_again.owner) as owner,
        coalesce(now_told.source, found_again.source) as source,
        found_again.stage as stage_before,
        now_told.stage as stage_after,
        found_again.stage_order as order_before,
        now_told.stage_order as order_after,
        found_again.status as status_before,
        now_told.status as status_after,
        coalesce(found_again.is_shown, false) as is_shown_before,
        coalesce(found_again.is_in_scope, false) as is_in_before,
        coalesce(now_told.is_in_scope, false) as is_in_after,
        false as is_merged
    from now_told
    full join found_again
        on now_told.person_key = found_again.person_key and found_again.place = 1
    where found_again.person_key is null or found_again.place = 1
    union all
    select
        found_again.person_id,
        found_again.person_name,
        found_again.owner,
        found_again.source,
        found_again.stage as stage_before,
        null as stage_after,
        found_again.stage_order as order_before,
        null as order_after,
        found_again.status as status_before,
        null as status_after,
        found_again.is_shown as is_shown_before,
        found_again.is_in_scope as is_in_before,
        false as is_in_after,
        true as is_merged
    from found_again
    where found_again.person_key is not null and found_again.place > 1
),

sorted as (
    select
        paired.*,
        case
            when paired.is_in_before and paired.is_in_after
                then
                    case
                        when paired.order_after < paired.order_before then 'moved_back'
                        when paired.order_after = paired.order_before then 'unchanged'
                        when paired.order_after = 4 then 'became_opportunity'
                        when paired.order_after = 3 then 'became_sql'
                        else 'became_mql'
                    end
            when paired.is_in_after
                then
                    case
                        when coalesce(paired.status_before, 'missing') = 'missing' then 'new'
                        when paired.status_before != 'open' then 'recycled'
                        else 'moved'
                    end
            when paired.is_in_before
                then
                    case
                        when paired.is_merged then 'merged'
                        when paired.status_after is null then 'missing_from_export'
                        when paired.status_after != 'open' then paired.status_after
                        else 'moved'
                    end
        end as bucket
    from paired
)

select
    sorted.bucket,
    sorted.person_id,
    sorted.person_name,
    sorted.owner,
    sorted.source,
    sorted.stage_before,
    sorted.stage_after,
    sorted.order_before,
    sorted.order_after,
    sorted.status_before,
    sorted.status_after,
    sorted.is_in_before,
    sorted.is_in_after
from sorted
where sorted.bucket is not null

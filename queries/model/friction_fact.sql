-- name: friction_fact
-- title: Friction of each hand-over
-- definition: Five losses of each lead handed over to Sales, each from 0 (none) to 1, empty where it cannot be told yet. Delay is the part of the
--   business time to the first attempt that lies beyond the promise. Untouched is a lead nobody has tried by its deadline. Rejected
--   is a lead rejected or recycled, with or without a reason; undecided ones cannot be told yet. Rework is a lead handed to
--   another owner afterwards, set back to an earlier stage (the lead, or its deal where the places of stages are known),
--   held twice in one system, or handed over without company, source or e-mail address. Stalled is a lead
--   still undecided after the days within which three quarters of the decided ones were; younger ones cannot be told yet. Hours are business hours of waiting beyond the
--   promise, or of the attempts made on rejected leads.
-- returns: person_key, account_key, delay, untouched, rejected, rework, stalled, delay_hours, untouched_hours,
--   rejected_attempts, stalled_hours, is_mature
with usual as (
    select
        percentile_cont(0.75) within group (
            order by date_diff('day', cast(handoff_fact.handoff_at as date), cast(handoff_fact.decided_at as date))
        ) as days
    from handoff_fact
    where handoff_fact.decided_at >= handoff_fact.handoff_at
),

owners as (
    select
        person_history.person_key,
        count(distinct person_history.owner) as owners
    from person_history
    inner join handoff_fact on person_history.person_key = handoff_fact.person_key
    where person_history.held_until is null or person_history.held_until > handoff_fact.handoff_at
    group by person_history.person_key
),

repeats as (
    select person_keys.person_key
    from person_keys
    group by person_keys.person_key, person_keys.system, person_keys.object
    having count(*) > 1
),

repeated as (
    select distinct repeats.person_key
    from repeats
),

-- The words of every version of a lead and of its deals as places in a row, in the order of the exports. Records that
-- never changed are left alone.
changed_people as (
    select distinct
        person_history.system,
        person_history.object,
        person_history.record_key
    from person_history
    where person_history.held_until is not null
),

changed_deals as (
    select distinct deal_history.deal_key
    from deal_history
    where deal_history.held_until is not null
),

words as (
    select distinct person_history.lifecycle_stage as word from person_history
    union
    select distinct stage_events.stage as word from stage_events
    union
    select distinct deal_history.stage_raw as word from deal_history
    union
    select distinct deal_history.pipeline as word from deal_history
),

norms as (
    select
        words.word,
        trim(regexp_replace(lower(words.word), '[^\p{L}\p{N}]+', ' ', 'g')) as norm
    from words
    where words.word is not null
),

places as (
    select
        person_history.person_key,
        concat(person_history.system, '|', coalesce(person_history.object, ''), '|', person_history.record_key)
            as record,
        person_history.held_from as at,
        lead_stage_words.stage_order as place
    from person_history
    inner join changed_people
        on
            person_history.system = changed_people.system
            and person_history.object is not distinct from changed_people.object
            and person_history.record_key = changed_people.record_key
    inner join norms on person_history.lifecycle_stage = norms.word
    inner join lead_stage_words on norms.norm = lead_stage_words.stage_norm
    where person_history.person_key is not null
    union all
    select
        stage_events.person_key,
        concat('events|', stage_events.entity_id) as record,
        stage_events.entered_at as at,
        lead_stage_words.stage_order as place
    from stage_events
    inner join norms on stage_events.stage = norms.word
    inner join lead_stage_words on norms.norm = lead_stage_words.stage_norm
    where stage_events.entity != 'deal' and stage_events.person_key is not null
    union all
    select
        deal_people.person_key,
        concat('deal|', cast(deal_history.deal_key as varchar)) as record,
        deal_history.held_from as at,
        coalesce(pipeline_stage.stage_order, any_stage.stage_order) as place
    from deal_history
    inner join changed_deals on deal_history.deal_key = changed_deals.deal_key
    inner join deal_people on deal_history.deal_key = deal_people.deal_key
    inner join norms as stage_words on deal_history.stage_raw = stage_words.word
    left join norms as pipeline_words on deal_history.pipeline = pipeline_words.word
    left join stage_vocabulary as pipeline_stage
        on
            stage_words.norm = pipeline_stage.stage_norm
            and pipeline_words.norm = pipeline_stage.pipeline_norm
            and pipeline_stage.pipeline_norm != ''
    left join stage_vocabulary as any_stage
        on stage_words.norm = any_stage.stage_norm and any_stage.pipeline_norm = ''
    where
        coalesce(pipeline_stage.stage_order, any_stage.stage_order) is not null
        and coalesce(pipeline_stage.status, any_stage.status) = 'open'
),

steps_back as (
    select
        places.person_key,
        places.at,
        places.place < lag(places.place) over (
            partition by places.person_key, places.record
            order by places.at, places.place
        ) as is_back
    from places
),

set_back as (
    select distinct steps_back.person_key
    from steps_back
    inner join handoff_fact on steps_back.person_key = handoff_fact.person_key
    where steps_back.is_back and steps_back.at >= handoff_fact.handoff_at
),

aged as (
    select
        handoff_fact.*,
        lead_fact.account_key,
        lead_fact.email_norm,
        date_diff('day', cast(handoff_fact.handoff_at as date), config.as_of_on) as age_days,
        usual.days as usual_days,
        case
            when handoff_fact.decided_at is not null
                then greatest(
                    date_diff('day', cast(handoff_fact.handoff_at as date), cast(handoff_fact.decided_at as date)), 0
                )
        end as days_to_decision,
        config.sla_seconds as promised_s,
        handoff_fact.handoff_on <= cast(config.as_of_on - interval 1 day * config.horizon_days as date) as is_mature,
        coalesce(owners.owners, 0) > 1 as is_reassigned,
        repeated.person_key is not null as is_repeated,
        set_back.person_key is not null as is_set_back
    from handoff_fact
    inner join lead_fact on handoff_fact.person_key = lead_fact.person_key
    cross join config
    cross join usual
    left join owners on handoff_fact.person_key = owners.person_key
    left join repeated on handoff_fact.person_key = repeated.person_key
    left join set_back on handoff_fact.person_key = set_back.person_key
)

select
    aged.person_key,
    aged.account_key,
    case
        when aged.sla_class in ('in time', 'before hand-over') then cast(0 as double)
        when aged.sla_class = 'breached' and aged.speed_s > aged.promised_s
            then 1 - cast(aged.promised_s as double) / nullif(aged.speed_s, 0)
        when aged.sla_class = 'breached' and aged.first_attempt_at is not null then cast(0 as double)
    end as delay,
    case
        when aged.sla_class = 'pending' then null
        when aged.sla_class = 'breached' and aged.first_attempt_at is null then 1
        else 0
    end as untouched,
    case
        when aged.is_recycled or aged.decision = 'rejected' then 1
        when aged.decision = 'accepted' then 0
    end as rejected,
    case
        when
            aged.is_reassigned or aged.is_repeated or aged.is_set_back
            or aged.company_name is null or aged.source is null or aged.email_norm is null
            then 1
        else 0
    end as rework,
    case
        when aged.age_days <= aged.usual_days then null
        when aged.days_to_decision is not null
            then case when aged.days_to_decision > aged.usual_days then 1 else 0 end
        when aged.decision = 'undecided' then 1
    end as stalled,
    case
        when aged.sla_class = 'breached' and aged.first_attempt_at is not null
            then greatest(coalesce(aged.speed_s, 0) - aged.promised_s, 0) / cast(3600 as double)
        else 0
    end as delay_hours,
    case
        when aged.sla_class = 'breached' and aged.first_attempt_at is null
            then greatest(coalesce(aged.age_s, 0) - aged.promised_s, 0) / cast(3600 as double)
        else 0
    end as untouched_hours,
    case when aged.is_recycled or aged.decision = 'rejected' then coalesce(aged.attempts, 0) else 0 end
        as rejected_attempts,
    case
        when aged.age_days <= aged.usual_days or (aged.days_to_decision is null and aged.decision != 'undecided') then 0
        else
            greatest(coalesce(aged.days_to_decision, aged.age_days) - aged.usual_days, 0)
            * coalesce(aged.age_s, 0) / nullif(aged.age_days, 0) / cast(3600 as double)
    end as stalled_hours,
    aged.is_mature
from aged

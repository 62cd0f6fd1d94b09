-- name: friction_fact
-- title: Friction of each hand-over
-- definition: Five losses of each lead handed over to Sales, each from 0 (none) to 1, empty where it cannot be told yet. Delay is the part of the
--   business time to the first attempt that lies beyond the promise. Untouched is a lead nobody has tried by its deadline. Rejected
--   is a lead rejected or recycled, with or without a reason; undecided ones cannot be told yet. Rework is a lead handed to
--   another owner afterwards, held twice in one system, or handed over without company, source or e-mail address. Stalled is a lead
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
        repeated.person_key is not null as is_repeated
    from handoff_fact
    inner join lead_fact on handoff_fact.person_key = lead_fact.person_key
    cross join config
    cross join usual
    left join owners on handoff_fact.person_key = owners.person_key
    left join repeated on handoff_fact.person_key = repeated.person_key
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
            aged.is_reassigned or aged.is_repeated
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

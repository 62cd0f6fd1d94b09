-- name: handoff_fact
-- title: Hand-overs
-- definition: One row per lead handed over to Sales with all that both promises are measured by - the clock, whether it met the agreed
--   criteria, what Sales decided, how it ended, and what such a lead is worth. The owner is who held the lead when its promise
--   ran out, where the exports tell; else who holds it now.
-- returns: person_key, person_id, person_name, company_name, handoff_at, handoff_on, week_start, channel, source, side, campaign,
--   region, segment, product, team, owner, account_list, video_engaged, assigned_at, first_attempt_at, last_attempt_at,
--   first_contact_at, attempts, is_assigned_known, deadline_at, age_s, speed_s, wall_s, system_s, human_s, contact_s,
--   follow_up, sla_class, criteria_met, criteria_failed, decision, decided_at, reject_reason, is_recycled, outcome,
--   wrongly_rejected, wrongly_accepted, won_amount, expected_value
with tested as (
    select
        lead_fact.person_key,
        lead_criteria.criterion_no,
        lead_criteria.criterion,
        lead_criteria.test,
        lead_criteria.words,
        lead_criteria.number,
        case lead_criteria.field
            when 'email' then lead_fact.email_norm
            when 'company' then lead_fact.company_name
            when 'source' then lead_fact.source
            when 'channel' then nullif(lead_fact.channel, 'Unknown')
            when 'side' then nullif(lead_fact.side, 'unknown')
            when 'campaign' then lead_fact.campaign
            when 'segment' then lead_fact.segment
            when 'region' then lead_fact.region
            when 'product' then lead_fact.product
            when 'country' then people.country
            when 'score' then cast(people.score as varchar)
        end as found,
        people.score
    from lead_fact
    inner join people on lead_fact.person_key = people.person_key
    cross join lead_criteria
    where lead_fact.handoff_at is not null
),

judged as (
    select
        tested.person_key,
        tested.criterion_no,
        tested.criterion,
        coalesce(
            case tested.test
                when 'known' then tested.found is not null and trim(tested.found) != ''
                when 'in' then tested.words like concat('%|', lower(trim(tested.found)), '|%')
                when 'not in' then not tested.words like concat('%|', lower(trim(tested.found)), '|%')
                when 'at least' then tested.score >= tested.number
                when 'at most' then tested.score <= tested.number
            end,
            false
        ) as is_met
    from tested
),

criteria as (
    select
        judged.person_key,
        count_if(not judged.is_met) as failed,
        string_agg(judged.criterion, ', ' order by judged.criterion_no) filter (where not judged.is_met)
            as criteria_failed
    from judged
    group by judged.person_key
),

held as (
    select
        person_history.person_key,
        coalesce(users.owner_name, person_history.owner) as owner,
        users.team
    from person_history
    inner join handoff_clock on person_history.person_key = handoff_clock.person_key
    left join users
        on trim(regexp_replace(lower(person_history.owner), '[^\p{L}\p{N}]+', ' ', 'g')) = users.owner_alias
    where
        person_history.owner is not null
        and handoff_clock.follow_up in ('late', 'never')
        and (person_history.held_until is null or person_history.held_until > handoff_clock.deadline_at)
    qualify
        row_number() over (
            partition by person_history.person_key
            order by person_history.held_from, person_history.system, person_history.object, person_history.record_key
        ) = 1
),

recycled as (
    select distinct person_history.person_key
    from person_history
    where
        lower(concat(coalesce(person_history.status, ''), ' ', coalesce(person_history.lifecycle_stage, '')))
        like '%recycl%'
        or lower(concat(coalesce(person_history.status, ''), ' ', coalesce(person_history.lifecycle_stage, '')))
        like '%nurtur%'
),

decided as (
    select
        lead_fact.person_key,
        least(people.sal_at, people.sql_at, lead_fact.opp_at, lead_fact.won_at) as accepted_at,
        coalesce(people.is_converted, false) as is_converted,
        people.disqualified_at,
        people.disqualified_at is not null
        or lower(trim(people.status)) in (
            'unqualified', 'disqualified', 'not qualified', 'rejected', 'junk', 'junk lead', 'bad lead', 'bad timing',
            'lost lead', 'closed not converted', 'closed - not converted'
        ) as is_rejected,
        nullif(trim(people.disq_reason), '') as disq_reason
    from lead_fact
    inner join people on lead_fact.person_key = people.person_key
    where lead_fact.handoff_at is not null
),

classed as (
    select
        decided.person_key,
        decided.accepted_at,
        decided.disqualified_at,
        decided.disq_reason,
        case
            when
                decided.accepted_at is not null and coalesce(decided.accepted_at <= decided.disqualified_at, true)
                then 'accepted'
            when coalesce(decided.is_rejected, false) then 'rejected'
            when decided.accepted_at is not null or decided.is_converted then 'accepted'
            else 'undecided'
        end as decision
    from decided
)

select
    lead_fact.person_key,
    lead_fact.person_id,
    lead_fact.person_name,
    lead_fact.company_name,
    lead_fact.handoff_at,
    cast(lead_fact.handoff_at as date) as handoff_on,
    cast(date_trunc('week', lead_fact.handoff_at) as date) as week_start,
    lead_fact.channel,
    lead_fact.source,
    lead_fact.side,
    lead_fact.campaign,
    lead_fact.region,
    lead_fact.segment,
    lead_fact.product,
    case when held.owner is null or held.owner = lead_fact.owner then lead_fact.team else held.team end as team,
    coalesce(held.owner, lead_fact.owner) as owner,
    lead_fact.account_list,
    lead_fact.video_engaged,
    handoff_clock.assigned_at,
    handoff_clock.first_attempt_at,
    handoff_clock.last_attempt_at,
    handoff_clock.first_contact_at,
    handoff_clock.attempts,
    handoff_clock.is_assigned_known,
    handoff_clock.deadline_at,
    handoff_clock.age_s,
    handoff_clock.speed_s,
    handoff_clock.wall_s,
    handoff_clock.system_s,
    handoff_clock.human_s,
    handoff_clock.contact_s,
    lead_fact.follow_up,
    case
        when lead_fact.follow_up = 'contacted before' then 'before hand-over'
        when lead_fact.follow_up = 'in time' then 'in time'
        when lead_fact.follow_up = 'pending' and lead_fact.first_attempt_at is not null then 'in time'
        when lead_fact.follow_up = 'pending' then 'pending'
        else 'breached'
    end as sla_class,
    coalesce(criteria.failed, 0) = 0 as criteria_met,
    criteria.criteria_failed,
    classed.decision,
    case when classed.decision = 'accepted' then classed.accepted_at else classed.disqualified_at end as decided_at,
    case when classed.decision = 'rejected' then classed.disq_reason end as reject_reason,
    recycled.person_key is not null as is_recycled,
    case
        when lead_fact.is_won then 'won'
        when classed.decision = 'rejected' then 'rejected'
        when lead_fact.lost_at is not null then 'lost'
        else 'open'
    end as outcome,
    classed.decision = 'rejected' and lead_fact.is_won as wrongly_rejected,
    classed.decision = 'accepted'
    and coalesce(
        classed.disqualified_at < cast(classed.accepted_at as date) + interval 15 day, false
    ) as wrongly_accepted,
    case when coalesce(lead_fact.won_at >= lead_fact.handoff_at, true) then lead_fact.won_amount end as won_amount,
    lead_value.value as expected_value
from lead_fact
inner join handoff_clock on lead_fact.person_key = handoff_clock.person_key
inner join classed on lead_fact.person_key = classed.person_key
left join criteria on lead_fact.person_key = criteria.person_key
left join held on lead_fact.person_key = held.person_key
left join recycled on lead_fact.person_key = recycled.person_key
left join lead_value
    on coalesce(lead_fact.channel, '') = lead_value.channel and coalesce(lead_fact.segment, '') = lead_value.segment

-- name: handoff_clock
-- title: Clock of each hand-over
-- definition: One row per lead handed over to Sales - when, when it was assigned and first attempted, and the seconds of business hours
--   between, on the calendar of its owner, else of the owner's team, else of everybody. Before the hand-over is a class of its own.
-- returns: person_key, handoff_at, assigned_at, first_attempt_at, last_attempt_at, first_contact_at, attempts,
--   has_earlier_attempt, is_assigned_known, calendar, deadline_at, age_s, speed_s, wall_s, system_s, human_s, contact_s,
--   follow_up
with systems_with_mql as (
    select distinct people.system
    from people
    where people.mql_at is not null
),

systems_with_assignment as (
    select distinct people.system
    from people
    where people.assigned_at is not null
),

calendar_names as (
    select distinct business_days.calendar
    from business_days
),

members as (
    select distinct
        coalesce(people.owner, '') as owner,
        coalesce(people.team, '') as team
    from people
),

own_calendars as (
    select
        members.owner,
        members.team,
        coalesce(by_owner.calendar, by_team.calendar, '') as calendar
    from members
    left join calendar_names as by_owner
        on
            by_owner.calendar != ''
            and trim(regexp_replace(lower(members.owner), '[^\p{L}\p{N}]+', ' ', 'g')) = by_owner.calendar
    left join calendar_names as by_team
        on
            by_team.calendar != ''
            and trim(regexp_replace(lower(members.team), '[^\p{L}\p{N}]+', ' ', 'g')) = by_team.calendar
),

handed_over as (
    select
        people.person_key,
        case when systems_with_mql.system is null then people.created_at else people.mql_at end as handoff_at,
        people.assigned_at,
        systems_with_assignment.system is not null as has_assignments,
        people.first_response_at,
        own_calendars.calendar
    from people
    inner join own_calendars
        on coalesce(people.owner, '') = own_calendars.owner and coalesce(people.team, '') = own_calendars.team
    left join systems_with_mql on people.system = systems_with_mql.system
    left join systems_with_assignment on people.system = systems_with_assignment.system
),

contacts as (
    select
        handed_over.person_key,
        min(activities.happened_at) filter (
            where activities.is_human_outbound and activities.happened_at >= handed_over.handoff_at
        ) as first_attempt_at,
        max(activities.happened_at) filter (
            where activities.is_human_outbound and activities.happened_at >= handed_over.handoff_at
        ) as last_attempt_at,
        count_if(activities.is_human_outbound and activities.happened_at >= handed_over.handoff_at) as attempts,
        min(activities.happened_at) filter (
            where activities.is_two_way and activities.happened_at >= handed_over.handoff_at
        ) as first_contact_at,
        bool_or(activities.is_human_outbound and activities.happened_at < handed_over.handoff_at) as has_earlier_attempt
    from handed_over
    inner join activities on handed_over.person_key = activities.person_key
    cross join config
    where
        (activities.is_human_outbound or activities.is_two_way)
        and handed_over.handoff_at is not null
        and activities.happened_at <= config.as_of_at
    group by handed_over.person_key
),

joined as (
    select
        handed_over.person_key,
        handed_over.handoff_at,
        handed_over.calendar,
        handed_over.has_assignments,
        coalesce(
            contacts.first_attempt_at,
            case
                when handed_over.first_response_at >= handed_over.handoff_at then handed_over.first_response_at
            end
        ) as first_attempt_at,
        contacts.last_attempt_at,
        contacts.first_contact_at,
        coalesce(contacts.attempts, 0) as attempts,
        coalesce(contacts.has_earlier_attempt, false)
        or coalesce(contacts.first_attempt_at is null and handed_over.first_response_at < handed_over.handoff_at, false)
            as has_earlier_attempt,
        handed_over.assigned_at as said_assigned_at
    from handed_over
    left join contacts on handed_over.person_key = contacts.person_key
    where handed_over.handoff_at is not null
),

-- Given to somebody before it was handed over: no time was lost. Given again after the first attempt: the export holds
-- only the later day, so when it was given first is not known.
assigned as (
    select
        joined.*,
        case
            when joined.said_assigned_at > config.as_of_at then null
            when joined.said_assigned_at > joined.first_attempt_at then null
            when joined.said_assigned_at < joined.handoff_at then joined.handoff_at
            else joined.said_assigned_at
        end as assigned_at,
        joined.has_assignments
        and not coalesce(joined.said_assigned_at > joined.first_attempt_at, false)
        and not (joined.said_assigned_at is null and joined.first_attempt_at is not null) as is_assigned_known,
        config.as_of_at,
        config.sla_seconds
    from joined
    cross join config
),

clocked as (
    select
        assigned.*,
        handoff_day.seconds_before
        + greatest(
            least(epoch(assigned.handoff_at) - epoch(handoff_day.day), handoff_day.closes_1) - handoff_day.opens_1, 0
        )
        + greatest(
            least(epoch(assigned.handoff_at) - epoch(handoff_day.day), handoff_day.closes_2) - handoff_day.opens_2, 0
        ) as handoff_s,
        assigned_day.seconds_before
        + greatest(
            least(epoch(assigned.assigned_at) - epoch(assigned_day.day), assigned_day.closes_1) - assigned_day.opens_1,
            0
        )
        + greatest(
            least(epoch(assigned.assigned_at) - epoch(assigned_day.day), assigned_day.closes_2) - assigned_day.opens_2,
            0
        ) as assigned_s,
        attempt_day.seconds_before
        + greatest(
            least(epoch(assigned.first_attempt_at) - epoch(attempt_day.day), attempt_day.closes_1)
            - attempt_day.opens_1,
            0
        )
        + greatest(
            least(epoch(assigned.first_attempt_at) - epoch(attempt_day.day), attempt_day.closes_2)
            - attempt_day.opens_2,
            0
        ) as attempt_s,
        contact_day.seconds_before
        + greatest(
            least(epoch(assigned.first_contact_at) - epoch(contact_day.day), contact_day.closes_1)
            - contact_day.opens_1,
            0
        )
        + greatest(
            least(epoch(assigned.first_contact_at) - epoch(contact_day.day), contact_day.closes_2)
            - contact_day.opens_2,
            0
        ) as contact_at_s,
        today.seconds_before
        + greatest(least(epoch(assigned.as_of_at) - epoch(today.day), today.closes_1) - today.opens_1, 0)
        + greatest(least(epoch(assigned.as_of_at) - epoch(today.day), today.closes_2) - today.opens_2, 0) as today_s
    from assigned
    left join business_days as handoff_day
        on
            assigned.calendar = handoff_day.calendar
            and cast(assigned.handoff_at as date) = handoff_day.day
    left join business_days as assigned_day
        on
            assigned.calendar = assigned_day.calendar
            and cast(assigned.assigned_at as date) = assigned_day.day
    left join business_days as attempt_day
        on
            assigned.calendar = attempt_day.calendar
            and cast(assigned.first_attempt_at as date) = attempt_day.day
    left join business_days as contact_day
        on
            assigned.calendar = contact_day.calendar
            and cast(assigned.first_contact_at as date) = contact_day.day
    left join business_days as today
        on
            assigned.calendar = today.calendar
            and cast(assigned.as_of_at as date) = today.day
),

-- The promise ends on the last day that begins with fewer seconds of work behind it than it allows.
targets_of as (
    select
        clocked.person_key,
        clocked.calendar,
        clocked.handoff_s + clocked.sla_seconds as target_s,
        0 as is_day,
        cast(null as date) as day
    from clocked
    where clocked.handoff_s is not null
    union all
    select
        null as person_key,
        business_days.calendar,
        business_days.seconds_before as target_s,
        1 as is_day,
        business_days.day
    from business_days
),

last_days as (
    select
        targets_of.person_key,
        targets_of.calendar,
        targets_of.target_s,
        max(targets_of.day) over (
            partition by targets_of.calendar
            order by targets_of.target_s, targets_of.is_day
            rows between unbounded preceding and current row
        ) as day
    from targets_of
),

deadlines as (
    select
        last_days.person_key,
        business_days.day
        + interval 1 second * cast(
            case
                when last_days.target_s - business_days.seconds_before <= business_days.closes_1 - business_days.opens_1
                    then business_days.opens_1 + last_days.target_s - business_days.seconds_before
                else
                    business_days.opens_2 + last_days.target_s - business_days.seconds_before
                    - (business_days.closes_1 - business_days.opens_1)
            end as bigint
        ) as deadline_at
    from last_days
    inner join business_days on last_days.calendar = business_days.calendar and last_days.day = business_days.day
    where
        last_days.person_key is not null
        and last_days.target_s <= business_days.seconds_before + business_days.seconds_open
)

select
    clocked.person_key,
    clocked.handoff_at,
    clocked.assigned_at,
    clocked.first_attempt_at,
    clocked.last_attempt_at,
    clocked.first_contact_at,
    clocked.attempts,
    clocked.has_earlier_attempt,
    clocked.is_assigned_known,
    clocked.calendar,
    deadlines.deadline_at,
    cast(greatest(clocked.today_s - clocked.handoff_s, 0) as bigint) as age_s,
    cast(clocked.attempt_s - clocked.handoff_s as bigint) as speed_s,
    cast(epoch(clocked.first_attempt_at) - epoch(clocked.handoff_at) as bigint) as wall_s,
    case when clocked.is_assigned_known then cast(clocked.assigned_s - clocked.handoff_s as bigint) end as system_s,
    case when clocked.is_assigned_known then cast(clocked.attempt_s - clocked.assigned_s as bigint) end as human_s,
    cast(clocked.contact_at_s - clocked.handoff_s as bigint) as contact_s,
    case
        when clocked.has_earlier_attempt then 'contacted before'
        when coalesce(deadlines.deadline_at > clocked.as_of_at, true) then 'pending'
        when clocked.attempt_s - clocked.handoff_s <= clocked.sla_seconds then 'in time'
        when clocked.first_attempt_at is not null then 'late'
        else 'never'
    end as follow_up
from clocked
left join deadlines on clocked.person_key = deadlines.person_key

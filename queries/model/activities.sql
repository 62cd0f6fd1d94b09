-- name: activities
-- title: Activities
-- definition: Calls, mails, meetings and tasks, joined to the person they were with only by a lead id, a contact id or an e-mail address
--   of the same system; the same number on another kind of record is another person. Human and outbound unless the export says
--   otherwise; two-way = an answer, a call somebody took, or a meeting that was not missed.
-- returns: activity_key, happened_at, activity_type, owner, direction, outcome, is_automated, side, person_key,
--   deal_key, names_somebody, is_unmatched, is_human_outbound, is_two_way, subject
with joined as (
    select
        base_activities.at as happened_at,
        base_activities.system,
        base_activities.record_key,
        lower(base_activities.type) as activity_type,
        base_activities.owner as owner_raw,
        lower(base_activities.direction) as direction,
        base_activities.outcome,
        base_activities.subject,
        coalesce(base_activities.is_automated, false) as is_automated,
        lower(base_activities.side) as side_raw,
        coalesce(by_lead.lead_key, by_contact.contact_key, by_person.any_key, by_email.person_key) as person_key,
        deal_refs.deal_key,
        coalesce(
            base_activities.lead_id, base_activities.contact_id, base_activities.person_id, base_activities.email,
            base_activities.deal_id
        ) is not null as names_somebody
    from base_activities
    left join reference_scopes on base_activities.system = reference_scopes.system
    left join person_refs as by_lead
        on reference_scopes.people_scope = by_lead.people_scope and base_activities.lead_id = by_lead.person_id
    left join person_refs as by_contact
        on reference_scopes.people_scope = by_contact.people_scope and base_activities.contact_id = by_contact.person_id
    left join person_refs as by_person
        on reference_scopes.people_scope = by_person.people_scope and base_activities.person_id = by_person.person_id
    left join person_emails as by_email on base_activities.email = by_email.email_norm
    left join deal_refs
        on reference_scopes.deals_scope = deal_refs.deals_scope and base_activities.deal_id = deal_refs.reference
    where base_activities.missing_since is null
)

select
    row_number() over (order by joined.happened_at, joined.system, joined.record_key) as activity_key,
    joined.happened_at,
    joined.activity_type,
    coalesce(users.owner_name, joined.owner_raw) as owner,
    joined.direction,
    joined.outcome,
    joined.is_automated,
    coalesce(joined.side_raw, users.side, 'sales') as side,
    joined.person_key,
    joined.deal_key,
    joined.names_somebody,
    joined.person_key is null and joined.deal_key is null as is_unmatched,
    not joined.is_automated
    and coalesce(joined.direction, 'outbound') not like 'in%'
    and coalesce(joined.side_raw, users.side, 'sales') = 'sales' as is_human_outbound,
    not joined.is_automated
    and coalesce(joined.side_raw, users.side, 'sales') = 'sales'
    and (
        coalesce(joined.direction like 'in%', false)
        or (
            coalesce(joined.activity_type like '%call%', false)
            and list_contains(
                ['connected', 'answered', 'reached', 'spoke', 'talked', 'completed', 'interested', 'meeting booked'],
                lower(trim(joined.outcome))
            )
        )
        or (
            coalesce(
                joined.activity_type like '%meeting%'
                or joined.activity_type like '%event%'
                or joined.activity_type like '%demo%',
                false
            )
            and not coalesce(
                list_contains(
                    ['no show', 'no-show', 'noshow', 'canceled', 'cancelled', 'rescheduled', 'scheduled', 'declined'],
                    lower(trim(joined.outcome))
                ),
                false
            )
        )
    ) as is_two_way,
    joined.subject
from joined
left join word_norms on joined.owner_raw = word_norms.word
left join users on word_norms.norm = users.owner_alias

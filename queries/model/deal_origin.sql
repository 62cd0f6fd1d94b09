-- name: deal_origin
-- title: Origin of a deal
-- definition: Where a deal came from, by the rule of origin - the earliest eligible touch of the deal's people (the company's people where
--   the deal names none) no later than the deal's creation and inside the lookback; without touches the deal's own source, else its main
--   contact's, else that of the first person of its company. Touches of two sides within one second are a tie and unknown. Of a deal
--   created on a day before anybody of it was known only the source fields are believed. Beside it what the source field alone says - the
--   deal's; its main contact's only where no deal of that export has a source. The rule that decided is kept.
-- returns: deal_key, is_before_lead, first_touched_at, first_channel, field_side, field_channel, field_rule, field_source,
--   deal_source_norm, contact_source_norm, deal_source_side, contact_source_side, side, channel, source,
--   origin_campaign, origin_rule
with lead_records as (
    select
        deal_contacts.deal_key,
        min(people.created_on) as first_lead_on
    from deal_contacts
    inner join people on deal_contacts.person_key = people.person_key
    group by deal_contacts.deal_key
),

-- Nobody of the deal was known when it was created: what is told of the time before was added afterwards.
before_lead as (
    select deal_records.deal_key
    from deal_records
    inner join lead_records on deal_records.deal_key = lead_records.deal_key
    where deal_records.created_on < lead_records.first_lead_on
),

earliest as (
    select
        deal_touches.*,
        min(deal_touches.side) over same_second != max(deal_touches.side) over same_second as is_tie
    from deal_touches
    left join before_lead on deal_touches.deal_key = before_lead.deal_key
    where deal_touches.is_before_deal and before_lead.deal_key is null
    window
        same_second as (
            partition by deal_touches.deal_key, date_trunc('second', deal_touches.touched_at)
        )
    qualify row_number() over (
        partition by deal_touches.deal_key order by deal_touches.touched_at, deal_touches.touch_key
    ) = 1
),

systems_with_source as (
    select distinct deal_records.system
    from deal_records
    where deal_records.source_raw is not null
),

main_contact as (
    select
        deal_people.deal_key,
        people.source_raw,
        people.source_norm,
        people.source_channel,
        people.source_side,
        people.campaign
    from deal_people
    inner join people on deal_people.person_key = people.person_key
    where deal_people.is_primary and people.source_raw is not null
),

first_sources as (
    select
        people.company_key,
        people.source_raw,
        people.source_channel,
        people.source_side,
        people.campaign
    from people
    where people.source_raw is not null and people.company_key is not null
    qualify row_number() over (
        partition by people.company_key
        order by people.created_at nulls last, people.person_key
    ) = 1
),

first_of_company as (
    select
        deal_companies.deal_key,
        first_sources.source_raw,
        first_sources.source_channel,
        first_sources.source_side,
        first_sources.campaign
    from deal_companies
    inner join first_sources on deal_companies.company_key = first_sources.company_key
)

select
    deal_records.deal_key,
    before_lead.deal_key is not null as is_before_lead,
    earliest.touched_at as first_touched_at,
    earliest.channel as first_channel,
    case
        when deal_records.source_raw is not null then coalesce(deal_records.source_side, 'unknown')
        when systems_with_source.system is null then coalesce(main_contact.source_side, 'unknown')
        else 'unknown'
    end as field_side,
    case
        when deal_records.source_raw is not null then coalesce(deal_records.source_channel, 'Unmapped')
        when systems_with_source.system is null and main_contact.source_raw is not null
            then coalesce(main_contact.source_channel, 'Unmapped')
        else 'Unknown'
    end as field_channel,
    case
        when deal_records.source_raw is not null then 'deal source'
        when systems_with_source.system is null and main_contact.source_raw is not null then 'contact source'
        else 'none'
    end as field_rule,
    case
        when deal_records.source_raw is not null then deal_records.source_raw
        when systems_with_source.system is null then main_contact.source_raw
    end as field_source,
    deal_records.source_norm as deal_source_norm,
    main_contact.source_norm as contact_source_norm,
    deal_records.source_side as deal_source_side,
    main_contact.source_side as contact_source_side,
    case
        when earliest.deal_key is not null and earliest.is_tie then 'unknown'
        when earliest.deal_key is not null then earliest.side
        when deal_records.source_raw is not null then coalesce(deal_records.source_side, 'unknown')
        when main_contact.source_raw is not null then coalesce(main_contact.source_side, 'unknown')
        else coalesce(first_of_company.source_side, 'unknown')
    end as side,
    case
        when earliest.deal_key is not null then earliest.channel
        when deal_records.source_raw is not null then coalesce(deal_records.source_channel, 'Unmapped')
        when main_contact.source_raw is not null then coalesce(main_contact.source_channel, 'Unmapped')
        when first_of_company.source_raw is not null then coalesce(first_of_company.source_channel, 'Unmapped')
        else 'Unknown'
    end as channel,
    coalesce(deal_records.source_raw, main_contact.source_raw, first_of_company.source_raw) as source,
    coalesce(earliest.campaign, main_contact.campaign, first_of_company.campaign) as origin_campaign,
    case
        when earliest.deal_key is not null and earliest.is_tie then 'touch tie'
        when earliest.deal_key is not null then 'touch'
        when deal_records.source_raw is not null then 'deal source'
        when main_contact.source_raw is not null then 'contact source'
        when first_of_company.source_raw is not null then 'company source'
        else 'none'
    end as origin_rule
from deal_records
left join before_lead on deal_records.deal_key = before_lead.deal_key
left join systems_with_source on deal_records.system = systems_with_source.system
left join earliest on deal_records.deal_key = earliest.deal_key
left join main_contact on deal_records.deal_key = main_contact.deal_key
left join first_of_company on deal_records.deal_key = first_of_company.deal_key

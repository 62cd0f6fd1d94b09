-- name: deal_origin
-- title: Origin of a deal
-- definition: Where a deal came from, by the agreed rule - the earliest eligible touch of the deal's people (the company's people where
--   the deal names none) no later than the deal's creation and inside the lookback; without touches the deal's own source, else its main
--   contact's, else that of the first person of its company. The rule that decided is kept.
-- returns: deal_key, side, channel, source, origin_campaign, origin_rule
with with_people as (select distinct deal_people.deal_key from deal_people),

deal_contacts as (
    select
        deal_people.deal_key,
        deal_people.person_key
    from deal_people
    union all
    select
        deal_records.deal_key,
        people.person_key
    from deal_records
    inner join deal_companies on deal_records.deal_key = deal_companies.deal_key
    inner join people on deal_companies.company_key = people.company_key
    left join with_people
        on deal_records.deal_key = with_people.deal_key
    where with_people.deal_key is null
),

eligible as (
    select
        deal_contacts.deal_key,
        touches.touched_at,
        touches.touch_key,
        touches.channel,
        touches.side,
        touches.campaign,
        touches.channel_raw
    from deal_contacts
    inner join deal_records on deal_contacts.deal_key = deal_records.deal_key
    inner join touches on deal_contacts.person_key = touches.person_key
    cross join config
    where
        touches.credit_weight > 0
        and touches.touched_at < case
            when cast(deal_records.created_at as date) = deal_records.created_at
                then deal_records.created_at + interval 1 day
            else deal_records.created_at + interval 1 second
        end
        and touches.touched_at >= deal_records.created_at - interval 1 day * config.lookback_days
),

earliest as (
    select
        eligible.*,
        min(eligible.side) over same_moment != max(eligible.side) over same_moment as is_tie
    from eligible
    window same_moment as (partition by eligible.deal_key, eligible.touched_at)
    qualify row_number() over (partition by eligible.deal_key order by eligible.touched_at, eligible.touch_key) = 1
),

main_contact as (
    select
        deal_people.deal_key,
        people.source_raw,
        people.source_channel,
        people.source_side,
        people.is_source_unmapped,
        people.campaign
    from deal_people
    inner join people on deal_people.person_key = people.person_key
    where deal_people.is_primary and people.source_raw is not null
),

first_of_company as (
    select
        deal_companies.deal_key,
        people.source_raw,
        people.source_channel,
        people.source_side,
        people.is_source_unmapped,
        people.campaign
    from deal_companies
    inner join people on deal_companies.company_key = people.company_key
    where people.source_raw is not null
    qualify row_number() over (
        partition by deal_companies.deal_key
        order by people.created_at nulls last, people.person_key
    ) = 1
)

select
    deal_records.deal_key,
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
left join earliest on deal_records.deal_key = earliest.deal_key
left join main_contact on deal_records.deal_key = main_contact.deal_key
left join first_of_company on deal_records.deal_key = first_of_company.deal_key

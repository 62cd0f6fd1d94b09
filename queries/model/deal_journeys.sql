-- name: deal_journeys
-- title: Journeys of deals
-- definition: Every touch that may earn credit for a deal - of the deal's people, up to the close (the data date while the deal is open or
--   its close is undated), once per person, channel, campaign and session of the agreed length. Sales' own touches in a channel of
--   Marketing stand under Sales. `place` counts in time; touches of one second follow the alphabet, never an id.
-- returns: deal_key, touch_key, person_key, place, touched_at, days_before, is_before_lead, is_before_deal, channel,
--   side, campaign
with credited_people as (
    select distinct deal_contacts.person_key
    from deal_contacts
),

channel_sides as (
    select
        source_vocabulary.channel,
        min(source_vocabulary.side) as side
    from source_vocabulary
    group by source_vocabulary.channel
),

stepped as (
    select
        touches.touch_key,
        touches.person_key,
        touches.touched_at,
        touches.channel,
        touches.side,
        touches.campaign,
        touches.session_id,
        lag(touches.touched_at) over same_place as before_at
    from touches
    inner join credited_people on touches.person_key = credited_people.person_key
    where touches.credit_weight > 0 and touches.touched_at is not null
    window same_place as (
        partition by touches.person_key, touches.channel, touches.campaign, touches.session_id
        order by touches.touched_at, touches.touch_key
    )
),

counted as (
    select
        stepped.touch_key,
        stepped.person_key,
        stepped.touched_at,
        case
            when stepped.side = 'sales' and channel_sides.side != 'sales' then 'Sales'
            else stepped.channel
        end as channel,
        stepped.side,
        stepped.campaign
    from stepped
    cross join config
    left join channel_sides on stepped.channel = channel_sides.channel
    where
        stepped.before_at is null
        or (
            stepped.session_id is null
            and epoch(stepped.touched_at) - epoch(stepped.before_at) > 60 * config.session_minutes
        )
),

first_known as (
    select
        deal_contacts.deal_key,
        min(people.created_at) as created_at
    from deal_contacts
    inner join people on deal_contacts.person_key = people.person_key
    group by deal_contacts.deal_key
),

dated as (
    select
        deals.deal_key,
        deals.created_at,
        coalesce(deals.closed_at, config.as_of_at) as ends_at,
        coalesce(people.created_at, first_known.created_at) as lead_at
    from deals
    cross join config
    left join people on deals.person_key = people.person_key
    left join first_known on deals.deal_key = first_known.deal_key
),

bounded as (
    select
        dated.deal_key,
        dated.ends_at,
        case
            when cast(dated.lead_at as date) = dated.lead_at then dated.lead_at + interval 1 day
            else dated.lead_at + interval 1 second
        end as lead_before_at,
        case
            when cast(dated.created_at as date) = dated.created_at then dated.created_at + interval 1 day
            else dated.created_at + interval 1 second
        end as deal_before_at
    from dated
)

select
    bounded.deal_key,
    counted.touch_key,
    counted.person_key,
    cast(row_number() over (
        partition by bounded.deal_key
        order by counted.touched_at, counted.channel, counted.campaign, counted.touch_key
    ) as integer) as place,
    counted.touched_at,
    (epoch(bounded.ends_at) - epoch(counted.touched_at)) / 86400 as days_before,
    coalesce(counted.touched_at < bounded.lead_before_at, false) as is_before_lead,
    coalesce(counted.touched_at < bounded.deal_before_at, false) as is_before_deal,
    counted.channel,
    counted.side,
    counted.campaign
from bounded
inner join deal_contacts on bounded.deal_key = deal_contacts.deal_key
inner join counted on deal_contacts.person_key = counted.person_key
where counted.touched_at < bounded.ends_at + interval 1 second

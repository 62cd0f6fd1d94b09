-- name: customer_deal
-- title: The deal of a timeline
-- definition: One deal with its dates, whose people speak for it, how many touches they had and how many of these take part in the
--   credit, and in a word why nothing is credited where nothing is.
-- params: deal_id, lookback_days
-- defaults: lookback_days=null
-- returns: deal_id, deal_name, company, status, amount, created_at, closed_at, ends_at, owner, origin_channel,
--   lookback_days, people, people_are, touches, counted_touches, why
with chosen as (
    select
        deals.*,
        coalesce(deals.closed_at, config.as_of_at) as ends_at,
        coalesce($lookback_days::double, config.lookback_days) as days_back
    from deals
    cross join config
    where deals.deal_id = $deal_id
),

persons as (
    select
        count(*) as people,
        count(deal_people.person_key) as named
    from chosen
    inner join deal_contacts on chosen.deal_key = deal_contacts.deal_key
    left join deal_people
        on deal_contacts.deal_key = deal_people.deal_key and deal_contacts.person_key = deal_people.person_key
),

touched as (
    select
        count(*) as touches,
        count(*) filter (where touches.touched_at < chosen.ends_at + interval 1 second) as in_time,
        count(deal_journeys.touch_key) as eligible,
        count(*) filter (where deal_journeys.days_before <= chosen.days_back) as counted
    from chosen
    inner join deal_contacts on chosen.deal_key = deal_contacts.deal_key
    inner join touches on deal_contacts.person_key = touches.person_key
    left join deal_journeys
        on chosen.deal_key = deal_journeys.deal_key and touches.touch_key = deal_journeys.touch_key
)

select
    chosen.deal_id,
    chosen.deal_name,
    chosen.company_name as company,
    chosen.status,
    chosen.amount,
    chosen.created_at,
    chosen.closed_at,
    chosen.ends_at,
    chosen.owner,
    chosen.channel as origin_channel,
    chosen.days_back as lookback_days,
    persons.people,
    case
        when persons.people = 0 then 'none'
        when persons.named = 0 then 'company'
        when persons.named < persons.people then 'account'
        else 'named'
    end as people_are,
    touched.touches,
    touched.counted as counted_touches,
    case
        when persons.people = 0 then 'no people'
        when touched.touches = 0 then 'no touches'
        when touched.in_time = 0 then 'all after the close'
        when touched.eligible = 0 then 'all without weight'
        when touched.counted = 0 then 'all outside the lookback'
        when not chosen.is_won then chosen.status
    end as why
from chosen
cross join persons
cross join touched

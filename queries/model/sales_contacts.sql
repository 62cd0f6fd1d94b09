-- name: sales_contacts
-- title: First contact of Sales with a deal's account
-- definition: When Sales first reached out to the deal's account itself, from the lookback before the deal was created until it closed - a
--   call, mail or meeting by a person (not an automation, not an incoming one) with anybody of the company, with the people of the deal or
--   about the deal, or a touch of Sales' own.
-- returns: deal_key, first_sales_at
with attempts as (
    select
        activities.happened_at,
        activities.person_key,
        activities.deal_key,
        people.company_key
    from activities
    left join people on activities.person_key = people.person_key
    where activities.is_human_outbound and activities.happened_at is not null
),

windows as (
    select
        deal_records.deal_key,
        deal_companies.company_key,
        deal_records.created_at - interval 1 day * config.lookback_days as begins_at,
        greatest(deal_records.created_at + interval 1 day, coalesce(deal_records.closed_at, config.as_of_at)) as ends_at
    from deal_records
    cross join config
    left join deal_companies on deal_records.deal_key = deal_companies.deal_key
    where deal_records.created_at is not null
),

-- Deals and attempts of a company in one row of time: the next attempt after a window opens is found without laying
-- every deal against every attempt.
timeline as (
    select
        windows.company_key,
        windows.deal_key,
        windows.begins_at as happened_at,
        null::timestamp as attempted_at
    from windows
    where windows.company_key is not null
    union all
    select
        attempts.company_key,
        null as deal_key,
        attempts.happened_at,
        attempts.happened_at as attempted_at
    from attempts
    where attempts.company_key is not null
),

next_attempts as (
    select
        timeline.deal_key,
        min(timeline.attempted_at) over (
            partition by timeline.company_key
            order by timeline.happened_at
            range between current row and unbounded following
        ) as attempted_at
    from timeline
),

found as (
    select
        next_attempts.deal_key,
        next_attempts.attempted_at
    from next_attempts
    where next_attempts.deal_key is not null and next_attempts.attempted_at is not null
    union all
    select
        attempts.deal_key,
        attempts.happened_at as attempted_at
    from attempts
    where attempts.deal_key is not null
    union all
    select
        deal_people.deal_key,
        attempts.happened_at as attempted_at
    from deal_people
    inner join attempts on deal_people.person_key = attempts.person_key
    union all
    select
        deal_touches.deal_key,
        deal_touches.touched_at as attempted_at
    from deal_touches
    where deal_touches.side = 'sales'
)

select
    found.deal_key,
    min(found.attempted_at) as first_sales_at
from found
inner join windows on found.deal_key = windows.deal_key
where found.attempted_at >= windows.begins_at and found.attempted_at <= windows.ends_at
group by found.deal_key

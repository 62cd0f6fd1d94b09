-- name: lead_value
-- title: What a handed-over lead is worth
-- definition: Per channel and segment, the won amount of the leads handed over at least 180 days ago divided by their number - what such a
--   lead brought on average, won or not. Fewer than 30 such leads take the value of their channel, else of all leads; fewer than
--   30 in all - no value.
-- returns: channel, segment, value, leads, basis
with mature as (
    select
        coalesce(lead_fact.channel, '') as channel,
        coalesce(lead_fact.segment, '') as segment,
        coalesce(lead_fact.won_amount, 0) as won_amount
    from lead_fact
    cross join config
    where
        lead_fact.handoff_at is not null
        and cast(lead_fact.handoff_at as date) + interval 180 day <= config.as_of_at
        and coalesce(lead_fact.won_at >= lead_fact.handoff_at, true)
),

cells as (
    select distinct
        coalesce(lead_fact.channel, '') as channel,
        coalesce(lead_fact.segment, '') as segment
    from lead_fact
    where lead_fact.handoff_at is not null
),

by_cell as (
    select
        mature.channel,
        mature.segment,
        count(*) as leads,
        sum(mature.won_amount) as won_amount
    from mature
    group by mature.channel, mature.segment
),

by_channel as (
    select
        mature.channel,
        count(*) as leads,
        sum(mature.won_amount) as won_amount
    from mature
    group by mature.channel
),

overall as (
    select
        count(*) as leads,
        sum(mature.won_amount) as won_amount
    from mature
)

select
    cells.channel,
    cells.segment,
    cast(
        case
            when by_cell.leads >= 30 then by_cell.won_amount / nullif(by_cell.leads, 0)
            when by_channel.leads >= 30 then by_channel.won_amount / nullif(by_channel.leads, 0)
            when overall.leads >= 30 then overall.won_amount / nullif(overall.leads, 0)
        end as decimal(18, 2)
    ) as value,
    case
        when by_cell.leads >= 30 then by_cell.leads
        when by_channel.leads >= 30 then by_channel.leads
        else overall.leads
    end as leads,
    case
        when by_cell.leads >= 30 then 'channel and segment'
        when by_channel.leads >= 30 then 'channel'
        when overall.leads >= 30 then 'all leads'
        else 'too few'
    end as basis
from cells
cross join overall
left join by_cell on cells.channel = by_cell.channel and cells.segment = by_cell.segment
left join by_channel on cells.channel = by_channel.channel

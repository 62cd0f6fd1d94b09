-- Six attribution models straight from touches, deals and their people, as one would write it without a prepared table.
with journeys as (
    select
        deals.deal_key,
        deals.amount,
        touches.channel,
        touches.touched_at,
        touches.touched_at < case
            when cast(people.created_at as date) = people.created_at then people.created_at + interval 1 day
            else people.created_at + interval 1 second
        end as is_before_lead,
        (epoch(deals.closed_at) - epoch(touches.touched_at)) / 86400 as days_before
    from deals
    inner join deal_people on deals.deal_key = deal_people.deal_key
    inner join (
        select
            touches.person_key,
            case
                when touches.side = 'sales' and channel_sides.side != 'sales' then 'Sales'
                else touches.channel
            end as channel,
            touches.touched_at,
            touches.campaign,
            touches.touch_key
        from (
            select
                touches.*,
                lag(touches.touched_at) over (
                    partition by touches.person_key, touches.channel, touches.campaign, touches.session_id
                    order by touches.touched_at, touches.touch_key
                ) as before_at
            from touches
            where touches.credit_weight > 0
        ) as touches
        left join (
            select source_vocabulary.channel, min(source_vocabulary.side) as side
            from source_vocabulary group by source_vocabulary.channel
        ) as channel_sides on touches.channel = channel_sides.channel
        where touches.before_at is null or epoch(touches.touched_at) - epoch(touches.before_at) > 1800
    ) as touches on deal_people.person_key = touches.person_key
    left join people on deals.person_key = people.person_key
    where
        deals.is_won
        and touches.touched_at < deals.closed_at + interval 1 second
        and touches.touched_at >= deals.closed_at - interval 365 day
        and (len($segments) = 0 or list_contains($segments, deals.segment))
),

placed as (
    select
        journeys.*,
        row_number() over (partition by deal_key order by touched_at, channel) as place,
        count(*) over (partition by deal_key) as touches,
        count(*) filter (where is_before_lead) over (partition by deal_key) as lead_place,
        power(2, -days_before / 30) / sum(power(2, -days_before / 30)) over (partition by deal_key) as decay
    from journeys
),

pointed as (
    select
        placed.*,
        case when place = 1 then 40 else 0 end + case when place = touches then 40 else 0 end
        + case when place > 1 and place < touches then 20 / nullif(touches - 2, 0) else 0 end as position_points,
        case when place = 1 then 40 else 0 end + case when place = lead_place then 40 else 0 end
        + case
            when place = 1 or place = lead_place then 0
            else 20 / nullif(touches - 1 - case when lead_place > 1 then 1 else 0 end, 0)
        end as u_points
    from placed
),

weighed as (
    select
        pointed.*,
        position_points / nullif(sum(position_points) over (partition by deal_key), 0) as position_weight,
        u_points / nullif(sum(u_points) over (partition by deal_key), 0) as u_weight
    from pointed
)

select
    channel,
    sum(case when place = 1 then 1 else 0 end) as first,
    sum(case when place = touches then 1 else 0 end) as last,
    sum(1 / nullif(touches, 0)) as linear,
    sum(position_weight) as position,
    sum(u_weight) as u,
    sum(decay) as time_decay,
    sum(amount * case when place = 1 then 1 else 0 end) as first_amount,
    sum(amount * case when place = touches then 1 else 0 end) as last_amount,
    sum(amount / nullif(touches, 0)) as linear_amount,
    sum(amount * position_weight) as position_amount,
    sum(amount * u_weight) as u_amount,
    sum(amount * decay) as time_decay_amount
from weighed
group by channel

-- name: credit_fact
-- title: Credit of touches
-- definition: What each touch of a won deal earns under each path model - points for what the touch is, divided so that a deal gives one
--   whole credit, and its money split to the cent by largest remainder. Only touches inside the lookback earn; a won deal without one
--   has no row here and is shown as Unattributed.
-- params: lookback_days, half_life_days, custom_weights
-- returns: deal_key, touch_key, person_key, model, touched_at, channel, side, campaign, weight, amount
with journeys as (
    select
        deal_journeys.*,
        cast(round(deals.amount * 100) as bigint) as cents,
        -- Counted back from the newest touch: the same shares, and no share too small for a number.
        power(
            2,
            (min(deal_journeys.days_before) over (partition by deal_journeys.deal_key) - deal_journeys.days_before)
            / nullif(coalesce($half_life_days::double, config.half_life_days), 0)
        ) as decay
    from deal_journeys
    inner join deals on deal_journeys.deal_key = deals.deal_key
    cross join config
    where
        deals.is_won
        and deal_journeys.days_before <= coalesce($lookback_days::double, config.lookback_days)
),

milestones as (
    select
        journeys.deal_key,
        count(*) as touches,
        min(journeys.place) as first_place,
        max(journeys.place) filter (where journeys.is_before_lead) as lead_place,
        max(journeys.place) filter (where journeys.is_before_deal) as deal_place,
        max(journeys.place) as last_place,
        coalesce(
            max(journeys.place) filter (where lower(journeys.channel) != 'direct'),
            max(journeys.place)
        ) as non_direct_place,
        sum(journeys.decay) as decay_sum
    from journeys
    group by journeys.deal_key
),

own_weights as (
    select nullif(coalesce($custom_weights::varchar, config.custom_weights), '') as weights
    from config
),

models as (
    select
        attribution_models.model,
        case
            when attribution_models.model = 'custom'
                then cast(split_part(own_weights.weights, ',', 1) as double)
            else attribution_models.first_points
        end as first_points,
        case
            when attribution_models.model = 'custom'
                then cast(split_part(own_weights.weights, ',', 2) as double)
            else attribution_models.lead_points
        end as lead_points,
        case
            when attribution_models.model = 'custom'
                then cast(split_part(own_weights.weights, ',', 3) as double)
            else attribution_models.deal_points
        end as deal_points,
        case
            when attribution_models.model = 'custom'
                then cast(split_part(own_weights.weights, ',', 4) as double)
            else attribution_models.last_points
        end as last_points,
        attribution_models.non_direct_points,
        attribution_models.every_points,
        case
            when attribution_models.model = 'custom'
                then cast(split_part(own_weights.weights, ',', 5) as double)
            else attribution_models.middle_points
        end as middle_points,
        attribution_models.decay_points
    from attribution_models
    cross join own_weights
),

-- One row per deal and model: which places are milestones under it, and what is left for each touch between them.
shares as (
    select
        milestones.*,
        models.*,
        case
            when models.lead_points > 0 and milestones.lead_place is not null
                then models.lead_points
            else 0
        end as lead_given,
        case
            when models.deal_points > 0 and milestones.deal_place is not null
                then models.deal_points
            else 0
        end as deal_given,
        milestones.touches
        - case when models.first_points > 0 then 1 else 0 end
        - case
            when
                models.lead_points > 0 and milestones.lead_place is not null
                and not (models.first_points > 0 and milestones.lead_place = milestones.first_place)
                then 1
            else 0
        end
        - case
            when
                models.deal_points > 0 and milestones.deal_place is not null
                and not (models.first_points > 0 and milestones.deal_place = milestones.first_place)
                and not (models.lead_points > 0 and milestones.deal_place is not distinct from milestones.lead_place)
                then 1
            else 0
        end
        - case
            when
                models.last_points > 0
                and not (models.first_points > 0 and milestones.last_place = milestones.first_place)
                and not (models.lead_points > 0 and milestones.last_place is not distinct from milestones.lead_place)
                and not (models.deal_points > 0 and milestones.last_place is not distinct from milestones.deal_place)
                then 1
            else 0
        end as middle_touches
    from milestones
    cross join models
),

totals as (
    select
        shares.*,
        shares.first_points
        + shares.lead_given
        + shares.deal_given
        + shares.last_points
        + shares.non_direct_points
        + shares.every_points * shares.touches
        + shares.decay_points * shares.decay_sum
        + case when shares.middle_touches > 0 then shares.middle_points else 0 end as points
    from shares
),

pointed as (
    select
        journeys.deal_key,
        journeys.touch_key,
        journeys.person_key,
        totals.model,
        journeys.touched_at,
        journeys.place,
        journeys.channel,
        journeys.side,
        journeys.campaign,
        journeys.cents,
        (
            case when journeys.place = totals.first_place then totals.first_points else 0 end
            + case when journeys.place = totals.lead_place then totals.lead_points else 0 end
            + case when journeys.place = totals.deal_place then totals.deal_points else 0 end
            + case when journeys.place = totals.last_place then totals.last_points else 0 end
            + case when journeys.place = totals.non_direct_place then totals.non_direct_points else 0 end
            + totals.every_points
            + totals.decay_points * journeys.decay
            + case
                when
                    (totals.first_points > 0 and journeys.place = totals.first_place)
                    or (totals.lead_points > 0 and journeys.place is not distinct from totals.lead_place)
                    or (totals.deal_points > 0 and journeys.place is not distinct from totals.deal_place)
                    or (totals.last_points > 0 and journeys.place = totals.last_place)
                    then 0
                else totals.middle_points / nullif(totals.middle_touches, 0)
            end
        ) / nullif(totals.points, 0) as weight
    from journeys
    inner join totals on journeys.deal_key = totals.deal_key
),

floored as (
    select
        pointed.*,
        cast(floor(pointed.cents * pointed.weight) as bigint) as whole_cents
    from pointed
    where pointed.weight > 0
)

select
    floored.deal_key,
    floored.touch_key,
    floored.person_key,
    floored.model,
    floored.touched_at,
    floored.channel,
    floored.side,
    floored.campaign,
    floored.weight,
    cast(
        (
            floored.whole_cents + case
                when
                    row_number()
                        over (
                            partition by floored.deal_key, floored.model
                            order by floored.cents * floored.weight - floored.whole_cents desc, floored.place asc
                        )
                    <= floored.cents - sum(floored.whole_cents) over (partition by floored.deal_key, floored.model)
                    then 1
                else 0
            end
        ) * cast('0.01' as decimal(18, 2))
        as decimal(18, 2)
    ) as amount
from floored

-- name: cohort_fact
-- title: Cohorts
-- definition: What a win curve counts - each deal from its creation, each lead from its hand-over (its creation where the export has no
--   MQL dates), with the days until it was won, lost or last seen open. An outcome dated after the export counts at the export's date.
-- returns: entity, entity_id, entered_on, cohort_month, outcome, days, amount, channel, source, side, campaign,
--   region, segment, product, team, owner, pipeline, account_list, video_engaged, entity_key, seen_on
select
    'deals' as entity,
    deals.deal_id as entity_id,
    deals.created_on as entered_on,
    cast(date_trunc('month', deals.created_on) as date) as cohort_month,
    case when deals.is_won then 1 when deals.is_lost then 2 else 0 end as outcome,
    date_diff(
        'day',
        deals.created_on,
        case
            when deals.is_closed then least(deals.closed_on, cast(deals.as_of as date))
            else cast(deals.as_of as date)
        end
    ) as days,
    deals.amount,
    deals.channel,
    deals.source,
    deals.side,
    deals.campaign,
    deals.region,
    deals.segment,
    deals.product,
    deals.team,
    deals.owner,
    deals.pipeline,
    deals.account_list,
    deals.video_engaged,
    deals.deal_key as entity_key,
    cast(deals.as_of as date) as seen_on
from deals
where
    deals.created_on is not null
    and (deals.is_open or deals.closed_on is not null)
    and deals.created_on <= cast(deals.as_of as date)
    and coalesce(deals.closed_on >= deals.created_on, true)
union all
select
    'people' as entity,
    lead_fact.person_id as entity_id,
    cast(lead_fact.handoff_at as date) as entered_on,
    cast(date_trunc('month', lead_fact.handoff_at) as date) as cohort_month,
    case when lead_fact.is_won then 1 when lead_fact.lost_at is not null then 2 else 0 end as outcome,
    date_diff(
        'day',
        cast(lead_fact.handoff_at as date),
        least(
            coalesce(cast(lead_fact.won_at as date), cast(lead_fact.lost_at as date), cast(lead_fact.as_of as date)),
            cast(lead_fact.as_of as date)
        )
    ) as days,
    lead_fact.won_amount as amount,
    lead_fact.channel,
    lead_fact.source,
    lead_fact.side,
    lead_fact.campaign,
    lead_fact.region,
    lead_fact.segment,
    lead_fact.product,
    lead_fact.team,
    lead_fact.owner,
    null as pipeline,
    lead_fact.account_list,
    lead_fact.video_engaged,
    lead_fact.person_key as entity_key,
    cast(lead_fact.as_of as date) as seen_on
from lead_fact
where
    lead_fact.handoff_at is not null
    and (not lead_fact.is_won or lead_fact.won_at is not null)
    and cast(lead_fact.handoff_at as date) <= cast(lead_fact.as_of as date)
    and coalesce(
        coalesce(cast(lead_fact.won_at as date), cast(lead_fact.lost_at as date)) >= cast(lead_fact.handoff_at as date),
        true
    )

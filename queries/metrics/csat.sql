-- name: csat
-- title: CSAT
-- unit: percent
-- good: up
-- aggregate: ratio
-- population: answers, the latest of a customer in a quarter
-- clock: day of the answer
-- grain: one row per customer and quarter
-- needs: surveys.score
-- definition: Of the marks for satisfaction, 1 to 5, the share of 4 and 5. The latest answer of a customer in each quarter counts.
-- returns: entity, entity_id, happened_on, channel, source, side, campaign, region, segment, product, team,
--   owner, pipeline, account_list, video_engaged, numerator, denominator
with latest as (
    select
        surveys.person_key,
        surveys.owner,
        surveys.score,
        surveys.answered_on,
        row_number() over (order by surveys.answered_at, surveys.person_key, surveys.score) as answer_no
    from surveys
    left join calendar on surveys.answered_on = calendar.day
    where
        coalesce(surveys.kind, case coalesce(surveys.scale_max, 10) when 5 then 'csat' else 'nps' end) = 'csat'
        and coalesce(surveys.scale_max, 5) = 5
        and surveys.score between 1 and 5
    qualify
        surveys.person_key is null
        or row_number() over (
            partition by surveys.person_key, calendar.fiscal_quarter_start
            order by surveys.answered_at desc, surveys.score asc
        ) = 1
)

select
    'person' as entity,
    coalesce(lead_fact.person_id, 'answer ' || cast(latest.answer_no as varchar)) as entity_id,
    latest.answered_on as happened_on,
    lead_fact.channel,
    lead_fact.source,
    lead_fact.side,
    lead_fact.campaign,
    lead_fact.region,
    lead_fact.segment,
    lead_fact.product,
    lead_fact.team,
    coalesce(latest.owner, lead_fact.owner) as owner,
    null as pipeline,
    lead_fact.account_list,
    lead_fact.video_engaged,
    case when latest.score >= 4 then 1 else 0 end as numerator,
    1 as denominator
from latest
left join lead_fact on latest.person_key = lead_fact.person_key

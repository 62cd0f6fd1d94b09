-- name: viewer_win_rate
-- title: Viewer win rate
-- unit: percent
-- good: up
-- aggregate: ratio
-- population: identified viewers created at least 180 days ago
-- clock: created; 180 days
-- grain: one row per identified viewer created at least 180 days ago
-- needs: video_views.at
-- definition: Of the people with an identified video view before any win, created at least 180 days before the data
--   date, the share won within 180 days of creation. Watching is not shown to be the cause: buyers watch more.
-- returns: entity, entity_id, happened_on, channel, source, side, campaign, region, segment, product, team,
--   owner, pipeline, account_list, video_engaged, numerator, denominator
select
    'person' as entity,
    lead_fact.person_id as entity_id,
    lead_fact.created_on as happened_on,
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
    case
        when lead_fact.is_won and date_diff('day', lead_fact.created_on, cast(lead_fact.won_at as date)) <= 180 then 1
        else 0
    end as numerator,
    1 as denominator
from lead_fact
where
    lead_fact.first_viewed_at is not null
    and (lead_fact.won_at is null or lead_fact.first_viewed_at <= lead_fact.won_at)
    and date_diff('day', lead_fact.created_on, cast(lead_fact.as_of as date)) >= 180

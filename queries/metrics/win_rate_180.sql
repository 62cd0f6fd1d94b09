-- name: win_rate_180
-- title: Win rate in 180 days
-- unit: percent
-- good: up
-- aggregate: ratio
-- population: deals created at least 180 days ago
-- clock: created; 180 days
-- grain: one row per deal at least 180 days old
-- needs: deals.created_at
-- definition: Of the deals created at least 180 days before the data date, the share won within 180 days of creation.
--   Every deal has had the same time, so periods compare fairly.
-- returns: entity, entity_id, happened_on, channel, source, side, campaign, region, segment, product, team,
--   owner, pipeline, account_list, video_engaged, numerator, denominator
select
    'deal' as entity,
    deals.deal_id as entity_id,
    deals.created_on as happened_on,
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
    case
        when deals.is_won and date_diff('day', deals.created_on, deals.closed_on) <= 180 then 1
        else 0
    end as numerator,
    1 as denominator
from deals
where date_diff('day', deals.created_on, cast(deals.as_of as date)) >= 180

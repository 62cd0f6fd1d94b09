-- name: records
-- title: Records behind a metric
-- definition: The very rows a metric adds up - each with its numerator and denominator, where it comes from, and
--   anything odd about it.
-- params: account_lists, campaigns, channels, metric, owners, period_end, period_start, pipelines, products, regions,
--   row_limit, segments, sides, sources, teams, video_engaged
-- defaults: row_limit=10000000
-- returns: metric, entity, entity_id, label, company, happened_on, channel, source, side, campaign, region, segment,
--   product, team, owner, pipeline, account_list, video_engaged, numerator, denominator, flags
select
    metric_rows.metric,
    metric_rows.entity,
    metric_rows.entity_id,
    case metric_rows.entity
        when 'deal' then deals.deal_name
        when 'person' then lead_fact.person_name
        else metric_rows.campaign
    end as label,
    coalesce(deals.company_name, lead_fact.company_name) as company,
    metric_rows.happened_on,
    metric_rows.channel,
    metric_rows.source,
    metric_rows.side,
    metric_rows.campaign,
    metric_rows.region,
    metric_rows.segment,
    metric_rows.product,
    metric_rows.team,
    metric_rows.owner,
    metric_rows.pipeline,
    metric_rows.account_list,
    metric_rows.video_engaged,
    metric_rows.numerator,
    metric_rows.denominator,
    nullif(
        concat_ws(
            '; ',
            case when deals.is_future_dated then 'close date in the future of the data' end,
            case when deals.amount is null and metric_rows.entity = 'deal' then 'amount missing' end,
            case when deals.deal_type = 'unknown' then 'type unknown, counted as new' end,
            case when deals.is_closed_before_created then 'closed before created' end,
            case when deals.is_stage_unmapped then 'stage not mapped' end
        ),
        ''
    ) as flags
from metric_rows
left join deals on metric_rows.entity = 'deal' and metric_rows.entity_id = deals.deal_id
left join lead_fact on metric_rows.entity = 'person' and metric_rows.entity_id = lead_fact.person_id
where
    metric_rows.metric = $metric
    and ($period_start::date is null or metric_rows.happened_on >= $period_start::date)
    and ($period_end::date is null or metric_rows.happened_on < $period_end::date)
    and (len($channels) = 0 or list_contains($channels, coalesce(metric_rows.channel, '')))
    and (len($sources) = 0 or list_contains($sources, coalesce(metric_rows.source, '')))
    and (len($sides) = 0 or list_contains($sides, coalesce(metric_rows.side, '')))
    and (len($campaigns) = 0 or list_contains($campaigns, coalesce(metric_rows.campaign, '')))
    and (len($regions) = 0 or list_contains($regions, coalesce(metric_rows.region, '')))
    and (len($segments) = 0 or list_contains($segments, coalesce(metric_rows.segment, '')))
    and (len($products) = 0 or list_contains($products, coalesce(metric_rows.product, '')))
    and (len($teams) = 0 or list_contains($teams, coalesce(metric_rows.team, '')))
    and (len($owners) = 0 or list_contains($owners, coalesce(metric_rows.owner, '')))
    and (len($pipelines) = 0 or list_contains($pipelines, coalesce(metric_rows.pipeline, '')))
    and (len($account_lists) = 0 or list_contains($account_lists, coalesce(metric_rows.account_list, '')))
    and (
        len($video_engaged) = 0
        or list_contains($video_engaged, case when metric_rows.video_engaged then 'yes' else 'no' end)
    )
order by metric_rows.happened_on desc, metric_rows.numerator desc, metric_rows.entity_id asc
limit $row_limit

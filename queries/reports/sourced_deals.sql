-- name: sourced_deals
-- title: Won deals and whose they are
-- definition: The won deals of the period, newest first, each with its side under the rule both sides chose, what decided
--   it, and anything odd about it.
-- params: account_lists, business, campaigns, channels, owners, period_end, period_start, pipelines, products,
--   regions, row_limit, segments, sides, sources, teams, video_engaged
-- defaults: business=all, row_limit=10000000
-- returns: deal_id, deal_name, company, closed_on, side, channel, decided_by, source, owner, amount, flags
select
    deals.deal_id,
    deals.deal_name,
    deals.company_name as company,
    deals.closed_on,
    deals.side,
    deals.channel,
    deal_sides.decided_by,
    deals.source,
    deals.owner,
    deals.amount,
    nullif(
        concat_ws(
            '; ',
            case when deals.is_future_dated then 'close date in the future of the data' end,
            case when deals.amount is null then 'amount missing' end,
            case when deals.deal_type = 'unknown' then 'type unknown, counted as new' end,
            case when deals.is_closed_before_created then 'closed before created' end,
            case when deals.is_stage_unmapped then 'stage not mapped' end,
            case when deals.is_source_unmapped then 'source not mapped' end,
            case
                when deal_sides.is_before_lead then 'older than its first contact record, so only fields are believed'
            end,
            case when deal_sides.is_tie then 'two sides at one second' end
        ),
        ''
    ) as flags
from deals
inner join deal_sides on deals.deal_key = deal_sides.deal_key
where
    deals.is_won
    and ($business = 'all' or deals.is_new_business)
    and ($period_start::date is null or deals.closed_on >= $period_start::date)
    and ($period_end::date is null or deals.closed_on < $period_end::date)
    and (len($channels) = 0 or list_contains($channels, coalesce(deals.channel, '')))
    and (len($sources) = 0 or list_contains($sources, coalesce(deals.source, '')))
    and (len($sides) = 0 or list_contains($sides, coalesce(deals.side, '')))
    and (len($campaigns) = 0 or list_contains($campaigns, coalesce(deals.campaign, '')))
    and (len($regions) = 0 or list_contains($regions, coalesce(deals.region, '')))
    and (len($segments) = 0 or list_contains($segments, coalesce(deals.segment, '')))
    and (len($products) = 0 or list_contains($products, coalesce(deals.product, '')))
    and (len($teams) = 0 or list_contains($teams, coalesce(deals.team, '')))
    and (len($owners) = 0 or list_contains($owners, coalesce(deals.owner, '')))
    and (len($pipelines) = 0 or list_contains($pipelines, coalesce(deals.pipeline, '')))
    and (len($account_lists) = 0 or list_contains($account_lists, coalesce(deals.account_list, '')))
    and (
        len($video_engaged) = 0
        or list_contains($video_engaged, case when deals.video_engaged then 'yes' else 'no' end)
    )
order by deals.closed_on desc nulls last, deals.amount desc nulls last, deals.deal_id asc
limit $row_limit

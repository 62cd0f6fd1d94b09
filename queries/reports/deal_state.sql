-- name: deal_state
-- title: Every deal as a snapshot tells it
-- definition: Each deal with its stage, money, owner and dates as these numbers tell them, whether the filters match it, and
--   whether its date lies in the period - the expected close of an open deal, the close of a closed one. The open
--   pipeline in scope is every open deal that the filters match and whose expected close lies in the period asked for;
--   without a period it is every open deal. A deal that a full export no longer holds is there as missing.
-- params: account_lists, campaigns, channels, owners, period_end, period_start, pipelines, products, regions, segments,
--   sides, sources, teams, video_engaged
-- needs: deals.stage_raw|deals.status
-- returns: system, object, record_key, deal_id, deal_name, company_name, owner, stage, stage_order, status, words_told,
--   amount, amount_told, currency_told, is_rate_missing, created_on, closed_on, expected_close_on, is_shown,
--   is_in_period, is_in_scope, as_of_on
with told as (
    select
        deals.system,
        coalesce(base_deals.object, '') as object,
        deals.record_key,
        deals.deal_id,
        deals.deal_name,
        deals.company_name,
        deals.owner,
        deals.stage,
        deals.stage_order,
        deals.status,
        concat_ws(
            '|', coalesce(base_deals.stage_raw, ''), coalesce(base_deals.status, ''), coalesce(base_deals.pipeline, '')
        ) as words_told,
        deals.amount,
        coalesce(base_deals.amount_home, base_deals.amount) as amount_told,
        deals.currency as currency_told,
        deals.is_rate_missing,
        deals.created_on,
        deals.closed_on,
        deals.expected_close_on,
        (len($channels) = 0 or list_contains($channels, coalesce(deals.channel, '')))
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
        ) as is_shown,
        case when deals.is_open then deals.expected_close_on else deals.closed_on end as period_on
    from deals
    left join base_deals
        on
            deals.system = base_deals.system
            and deals.record_key = base_deals.record_key
            and deals.import_id = base_deals.import_id
            and deals.line_no is not distinct from base_deals.line_no
    union all
    select
        base_deals.system,
        base_deals.object,
        base_deals.record_key,
        base_deals.record_key as deal_id,
        base_deals.name as deal_name,
        base_deals.company_name,
        base_deals.owner,
        base_deals.stage_raw as stage,
        null as stage_order,
        'missing' as status,
        '' as words_told,
        null as amount,
        null as amount_told,
        null as currency_told,
        false as is_rate_missing,
        cast(base_deals.created_at as date) as created_on,
        null as closed_on,
        null as expected_close_on,
        false as is_shown,
        null as period_on
    from base_deals
    where base_deals.missing_since is not null
),

dated as (
    select
        told.*,
        ($period_start::date is null and $period_end::date is null)
        or coalesce(
            ($period_start::date is null or told.period_on >= $period_start::date)
            and ($period_end::date is null or told.period_on < $period_end::date),
            false
        ) as is_in_period
    from told
)

select
    dated.system,
    dated.object,
    dated.record_key,
    dated.deal_id,
    dated.deal_name,
    dated.company_name,
    dated.owner,
    dated.stage,
    dated.stage_order,
    dated.status,
    dated.words_told,
    dated.amount,
    dated.amount_told,
    dated.currency_told,
    dated.is_rate_missing,
    dated.created_on,
    dated.closed_on,
    dated.expected_close_on,
    dated.is_shown,
    dated.is_in_period,
    dated.status = 'open' and dated.is_shown and dated.is_in_period as is_in_scope,
    config.as_of_on
from dated
cross join config

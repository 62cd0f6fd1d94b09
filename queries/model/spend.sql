-- name: spend
-- title: Spend by day
-- definition: Cost spread evenly over the days of its period, the last day taking the rounding, so totals are exact. Where exports of
--   one platform and channel overlap, the newer wins for the days it covers. Money without a period is kept undated. A budget
--   is spread like the cost, so that the days of a period carry their share of it and no more. A cost line without a channel
--   or a known platform takes the channel of its campaign.
-- returns: spend_key, system, spend_id, spent_on, cost, currency, is_rate_missing, channel, side, platform, campaign,
--   budget, impressions, clicks, kind, import_id, line_no
with dated as (
    select
        base_spend.*,
        row_number()
            over (order by base_spend.system, base_spend.record_key, base_spend.import_id, base_spend.line_no)
            as spend_no,
        cast(base_spend.period_start as date) as first_on,
        cast(coalesce(base_spend.period_end, base_spend.period_start) as date) as last_on,
        case
            when base_spend.currency is null or base_spend.currency = config.reporting_currency then base_spend.cost
            else cast(round(base_spend.cost * rates.rate, 4) as decimal(18, 4))
        end as cost_reported,
        case
            when base_spend.currency is null or base_spend.currency = config.reporting_currency then base_spend.budget
            else cast(round(base_spend.budget * rates.rate, 4) as decimal(18, 4))
        end as budget_reported
    from base_spend
    cross join config
    left join currency_rates as rates
        on
            base_spend.currency = rates.currency
            and rates.from_on <= cast(coalesce(base_spend.period_start, config.as_of_at) as date)
            and (
                rates.until_on is null
                or cast(coalesce(base_spend.period_start, config.as_of_at) as date) < rates.until_on
            )
    where base_spend.missing_since is null
),

daily as (
    select
        dated.spend_no,
        calendar.day as spent_on,
        case
            when calendar.day < dated.last_on
                then cast(round(dated.cost_reported / nullif(calendar_days.days, 0), 4) as decimal(18, 4))
            else cast(
                dated.cost_reported
                - cast(round(dated.cost_reported / nullif(calendar_days.days, 0), 4) as decimal(18, 4))
                * (calendar_days.days - 1)
                as decimal(18, 4)
            )
        end as cost,
        case
            when calendar.day < dated.last_on
                then cast(round(dated.budget_reported / nullif(calendar_days.days, 0), 4) as decimal(18, 4))
            else cast(
                dated.budget_reported
                - cast(round(dated.budget_reported / nullif(calendar_days.days, 0), 4) as decimal(18, 4))
                * (calendar_days.days - 1)
                as decimal(18, 4)
            )
        end as budget,
        cast(1 as double) / nullif(calendar_days.days, 0) as share_of_period
    from dated
    inner join calendar on dated.first_on <= calendar.day and calendar.day <= dated.last_on
    inner join (
        select
            dated.spend_no,
            count(*) as days
        from dated
        inner join calendar on dated.first_on <= calendar.day and calendar.day <= dated.last_on
        group by dated.spend_no
    ) as calendar_days on dated.spend_no = calendar_days.spend_no
    union all
    select
        dated.spend_no,
        null as spent_on,
        dated.cost_reported as cost,
        dated.budget_reported as budget,
        cast(1 as double) as share_of_period
    from dated
    where dated.first_on is null
)

select
    dated.spend_no as spend_key,
    dated.system,
    dated.record_key as spend_id,
    daily.spent_on,
    daily.cost,
    dated.currency,
    dated.cost_reported is null as is_rate_missing,
    coalesce(
        source_vocabulary.channel,
        dated.channel,
        ad_vocabulary.channel,
        platform_vocabulary.channel,
        campaigns.channel,
        campaigns.channel_raw,
        dated.platform,
        'Unknown'
    )
        as channel,
    coalesce(source_vocabulary.side, ad_vocabulary.side, platform_vocabulary.side, campaigns.side, 'marketing') as side,
    dated.platform,
    coalesce(dated.campaign, campaign_names.campaign_name, dated.campaign_id) as campaign,
    daily.budget,
    dated.impressions * daily.share_of_period as impressions,
    dated.clicks * daily.share_of_period as clicks,
    coalesce(dated.kind, 'media') as kind,
    dated.import_id,
    dated.line_no
from daily
inner join dated on daily.spend_no = dated.spend_no
left join source_vocabulary
    on trim(regexp_replace(lower(dated.channel), '[^\p{L}\p{N}]+', ' ', 'g')) = source_vocabulary.source_norm
-- What is paid to LinkedIn is LinkedIn Ads, whatever a lead from LinkedIn is.
left join source_vocabulary as ad_vocabulary
    on
        concat(trim(regexp_replace(lower(dated.platform), '[^\p{L}\p{N}]+', ' ', 'g')), ' ads')
        = ad_vocabulary.source_norm
left join source_vocabulary as platform_vocabulary
    on trim(regexp_replace(lower(dated.platform), '[^\p{L}\p{N}]+', ' ', 'g')) = platform_vocabulary.source_norm
left join campaigns on dated.system = campaigns.system and dated.campaign_id = campaigns.campaign_id
left join campaign_names on dated.campaign_id = campaign_names.campaign_id
qualify
    daily.spent_on is null
    or dated.object = 'campaign'
    or dated.as_of = max(dated.as_of) over (
        partition by dated.system, dated.platform, dated.channel, daily.spent_on
    )

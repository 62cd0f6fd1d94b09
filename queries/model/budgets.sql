-- name: budgets
-- title: Budgets by day
-- definition: What was planned to be spent, each budget once however many cost lines repeat it, spread evenly over the days it is for.
--   A campaign's own budget counts where no cost line of that campaign carries one.
-- returns: planned_on, channel, side, campaign, kind, budget
with with_cost_line as (
    select distinct
        spend.system,
        spend.campaign
    from spend
    where spend.budget is not null and spend.campaign is not null
),

own as (
    select
        campaigns.campaign_key,
        campaigns.campaign_name,
        campaigns.channel_raw,
        campaigns.channel,
        campaigns.side,
        campaigns.start_on as first_on,
        coalesce(campaigns.end_on, campaigns.start_on) as last_on,
        case
            when campaigns.currency is null or campaigns.currency = config.reporting_currency then campaigns.budget
            else cast(round(campaigns.budget * rates.rate, 4) as decimal(18, 4))
        end as budget
    from campaigns
    cross join config
    left join with_cost_line
        on campaigns.system = with_cost_line.system and campaigns.campaign_name = with_cost_line.campaign
    left join currency_rates as rates
        on
            campaigns.currency = rates.currency
            and rates.from_on <= coalesce(campaigns.start_on, config.as_of_on)
            and (rates.until_on is null or coalesce(campaigns.start_on, config.as_of_on) < rates.until_on)
    where campaigns.budget is not null and with_cost_line.campaign is null
),

own_days as (
    select
        own.campaign_key,
        calendar.day,
        count(*) over (partition by own.campaign_key) as days
    from own
    inner join calendar on own.first_on <= calendar.day and calendar.day <= own.last_on
)

select
    spend.spent_on as planned_on,
    spend.channel,
    spend.side,
    spend.campaign,
    spend.kind,
    spend.budget
from spend
where spend.budget is not null
union all
select
    own_days.day as planned_on,
    coalesce(own.channel, own.channel_raw, 'Unknown') as channel,
    coalesce(own.side, 'marketing') as side,
    own.campaign_name as campaign,
    'media' as kind,
    case
        when own_days.day is null then own.budget
        when own_days.day < own.last_on
            then cast(round(own.budget / nullif(own_days.days, 0), 4) as decimal(18, 4))
        else cast(
            own.budget
            - cast(round(own.budget / nullif(own_days.days, 0), 4) as decimal(18, 4)) * (own_days.days - 1)
            as decimal(18, 4)
        )
    end as budget
from own
left join own_days on own.campaign_key = own_days.campaign_key
where own.budget is not null

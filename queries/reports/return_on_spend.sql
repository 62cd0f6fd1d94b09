-- name: return_on_spend
-- title: Return on spend
-- definition: What was spent, what it brought and what each step cost, by channel, campaign or month. Won deals and
--   their revenue are credited by one attribution model (origin = all of a deal to its agreed channel), counted at
--   the close (cohort close) or at the touch that is credited (cohort touch; without one the day the deal was created
--   for origin, and the close for deals without any touch). Leads count when created and MQLs when they became one,
--   both where the person came from; opportunities count when the deal was created, where the deal came from. Channel,
--   side and campaign choose rows; the other filters choose deals and people, which spend cannot follow, so ratios
--   are empty then. Spend without a day is in the total of all time only.
-- params: account_lists, business, by, campaigns, channels, cohort, costs, custom_weights, model, owners, period_end, period_start,
--   pipelines, products, regions, segments, sides, sources, teams, video_engaged
-- defaults: business=all, by=channel, cohort=close, costs=all, model=linear
-- choices: business=new|all, by=channel|campaign|month|channel_month, cohort=close|touch, costs=all|media,
--   model=first|last|last_non_direct|linear|position|u|w|full_path|time_decay|custom|origin
-- replaces: credit_fact
-- returns: group_value, channel, campaign, month, spend, budget, leads, mqls, opportunities, won_deals, won_revenue,
--   roas, cost_per_lead, cost_per_mql, cost_per_opportunity, cost_per_won, is_spend_known, spend_until, rate_missing,
--   remark
with deals_chosen as (
    select
        deals.deal_key,
        coalesce(deals.channel, 'Unknown') as channel,
        deals.side,
        deals.campaign,
        deals.created_on,
        deals.closed_on,
        deals.is_won,
        deals.amount
    from deals
    where
        ($business = 'all' or deals.is_new_business)
        and (len($sources) = 0 or list_contains($sources, coalesce(deals.source, '')))
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
),

people_chosen as (
    select
        lead_fact.channel,
        lead_fact.side,
        lead_fact.campaign,
        lead_fact.created_on,
        cast(lead_fact.mql_at as date) as mql_on
    from lead_fact
    where
        len($pipelines) = 0
        and (len($sources) = 0 or list_contains($sources, coalesce(lead_fact.source, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(lead_fact.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(lead_fact.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(lead_fact.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(lead_fact.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(lead_fact.owner, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(lead_fact.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when lead_fact.video_engaged then 'yes' else 'no' end)
        )
),

-- Without weights of the team's own there is no model custom, and no answer by it.
own_weights as (
    select nullif(coalesce($custom_weights::varchar, config.custom_weights), '') as weights
    from config
),

credited_deals as (
    select distinct credit_fact.deal_key
    from credit_fact
    where credit_fact.model = $model
),

won_credit as (
    select
        coalesce(credit_fact.channel, 'Unknown') as channel,
        credit_fact.side,
        credit_fact.campaign,
        case $cohort when 'touch' then cast(credit_fact.touched_at as date) else deals_chosen.closed_on end
            as counted_on,
        credit_fact.weight as deals,
        credit_fact.amount as revenue
    from credit_fact
    inner join deals_chosen on credit_fact.deal_key = deals_chosen.deal_key
    where credit_fact.model = $model
    union all
    select
        case $model when 'origin' then deals_chosen.channel else 'Unattributed' end as channel,
        case $model when 'origin' then deals_chosen.side else 'unknown' end as side,
        case $model when 'origin' then deals_chosen.campaign end as campaign,
        case
            when $model = 'origin' and $cohort = 'touch'
                then coalesce(deals_chosen.created_on, deals_chosen.closed_on)
            else deals_chosen.closed_on
        end as counted_on,
        cast(1 as double) as deals,
        deals_chosen.amount as revenue
    from deals_chosen
    left join credited_deals on deals_chosen.deal_key = credited_deals.deal_key
    where deals_chosen.is_won and credited_deals.deal_key is null
),

-- Everything that happened on a day, in one shape: the period and the chosen rows are then cut once for all.
happenings as (
    select
        'spend' as measure,
        spend.channel,
        spend.side,
        spend.campaign,
        spend.spent_on as happened_on,
        case when spend.is_rate_missing then 1.0 else 0.0 end as cases,
        spend.cost as money
    from spend
    where $costs = 'all' or spend.kind = 'media'
    union all
    select
        'budget' as measure,
        budgets.channel,
        budgets.side,
        budgets.campaign,
        budgets.planned_on as happened_on,
        0 as cases,
        budgets.budget as money
    from budgets
    where $costs = 'all' or budgets.kind = 'media'
    union all
    select
        'lead' as measure,
        people_chosen.channel,
        people_chosen.side,
        people_chosen.campaign,
        people_chosen.created_on as happened_on,
        1 as cases,
        null as money
    from people_chosen
    where people_chosen.created_on is not null
    union all
    select
        'mql' as measure,
        people_chosen.channel,
        people_chosen.side,
        people_chosen.campaign,
        people_chosen.mql_on as happened_on,
        1 as cases,
        null as money
    from people_chosen
    where people_chosen.mql_on is not null
    union all
    select
        'opportunity' as measure,
        deals_chosen.channel,
        deals_chosen.side,
        deals_chosen.campaign,
        deals_chosen.created_on as happened_on,
        1 as cases,
        null as money
    from deals_chosen
    where deals_chosen.created_on is not null
    union all
    select
        'won' as measure,
        won_credit.channel,
        won_credit.side,
        won_credit.campaign,
        won_credit.counted_on as happened_on,
        won_credit.deals as cases,
        won_credit.revenue as money
    from won_credit
),

cut as (
    select
        happenings.measure,
        case when $by != 'month' then happenings.channel end as channel,
        case when $by = 'campaign' then happenings.campaign end as campaign,
        case
            when list_contains(['month', 'channel_month'], $by)
                then cast(date_trunc('month', happenings.happened_on) as date)
        end as month,
        sum(happenings.cases) as cases,
        sum(happenings.money) as money,
        count(*) as lines
    from happenings
    where
        ($period_start::date is null or happenings.happened_on >= $period_start::date)
        and ($period_end::date is null or happenings.happened_on < $period_end::date)
        and (len($channels) = 0 or list_contains($channels, coalesce(happenings.channel, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(happenings.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(happenings.campaign, '')))
    group by all
),

-- Ad platforms and web sessions write one campaign's name in their own ways: letters and digits decide.
named as (
    select
        cut.*,
        coalesce(trim(regexp_replace(lower(cut.campaign), '[^\p{L}\p{N}]+', ' ', 'g')), '') as campaign_norm
    from cut
),

-- A campaign is one row whatever channels it is met in; what has no campaign stays with its channel.
sums as (
    select
        case when named.campaign_norm = '' then named.channel end as channel_key,
        named.campaign_norm,
        named.month,
        case when min(named.channel) = max(named.channel) then min(named.channel) else 'several' end as channel,
        coalesce(
            min(named.campaign) filter (where named.measure = 'spend'), min(named.campaign)
        ) as campaign,
        sum(named.money) filter (where named.measure = 'spend') as spend,
        sum(named.money) filter (where named.measure = 'budget') as budget,
        coalesce(sum(named.cases) filter (where named.measure = 'spend'), 0) as rate_missing,
        coalesce(sum(named.cases) filter (where named.measure = 'lead'), 0) as leads,
        coalesce(sum(named.cases) filter (where named.measure = 'mql'), 0) as mqls,
        coalesce(sum(named.cases) filter (where named.measure = 'opportunity'), 0) as opportunities,
        coalesce(sum(named.cases) filter (where named.measure = 'won'), 0) as won_deals,
        coalesce(sum(named.money) filter (where named.measure = 'won'), 0) as won_revenue
    from named
    group by channel_key, named.campaign_norm, named.month
),

costs_named as (
    select
        case when $by != 'month' then spend.channel end as channel,
        case
            when $by = 'campaign'
                then coalesce(trim(regexp_replace(lower(spend.campaign), '[^\p{L}\p{N}]+', ' ', 'g')), '')
            else ''
        end as campaign_norm,
        max(spend.spent_on) as spend_until
    from spend
    where $costs = 'all' or spend.kind = 'media'
    group by all
),

last_costs as (
    select
        case when costs_named.campaign_norm = '' then costs_named.channel end as channel_key,
        costs_named.campaign_norm,
        max(costs_named.spend_until) as spend_until
    from costs_named
    group by channel_key, costs_named.campaign_norm
),

-- Where no touch, no lead or no date of a step is known at all, no channel has had none of them: nobody knows.
reach as (
    select count(*) as deals
    from credited_deals
),

known_people as (
    select
        count(lead_fact.created_on) as leads,
        count(lead_fact.mql_at) as mqls
    from lead_fact
),

known_deals as (
    select count(deals.created_on) as opportunities
    from deals
),

compared as (
    select
        sums.*,
        last_costs.spend_until,
        last_costs.campaign_norm is not null as has_costs,
        $model = 'origin' or reach.deals > 0 as is_credit_known,
        len($pipelines) = 0 and known_people.leads > 0 as is_lead_known,
        len($pipelines) = 0 and known_people.mqls > 0 as is_mql_known,
        known_deals.opportunities > 0 as is_opportunity_known,
        len($sources) + len($regions) + len($segments) + len($products) + len($teams) + len($owners) + len($pipelines)
        + len($account_lists) + len($video_engaged) = 0 as is_comparable
    from sums
    cross join reach
    cross join known_people
    cross join known_deals
    left join last_costs
        on
            sums.channel_key is not distinct from last_costs.channel_key
            and sums.campaign_norm = last_costs.campaign_norm
),

-- A campaign's costs that meet nothing of its name may be the costs of campaigns named otherwise: no return of 0.
divided as (
    select
        compared.*,
        $by = 'campaign' and compared.leads + compared.mqls + compared.opportunities + compared.won_deals = 0
            as is_stranger
    from compared
),

divisible as (
    select
        divided.*,
        case
            when divided.is_comparable and divided.spend > 0 and not divided.is_stranger
                then cast(divided.spend as double)
        end as money
    from divided
)

select
    case $by
        when 'campaign' then coalesce(divisible.campaign, '(none)')
        when 'month' then coalesce(substr(cast(divisible.month as varchar), 1, 7), '(no date)')
        else divisible.channel
    end as group_value,
    divisible.channel,
    divisible.campaign,
    divisible.month,
    divisible.spend,
    divisible.budget,
    case when divisible.is_lead_known then cast(divisible.leads as bigint) end as leads,
    case when divisible.is_mql_known then cast(divisible.mqls as bigint) end as mqls,
    case when divisible.is_opportunity_known then cast(divisible.opportunities as bigint) end as opportunities,
    divisible.won_deals,
    cast(divisible.won_revenue as decimal(18, 2)) as won_revenue,
    case when divisible.is_credit_known then cast(divisible.won_revenue as double) / nullif(divisible.money, 0) end
        as roas,
    divisible.money / nullif(divisible.leads, 0) as cost_per_lead,
    divisible.money / nullif(divisible.mqls, 0) as cost_per_mql,
    divisible.money / nullif(divisible.opportunities, 0) as cost_per_opportunity,
    divisible.money / nullif(divisible.won_deals, 0) as cost_per_won,
    divisible.spend is not null as is_spend_known,
    divisible.spend_until,
    cast(divisible.rate_missing as bigint) as rate_missing,
    case
        when divisible.channel = 'Unattributed' then 'no touch known'
        when not divisible.is_comparable then 'spend cannot follow these filters'
        when divisible.spend is null and divisible.rate_missing > 0 then 'spend without an exchange rate'
        when divisible.spend is null and divisible.has_costs then 'no spend in this period'
        when divisible.spend is null then 'no spend loaded'
        when divisible.spend <= 0 then 'nothing spent'
        when divisible.is_stranger then 'no lead, deal or touch of this name'
        when not divisible.is_credit_known then 'no touches loaded'
        when divisible.won_deals = 0 then 'nothing won'
    end as remark
from divisible
cross join own_weights
where $model != 'custom' or own_weights.weights is not null
order by divisible.month asc nulls last, divisible.won_revenue desc, divisible.spend desc nulls last, group_value asc

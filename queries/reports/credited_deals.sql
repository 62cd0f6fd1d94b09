-- name: credited_deals
-- title: Deals behind the credit
-- definition: The won deals a channel or campaign has credit for, with its share of each and the money of that share - the very
--   sums of the return on spend, deal by deal. Deals without any touch are behind the channel Unattributed.
-- params: account_lists, business, campaign_named, campaigns, channels, cohort, custom_weights, model, owners, period_end,
--   period_start, pipelines, products, regions, row_limit, segments, sides, sources, teams, video_engaged
-- defaults: business=all, campaign_named='', cohort=close, model=linear, row_limit=10000000
-- choices: business=new|all, cohort=close|touch,
--   model=first|last|last_non_direct|linear|position|u|w|full_path|time_decay|custom|origin
-- replaces: credit_fact
-- returns: deal_id, deal_name, company, closed_on, amount, share, credited_amount
with deals_chosen as (
    select
        deals.deal_key,
        deals.deal_id,
        deals.deal_name,
        deals.company_name,
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
        credit_fact.deal_key,
        coalesce(credit_fact.channel, 'Unknown') as channel,
        credit_fact.side,
        credit_fact.campaign,
        case $cohort when 'touch' then cast(credit_fact.touched_at as date) else deals_chosen.closed_on end
            as counted_on,
        credit_fact.weight as share,
        credit_fact.amount as revenue
    from credit_fact
    inner join deals_chosen on credit_fact.deal_key = deals_chosen.deal_key
    where credit_fact.model = $model
    union all
    select
        deals_chosen.deal_key,
        case $model when 'origin' then deals_chosen.channel else 'Unattributed' end as channel,
        case $model when 'origin' then deals_chosen.side else 'unknown' end as side,
        case $model when 'origin' then deals_chosen.campaign end as campaign,
        case
            when $model = 'origin' and $cohort = 'touch'
                then coalesce(deals_chosen.created_on, deals_chosen.closed_on)
            else deals_chosen.closed_on
        end as counted_on,
        cast(1 as double) as share,
        deals_chosen.amount as revenue
    from deals_chosen
    left join credited_deals on deals_chosen.deal_key = credited_deals.deal_key
    where deals_chosen.is_won and credited_deals.deal_key is null
)

select
    deals_chosen.deal_id,
    deals_chosen.deal_name,
    deals_chosen.company_name as company,
    deals_chosen.closed_on,
    deals_chosen.amount,
    sum(won_credit.share) as share,
    cast(sum(won_credit.revenue) as decimal(18, 2)) as credited_amount
from won_credit
inner join deals_chosen on won_credit.deal_key = deals_chosen.deal_key
cross join own_weights
where
    ($model != 'custom' or own_weights.weights is not null)
    and ($period_start::date is null or won_credit.counted_on >= $period_start::date)
    and ($period_end::date is null or won_credit.counted_on < $period_end::date)
    and (len($channels) = 0 or list_contains($channels, won_credit.channel))
    and (len($sides) = 0 or list_contains($sides, coalesce(won_credit.side, '')))
    and (len($campaigns) = 0 or list_contains($campaigns, coalesce(won_credit.campaign, '')))
    -- One campaign however it is spelt, as the return on spend names it.
    and (
        $campaign_named = ''
        or coalesce(trim(regexp_replace(lower(won_credit.campaign), '[^\p{L}\p{N}]+', ' ', 'g')), '')
        = case
            when $campaign_named != '(none)'
                then trim(regexp_replace(lower($campaign_named), '[^\p{L}\p{N}]+', ' ', 'g'))
            else ''
        end
    )
group by
    deals_chosen.deal_id,
    deals_chosen.deal_name,
    deals_chosen.company_name,
    deals_chosen.closed_on,
    deals_chosen.amount
order by deals_chosen.closed_on desc, credited_amount desc nulls last, deals_chosen.deal_id asc
limit $row_limit

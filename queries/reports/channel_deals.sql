-- name: channel_deals
-- title: Deals behind a channel's credit
-- definition: The won deals that a path model credits to a channel, or to one campaign of it, with the share of each deal and of its
--   money; the rows add up to the channel's row of the attribution, to the cent. Filters choose deals, as they do there. An empty
--   channel or campaign means all; (none) is what has no campaign, Unattributed what no touch explains.
-- params: account_lists, business, campaign, campaigns, channel, channels, custom_weights, model, owners, period_end,
--   period_start, pipelines, products, regions, row_limit, segments, sides, sources, teams, video_engaged
-- defaults: business=all, campaign='', channel='', model=linear, row_limit=10000000
-- choices: business=new|all
-- computed: yes
-- replaces: credit_fact
-- needs: touches.at
-- returns: deal_id, deal_name, company, closed_on, amount, share, credited_amount
with chosen as (
    select
        deals.deal_key,
        deals.deal_id,
        deals.deal_name,
        deals.company_name as company,
        deals.closed_on,
        deals.amount
    from deals
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
),

own_weights as (
    select nullif(coalesce($custom_weights::varchar, config.custom_weights), '') as weights
    from config
),

credited as (
    select
        chosen.*,
        coalesce(credit_fact.channel, 'Unattributed') as channel,
        coalesce(credit_fact.campaign, '(none)') as campaign,
        coalesce(credit_fact.weight, 1) as share,
        case when credit_fact.deal_key is null then chosen.amount else credit_fact.amount end as credited_amount
    from chosen
    cross join own_weights
    inner join attribution_models
        on
            attribution_models.model = $model
            and (attribution_models.model != 'custom' or own_weights.weights is not null)
    left join credit_fact on chosen.deal_key = credit_fact.deal_key and attribution_models.model = credit_fact.model
)

select
    credited.deal_id,
    any_value(credited.deal_name) as deal_name,
    any_value(credited.company) as company,
    any_value(credited.closed_on) as closed_on,
    any_value(credited.amount) as amount,
    round(sum(credited.share), 9) as share,
    sum(credited.credited_amount) as credited_amount
from credited
where
    ($channel = '' or credited.channel = $channel)
    and ($campaign = '' or credited.campaign = $campaign)
group by credited.deal_id
order by credited_amount desc nulls last, share desc, credited.deal_id asc
limit $row_limit

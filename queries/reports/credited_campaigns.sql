-- name: credited_campaigns
-- title: Campaigns behind a channel's credit
-- definition: How the won deals and the money that a path model gives to a channel spread over its campaigns; the rows add up to the
--   channel's row of the attribution, to the cent. Touches without a campaign stand under (none), and deals without any touch that
--   counts are the channel Unattributed. An empty channel means all. Markov and Shapley speak of channels only.
-- params: account_lists, business, campaigns, channel, channels, custom_weights, model, owners, period_end,
--   period_start, pipelines, products, regions, segments, sides, sources, teams, video_engaged
-- defaults: business=all, channel='', model=linear
-- choices: business=new|all
-- computed: yes
-- replaces: credit_fact
-- needs: touches.at
-- returns: campaign, deals, revenue
with chosen as (
    select
        deals.deal_key,
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
    credited.campaign,
    round(sum(credited.share), 9) as deals,
    sum(credited.credited_amount) as revenue
from credited
where $channel = '' or credited.channel = $channel
group by credited.campaign
order by deals desc, credited.campaign asc

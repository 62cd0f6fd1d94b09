-- name: attribution
-- title: Revenue by channel under each model
-- definition: Won deals and their money by channel under each attribution model, all models at once. A deal is one whole
--   credit; under every model the sum is won revenue to the cent, with what no touch explains as the row
--   Unattributed. Markov and Shapley look at channels only and need enough journeys; below their floor they are left
--   out and the answer says so. They show association, not cause.
-- params: account_lists, business, campaigns, channels, custom_weights, model, owners, period_end, period_start, pipelines, products,
--   regions, segments, sides, sources, teams, video_engaged
-- options: min_won, min_journeys
-- defaults: business=all, model=[], min_won=100, min_journeys=300
-- choices: business=new|all,
--   model=first|last|last_non_direct|linear|position|u|w|full_path|time_decay|custom|markov|shapley
-- computed: yes
-- replaces: credit_fact
-- needs: touches.at
-- returns: model, channel, deals, revenue
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

credited as (
    select
        credit_fact.model,
        credit_fact.channel,
        sum(credit_fact.weight) as deals,
        sum(credit_fact.amount) as revenue
    from credit_fact
    inner join chosen on credit_fact.deal_key = chosen.deal_key
    where len($model) = 0 or list_contains($model, credit_fact.model)
    group by credit_fact.model, credit_fact.channel
),

own_weights as (
    select nullif(coalesce($custom_weights::varchar, config.custom_weights), '') as weights
    from config
),

models as (
    select
        attribution_models.model,
        attribution_models.model_order
    from attribution_models
    cross join own_weights
    where
        (len($model) = 0 or list_contains($model, attribution_models.model))
        and (attribution_models.model != 'custom' or own_weights.weights is not null)
),

everything as (
    select
        count(*) as deals,
        sum(chosen.amount) as revenue
    from chosen
),

rest as (
    select
        models.model,
        'Unattributed' as channel,
        any_value(everything.deals) - coalesce(sum(credited.deals), 0) as deals,
        any_value(everything.revenue) - coalesce(sum(credited.revenue), 0) as revenue
    from models
    cross join everything
    left join credited on models.model = credited.model
    where everything.deals > 0
    group by models.model
),

rows_of_models as (
    select
        credited.model,
        credited.channel,
        credited.deals,
        credited.revenue
    from credited
    union all
    select
        rest.model,
        rest.channel,
        round(rest.deals, 6) as deals,
        rest.revenue
    from rest
)

select
    rows_of_models.model,
    rows_of_models.channel,
    rows_of_models.deals,
    rows_of_models.revenue
from rows_of_models
inner join models on rows_of_models.model = models.model
order by
    models.model_order asc,
    case when rows_of_models.channel = 'Unattributed' then 1 else 0 end asc,
    rows_of_models.deals desc,
    rows_of_models.channel asc

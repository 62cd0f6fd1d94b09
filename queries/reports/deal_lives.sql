-- name: deal_lives
-- title: Lives of deals
-- definition: Each deal (or lead) with the days until it was won, lost or last seen open, what never changes about it, and
--   whether the filters show it. Scores learn from all of them, so that a filter changes which deals are listed and never
--   what is said of one. Engaged on is the day of the first identified view of at least the agreed depth. Open deals without a creation date, or with one after their export, have no days.
-- params: account_lists, campaigns, channels, entity, owners, pipelines, products, regions, segments, sides, sources,
--   teams, video_engaged
-- defaults: entity=deals
-- choices: entity=deals|people
-- needs: deals.created_at|people.created_at|people.mql_at
-- returns: deal_id, entered_on, days, outcome, seen_on, amount, channel, segment, crm_probability, engaged_on, is_shown,
--   as_of_on, horizon_days, fiscal_year_start_month
with views as (
    select
        video_views.person_key,
        cast(greatest(video_views.viewed_at, coalesce(video_views.identified_at, video_views.viewed_at)) as date)
            as known_on
    from video_views
    cross join config
    where video_views.person_key is not null and video_views.pct >= config.video_engaged_pct
),

viewers as (
    select
        views.person_key as entity_key,
        views.known_on
    from views
    where $entity = 'people'
    union all
    select
        deal_people.deal_key as entity_key,
        views.known_on
    from views
    inner join deal_people on views.person_key = deal_people.person_key
    where $entity = 'deals'
),

engaged as (
    select
        viewers.entity_key,
        min(viewers.known_on) as engaged_on
    from viewers
    group by viewers.entity_key
),

lives as (
    select
        cohort_fact.entity_key,
        cohort_fact.entity_id,
        cohort_fact.entered_on,
        cohort_fact.days,
        cohort_fact.outcome,
        cohort_fact.seen_on,
        cohort_fact.amount,
        cohort_fact.channel,
        cohort_fact.source,
        cohort_fact.side,
        cohort_fact.campaign,
        cohort_fact.region,
        cohort_fact.segment,
        cohort_fact.product,
        cohort_fact.team,
        cohort_fact.owner,
        cohort_fact.pipeline,
        cohort_fact.account_list,
        cohort_fact.video_engaged
    from cohort_fact
    where cohort_fact.entity = $entity and cohort_fact.days >= 0
    union all
    select
        deals.deal_key as entity_key,
        deals.deal_id as entity_id,
        deals.created_on as entered_on,
        cast(null as bigint) as days,
        0 as outcome,
        cast(deals.as_of as date) as seen_on,
        deals.amount,
        deals.channel,
        deals.source,
        deals.side,
        deals.campaign,
        deals.region,
        deals.segment,
        deals.product,
        deals.team,
        deals.owner,
        deals.pipeline,
        deals.account_list,
        deals.video_engaged
    from deals
    where
        $entity = 'deals'
        and deals.is_open
        and (deals.created_on is null or deals.created_on > cast(deals.as_of as date))
)

select
    lives.entity_id as deal_id,
    lives.entered_on,
    lives.days,
    lives.outcome,
    lives.seen_on,
    lives.amount,
    lives.channel,
    lives.segment,
    deals.crm_probability,
    engaged.engaged_on,
    (len($channels) = 0 or list_contains($channels, coalesce(lives.channel, '')))
    and (len($sources) = 0 or list_contains($sources, coalesce(lives.source, '')))
    and (len($sides) = 0 or list_contains($sides, coalesce(lives.side, '')))
    and (len($campaigns) = 0 or list_contains($campaigns, coalesce(lives.campaign, '')))
    and (len($regions) = 0 or list_contains($regions, coalesce(lives.region, '')))
    and (len($segments) = 0 or list_contains($segments, coalesce(lives.segment, '')))
    and (len($products) = 0 or list_contains($products, coalesce(lives.product, '')))
    and (len($teams) = 0 or list_contains($teams, coalesce(lives.team, '')))
    and (len($owners) = 0 or list_contains($owners, coalesce(lives.owner, '')))
    and (len($pipelines) = 0 or list_contains($pipelines, coalesce(lives.pipeline, '')))
    and (len($account_lists) = 0 or list_contains($account_lists, coalesce(lives.account_list, '')))
    and (
        len($video_engaged) = 0
        or list_contains($video_engaged, case when lives.video_engaged then 'yes' else 'no' end)
    ) as is_shown,
    config.as_of_on,
    config.horizon_days,
    config.fiscal_year_start_month
from lives
cross join config
left join deals on $entity = 'deals' and lives.entity_key = deals.deal_key
left join engaged on lives.entity_key = engaged.entity_key

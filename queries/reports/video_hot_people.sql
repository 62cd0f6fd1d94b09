-- name: video_hot_people
-- title: Watched and not called, with names
-- definition: Open leads who watched at least the depth of a video in the last days before the data date and whom nobody
--   of Sales has called, written to by hand or met since - each person once, with the newest such view, its owner and
--   the open deals. A message that only came in is no contact by Sales; an automatic one neither.
-- params: account_lists, campaigns, channels, depth, owners, products, regions, segments, sides, sources, teams,
--   video_engaged, within_days
-- defaults: within_days=7, depth=0.75
-- needs: video_views.at, activities.at
-- returns: person_id, person_key, name, company, video_id, title, viewed_at, pct, owner, deal_id, deal_ids, open_deals,
--   minutes_since, last_contact_at
with deep_views as (
    select
        video_views.person_key,
        video_views.video_id,
        video_views.viewed_at,
        case when video_views.pct > 1 then 1 else video_views.pct end as pct
    from video_views
    cross join config
    where
        video_views.pct >= $depth
        and video_views.person_key is not null
        and video_views.viewed_at > config.as_of_at - interval 1 day * $within_days
        and video_views.viewed_at <= config.as_of_at
    qualify
        row_number() over (
            partition by video_views.person_key
            order by video_views.viewed_at desc, video_views.pct desc, video_views.video_id asc
        ) = 1
),

touched as (
    select
        activities.person_key,
        activities.deal_key,
        activities.happened_at
    from activities
    where
        not activities.is_automated
        and (
            activities.is_human_outbound
            or (
                activities.activity_type in ('call', 'meeting')
                and coalesce(lower(activities.outcome), '') not in ('no answer', 'no show', 'missed', 'canceled')
            )
        )
),

contacts as (
    select
        deep_views.person_key,
        touched.happened_at
    from deep_views
    inner join touched on deep_views.person_key = touched.person_key
    union all
    select
        deep_views.person_key,
        touched.happened_at
    from deep_views
    inner join deal_people on deep_views.person_key = deal_people.person_key
    inner join touched on deal_people.deal_key = touched.deal_key
),

last_contacts as (
    select
        contacts.person_key,
        max(contacts.happened_at) as last_contact_at
    from contacts
    group by contacts.person_key
),

open_deals as (
    select
        deep_views.person_key,
        count(*) as open_deals,
        min_by(deals.deal_id, deals.deal_key) as deal_id,
        string_agg(deals.deal_id, ';' order by deals.deal_key) as deal_ids,
        min_by(deals.owner, deals.deal_key) as owner
    from deep_views
    inner join deal_people on deep_views.person_key = deal_people.person_key
    inner join deals on deal_people.deal_key = deals.deal_key
    where deals.is_open
    group by deep_views.person_key
)

select
    lead_fact.person_id,
    lead_fact.person_key,
    coalesce(lead_fact.person_name, lead_fact.email_norm, lead_fact.person_id) as name,
    lead_fact.company_name as company,
    deep_views.video_id,
    coalesce(videos.title, deep_views.video_id) as title,
    deep_views.viewed_at,
    deep_views.pct,
    coalesce(open_deals.owner, lead_fact.owner) as owner,
    open_deals.deal_id,
    open_deals.deal_ids,
    coalesce(open_deals.open_deals, 0) as open_deals,
    cast(floor((epoch(config.as_of_at) - epoch(deep_views.viewed_at)) / 60) as bigint) as minutes_since,
    last_contacts.last_contact_at
from deep_views
inner join lead_fact on deep_views.person_key = lead_fact.person_key
cross join config
left join last_contacts on deep_views.person_key = last_contacts.person_key
left join open_deals on deep_views.person_key = open_deals.person_key
left join videos on deep_views.video_id = videos.video_id
where
    not lead_fact.is_won
    and lead_fact.won_at is null
    and lead_fact.lost_at is null
    and (last_contacts.last_contact_at is null or last_contacts.last_contact_at < deep_views.viewed_at)
    and (len($channels) = 0 or list_contains($channels, coalesce(lead_fact.channel, '')))
    and (len($sources) = 0 or list_contains($sources, coalesce(lead_fact.source, '')))
    and (len($sides) = 0 or list_contains($sides, coalesce(lead_fact.side, '')))
    and (len($campaigns) = 0 or list_contains($campaigns, coalesce(lead_fact.campaign, '')))
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
order by deep_views.viewed_at desc, lead_fact.person_id asc

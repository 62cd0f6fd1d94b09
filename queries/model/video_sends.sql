-- name: video_sends
-- title: Videos sent by Sales
-- definition: One row per video a person of Sales sent to somebody at one moment - when it was opened, how much of it was watched after it
--   was sent, when it was answered, and how far the lead was when it was sent.
-- returns: sent_at, sent_on, owner, video_id, person_key, opened_at, viewed_at, max_pct, replied_at, stage
with joined as (
    select
        base_video_views.sent_at,
        coalesce(users.owner_name, base_video_views.owner) as owner,
        coalesce(base_video_views.video_id, base_video_views.video_title, 'unnamed video') as video_id,
        coalesce(by_email.person_key, by_id.any_key) as person_key,
        coalesce(base_video_views.email, base_video_views.person_id, base_video_views.record_key) as receiver,
        base_video_views.opened_at,
        base_video_views.at as viewed_at,
        base_video_views.pct,
        base_video_views.replied_at
    from base_video_views
    left join reference_scopes on base_video_views.system = reference_scopes.system
    left join person_refs as by_id
        on reference_scopes.people_scope = by_id.people_scope and base_video_views.person_id = by_id.person_id
    left join person_emails as by_email on base_video_views.email = by_email.email_norm
    left join word_norms on base_video_views.owner = word_norms.word
    left join users on word_norms.norm = users.owner_alias
    where
        base_video_views.missing_since is null
        and base_video_views.sent_at is not null
        and lower(coalesce(base_video_views.context, 'sales')) = 'sales'
),

sends as (
    select
        joined.sent_at,
        joined.owner,
        joined.video_id,
        joined.receiver,
        max(joined.person_key) as person_key,
        min(joined.opened_at) as opened_at,
        min(joined.viewed_at) filter (where joined.viewed_at >= joined.sent_at) as viewed_at,
        max(joined.pct) filter (where joined.viewed_at >= joined.sent_at) as max_pct,
        min(joined.replied_at) as replied_at
    from joined
    group by joined.sent_at, joined.owner, joined.video_id, joined.receiver
)

select
    sends.sent_at,
    cast(sends.sent_at as date) as sent_on,
    sends.owner,
    sends.video_id,
    sends.person_key,
    sends.opened_at,
    sends.viewed_at,
    sends.max_pct,
    sends.replied_at,
    case
        when lead_fact.person_key is null then 'Not in the CRM'
        when lead_fact.won_at <= sends.sent_at then 'Customer'
        when lead_fact.opp_at <= sends.sent_at then 'Opportunity'
        when lead_fact.mql_at <= sends.sent_at then 'MQL'
        else 'Lead'
    end as stage
from sends
left join lead_fact on sends.person_key = lead_fact.person_key

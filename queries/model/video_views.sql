-- name: video_views
-- title: Video views
-- definition: Every play of a video by one viewer - a known person by id or e-mail address, else the anonymous key, else the play itself.
--   A row without a date of viewing is no view - a video sent and not watched, or a view nobody can place in time.
-- returns: viewed_at, video_id, person_key, viewer, is_identified, pct, seconds, context, identified_at, platform,
--   sent_at, arm
with joined as (
    select
        base_video_views.at as viewed_at,
        base_video_views.system,
        base_video_views.record_key,
        coalesce(base_video_views.video_id, base_video_views.video_title, 'unnamed video') as video_id,
        base_video_views.pct,
        base_video_views.seconds,
        lower(base_video_views.context) as context,
        base_video_views.identified_at,
        base_video_views.sent_at,
        base_video_views.arm,
        base_video_views.email,
        coalesce(base_video_views.is_identified, false)
        or base_video_views.email is not null
        or base_video_views.person_id is not null as is_identified,
        coalesce(by_email.person_key, by_id.any_key) as person_key,
        base_video_views.viewer_key,
        coalesce(base_video_views.platform, base_video_views.system) as platform
    from base_video_views
    left join reference_scopes on base_video_views.system = reference_scopes.system
    left join person_refs as by_id
        on reference_scopes.people_scope = by_id.people_scope and base_video_views.person_id = by_id.person_id
    left join person_emails as by_email on base_video_views.email = by_email.email_norm
    where base_video_views.missing_since is null and base_video_views.at is not null
)

select
    joined.viewed_at,
    joined.video_id,
    joined.person_key,
    case
        when joined.person_key is not null then concat('person:', joined.person_key)
        when joined.email is not null then concat('email:', joined.email)
        else concat(joined.system, ':', coalesce(joined.viewer_key, joined.record_key))
    end as viewer,
    joined.is_identified,
    joined.pct,
    joined.seconds,
    case when joined.context = 'sales' then 'sales' else 'page' end as context,
    joined.identified_at,
    joined.platform,
    joined.sent_at,
    joined.arm
from joined

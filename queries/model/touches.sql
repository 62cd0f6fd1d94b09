-- name: touches
-- title: Touches
-- definition: Every contact of a known person with Marketing or Sales, read as a channel and a side - Sales' own touches are Sales',
--   any other belongs to the side of its channel, and where nobody has mapped the channel to the team the export names. A touch of
--   somebody who cannot be identified stays out and is counted.
-- returns: touch_key, person_key, touched_at, channel_raw, channel, side, credit_weight, kind, session_id, campaign,
--   is_only_sent
with joined as (
    select
        base_touches.at as touched_at,
        base_touches.record_key,
        base_touches.system,
        coalesce(by_email.person_key, by_id.any_key) as person_key,
        coalesce(
            base_touches.channel,
            base_touches.source_raw,
            base_touches.utm_medium,
            base_touches.utm_source,
            campaigns.channel_raw
        ) as channel_raw,
        lower(base_touches.team) as team,
        -- A campaign member who was only sent something has not answered: in the timeline, without credit.
        case when base_touches.responded = false then 0 else coalesce(base_touches.credit_weight, 1) end
            as credit_weight,
        coalesce(base_touches.responded = false, false) as is_only_sent,
        base_touches.kind,
        base_touches.session_id,
        coalesce(
            base_touches.campaign_name, campaigns.campaign_name, base_touches.utm_campaign, base_touches.campaign_id
        )
            as campaign
    from base_touches
    left join reference_scopes on base_touches.system = reference_scopes.system
    left join person_refs as by_id
        on reference_scopes.people_scope = by_id.people_scope and base_touches.person_id = by_id.person_id
    left join person_emails as by_email on base_touches.email = by_email.email_norm
    left join campaigns on base_touches.system = campaigns.system and base_touches.campaign_id = campaigns.campaign_id
    where base_touches.missing_since is null
)

select
    row_number() over (order by joined.person_key, joined.touched_at, joined.system, joined.record_key) as touch_key,
    joined.person_key,
    joined.touched_at,
    joined.channel_raw,
    coalesce(source_vocabulary.channel, joined.channel_raw, 'Unknown') as channel,
    case
        when joined.team = 'sales' then 'sales'
        when source_vocabulary.side is not null then source_vocabulary.side
        when joined.team in ('marketing', 'partner', 'customer') then joined.team
        else 'unknown'
    end as side,
    joined.credit_weight,
    joined.kind,
    joined.session_id,
    joined.campaign,
    joined.is_only_sent
from joined
left join word_norms on joined.channel_raw = word_norms.word
left join source_vocabulary on word_norms.norm = source_vocabulary.source_norm
where joined.person_key is not null

-- name: surveys
-- title: Survey answers
-- definition: NPS, CSAT and CES answers, joined to the person by e-mail address or id.
-- returns: answered_at, answered_on, score, kind, scale_max, person_key, owner
select
    base_surveys.at as answered_at,
    cast(base_surveys.at as date) as answered_on,
    base_surveys.score,
    lower(base_surveys.kind) as kind,
    base_surveys.scale_max,
    coalesce(person_emails.person_key, person_refs.any_key) as person_key,
    base_surveys.owner
from base_surveys
left join person_emails on base_surveys.email = person_emails.email_norm
left join reference_scopes on base_surveys.system = reference_scopes.system
left join person_refs
    on reference_scopes.people_scope = person_refs.people_scope and base_surveys.person_id = person_refs.person_id
where base_surveys.missing_since is null

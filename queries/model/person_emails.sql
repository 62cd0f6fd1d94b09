-- name: person_emails
-- title: Person addresses
-- definition: Which person an e-mail address belongs to.
-- returns: email_norm, person_key
select
    person_keys.email_norm,
    min(person_keys.person_key) as person_key
from person_keys
where person_keys.email_norm is not null
group by person_keys.email_norm

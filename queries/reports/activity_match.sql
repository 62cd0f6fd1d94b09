-- name: activity_match
-- title: Activities and leads
-- definition: How many activities of Sales were loaded, how many belong to a known person, and how many of those are dated after the data
--   date (planned, so they are no attempts). Follow-up can only be as complete as this.
-- returns: activities, matched, planned, outbound
select
    count(*) as activities,
    count_if(activities.person_key is not null) as matched,
    count_if(activities.person_key is not null and activities.happened_at > config.as_of_at) as planned,
    count_if(
        activities.person_key is not null
        and activities.is_human_outbound
        and activities.happened_at <= config.as_of_at
    ) as outbound
from activities
cross join config

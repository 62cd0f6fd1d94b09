-- name: join_coverage
-- title: How well the tables join
-- definition: For every link between two tables, how many rows there are on the first side and how many of them found their partner.
with links as (
    select
        1 as place,
        'view to person' as link,
        count(*) as records,
        count(video_views.person_key) as joined
    from video_views
    union all
    select
        2 as place,
        'activity to person' as link,
        count(*) as records,
        count(activities.person_key) as joined
    from activities
    union all
    select
        3 as place,
        'touch to person' as link,
        count(*) as records,
        (select count(*) from touches) as joined
    from base_touches
    where base_touches.missing_since is null
    union all
    select
        4 as place,
        'person to deal' as link,
        (select count(*) from people) as records,
        count(distinct deal_people.person_key) as joined
    from deal_people
    union all
    select
        5 as place,
        'deal to person' as link,
        (select count(*) from deals) as records,
        count(distinct deal_people.deal_key) as joined
    from deal_people
    union all
    select
        6 as place,
        'deal to company' as link,
        count(*) as records,
        count(deals.company_key) as joined
    from deals
)

select
    links.link,
    links.records,
    links.joined
from links
order by links.place

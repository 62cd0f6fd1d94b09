-- name: customer_timeline
-- title: Timeline of a customer
-- definition: All that happened with the people of a deal, in time - touches, video views, activities, stages, surveys, and the dates of
--   the deal and its people. Where the deal names nobody, the people of its company speak for it. A touch says whether it takes part
--   in the credit, and if it earns nothing, why. What came after the close is in the list and earns nothing. FT, LC, OC and CW mark
--   the first touch and the last before the lead, before the deal and before the close.
-- params: deal_id, lookback_days
-- defaults: lookback_days=null
-- returns: at, kind, what, person, channel, campaign, side, detail, days_before, is_after_close, touch_key, milestones,
--   is_counted, reason, person_key
with chosen as (
    select
        deals.deal_key,
        deals.status,
        deals.is_won,
        deals.created_at,
        deals.closed_at,
        deals.owner,
        deals.loss_reason,
        coalesce(deals.closed_at, config.as_of_at) as ends_at,
        coalesce($lookback_days::double, config.lookback_days) as lookback_days
    from deals
    cross join config
    where deals.deal_id = $deal_id
),

customers as (
    select
        people.person_key,
        coalesce(people.person_name, people.email_norm, concat('Person ', people.person_id)) as person,
        people.created_at,
        people.mql_at,
        people.sal_at,
        people.sql_at,
        people.disqualified_at,
        people.disq_reason,
        people.source_raw
    from chosen
    inner join deal_contacts on chosen.deal_key = deal_contacts.deal_key
    inner join people on deal_contacts.person_key = people.person_key
),

journey as (
    select
        deal_journeys.touch_key,
        deal_journeys.channel,
        deal_journeys.place,
        deal_journeys.is_before_lead,
        deal_journeys.is_before_deal,
        deal_journeys.days_before <= chosen.lookback_days as is_in_lookback
    from chosen
    inner join deal_journeys on chosen.deal_key = deal_journeys.deal_key
),

milestones as (
    select
        min(journey.place) as first_place,
        max(journey.place) filter (where journey.is_before_lead) as lead_place,
        max(journey.place) filter (where journey.is_before_deal) as deal_place,
        max(journey.place) as last_place
    from journey
    where journey.is_in_lookback
),

touched as (
    select
        touches.touched_at as at,
        'touch' as kind,
        coalesce(touches.kind, 'touch') as what,
        customers.person_key,
        customers.person,
        coalesce(journey.channel, touches.channel) as channel,
        touches.campaign,
        touches.side,
        case when touches.is_only_sent then 'sent, not answered' end as detail,
        touches.touch_key,
        nullif(
            concat_ws(
                ' ',
                case when journey.place = milestones.first_place then 'FT' end,
                case when journey.place = milestones.lead_place then 'LC' end,
                case when journey.place = milestones.deal_place then 'OC' end,
                case
                    when journey.place = milestones.last_place
                        then case when chosen.is_won then 'CW' else 'last' end
                end
            ),
            ''
        ) as milestones,
        coalesce(journey.is_in_lookback, false) as is_counted,
        case
            when touches.touched_at is null then 'no date'
            when touches.touched_at >= chosen.ends_at + interval 1 second
                then case when chosen.closed_at is null then 'after the data date' else 'after the close' end
            when touches.is_only_sent then 'only sent'
            when touches.credit_weight <= 0 then 'zero weight'
            when journey.touch_key is null then 'same session'
            when not journey.is_in_lookback then 'outside the lookback'
            when not chosen.is_won then concat('deal is ', chosen.status)
        end as reason
    from customers
    inner join touches on customers.person_key = touches.person_key
    cross join chosen
    cross join milestones
    left join journey on touches.touch_key = journey.touch_key
),

viewed as (
    select
        video_views.viewed_at as at,
        'view' as kind,
        coalesce(videos.title, video_views.video_id) as what,
        customers.person_key,
        customers.person,
        case video_views.context when 'sales' then 'sales' else 'marketing' end as side,
        nullif(
            concat_ws(
                ', ',
                case
                    when video_views.pct is not null
                        then concat(cast(round(100 * video_views.pct) as integer), '% watched')
                end,
                case when video_views.context = 'sales' then 'sent by Sales' end
            ),
            ''
        ) as detail
    from customers
    inner join video_views on customers.person_key = video_views.person_key
    left join videos on video_views.video_id = videos.video_id
),

acted as (
    select
        activities.happened_at as at,
        'activity' as kind,
        coalesce(activities.activity_type, 'activity') as what,
        customers.person_key,
        customers.person,
        activities.side,
        nullif(
            concat_ws(
                ', ',
                activities.subject,
                activities.direction,
                activities.outcome,
                case when activities.is_automated then 'automated' end,
                case when activities.owner is not null then concat('by ', activities.owner) end,
                case when activities.deal_key != chosen.deal_key then 'on another deal' end
            ),
            ''
        ) as detail
    from activities
    cross join chosen
    left join customers on activities.person_key = customers.person_key
    where customers.person_key is not null or activities.deal_key = chosen.deal_key
),

staged as (
    select
        stage_events.entered_at as at,
        'stage' as kind,
        stage_events.stage as what,
        customers.person_key,
        customers.person,
        case stage_events.origin when 'exports' then 'as an export showed it' end as detail
    from stage_events
    cross join chosen
    left join customers on stage_events.person_key = customers.person_key
    where
        customers.person_key is not null
        or (
            stage_events.deal_key = chosen.deal_key
            -- Exports tell of a stage days later: they speak only where no history does, and not of the close.
            and (
                stage_events.origin = 'history'
                or (
                    stage_events.entered_at < chosen.ends_at
                    and not exists (
                        select history.deal_key
                        from stage_events as history
                        where history.deal_key = stage_events.deal_key and history.origin = 'history'
                    )
                )
            )
        )
),

asked as (
    select
        surveys.answered_at as at,
        'survey' as kind,
        upper(coalesce(surveys.kind, 'survey')) as what,
        customers.person_key,
        customers.person,
        concat(
            'scored ',
            case
                when surveys.score = floor(surveys.score) then cast(cast(surveys.score as bigint) as varchar)
                else cast(surveys.score as varchar)
            end,
            case
                when surveys.scale_max is null then ''
                else concat(' of ', cast(cast(surveys.scale_max as bigint) as varchar))
            end
        ) as detail
    from customers
    inner join surveys on customers.person_key = surveys.person_key
),

dated as (
    select
        case words.what
            when 'Lead created' then customers.created_at
            when 'Qualified by Marketing' then customers.mql_at
            when 'Accepted by Sales' then customers.sal_at
            when 'Qualified by Sales' then customers.sql_at
            else customers.disqualified_at
        end as at,
        'lead' as kind,
        words.what,
        customers.person_key,
        customers.person,
        case words.what
            when 'Lead created' then customers.source_raw
            when 'Disqualified' then customers.disq_reason
        end as detail
    from customers
    cross join (
        values
        ('Lead created'),
        ('Qualified by Marketing'),
        ('Accepted by Sales'),
        ('Qualified by Sales'),
        ('Disqualified')
    ) as words (what)
    union all
    select
        case words.what when 'Deal created' then chosen.created_at else chosen.closed_at end as at,
        'deal' as kind,
        case words.what when 'Deal created' then words.what else concat('Deal ', chosen.status) end as what,
        null as person_key,
        null as person,
        case words.what when 'Deal created' then chosen.owner else chosen.loss_reason end as detail
    from chosen
    cross join (values ('Deal created'), ('Deal closed')) as words (what)
    where words.what = 'Deal created' or chosen.status != 'open'
),

events as (
    select
        touched.at,
        touched.kind,
        touched.what,
        touched.person_key,
        touched.person,
        touched.channel,
        touched.campaign,
        touched.side,
        touched.detail,
        touched.touch_key,
        touched.milestones,
        touched.is_counted,
        touched.reason
    from touched
    union all
    select
        others.at,
        others.kind,
        others.what,
        others.person_key,
        others.person,
        null as channel,
        null as campaign,
        others.side,
        others.detail,
        null as touch_key,
        null as milestones,
        null as is_counted,
        null as reason
    from (
        select viewed.* from viewed
        union all
        select acted.* from acted
        union all
        select
            staged.at,
            staged.kind,
            staged.what,
            staged.person_key,
            staged.person,
            null as side,
            staged.detail
        from staged
        where staged.at is not null
        union all
        select
            asked.at,
            asked.kind,
            asked.what,
            asked.person_key,
            asked.person,
            'customer' as side,
            asked.detail
        from asked
        union all
        select
            dated.at,
            dated.kind,
            dated.what,
            dated.person_key,
            dated.person,
            null as side,
            dated.detail
        from dated
        where dated.at is not null
    ) as others
)

select
    events.at,
    events.kind,
    events.what,
    events.person,
    events.channel,
    events.campaign,
    events.side,
    events.detail,
    (epoch(chosen.ends_at) - epoch(events.at)) / 86400 as days_before,
    coalesce(events.at >= chosen.ends_at + interval 1 second, false) as is_after_close,
    events.touch_key,
    events.milestones,
    events.is_counted,
    events.reason,
    events.person_key
from events
cross join chosen
order by
    events.at asc nulls last,
    events.touch_key asc nulls first,
    events.kind asc,
    events.what asc,
    events.person_key asc

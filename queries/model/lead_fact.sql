-- name: lead_fact
-- title: Leads
-- definition: One row per person with everything the charts filter or sum - where they came from, how far they got and when, the first
--   video they watched, and how long Sales took to follow up after the hand-over.
-- returns: person_key, person_id, system, person_name, email_norm, company_key, company_name, created_at, created_on,
--   channel, source, side, campaign, region, segment, product, team, owner, account_list, mql_at, sql_at, opp_at,
--   won_at, is_won, lost_at, won_amount, first_viewed_at, first_engaged_at, max_pct, handoff_at, deadline_at,
--   first_attempt_at, has_earlier_attempt, as_of, follow_up, account_key, video_engaged
with accounts as (
    -- A person's company, else the person: numbered once, so that what is drawn by account need not sort names.
    select
        people.person_key,
        cast(
            dense_rank() over (
                order by
                    coalesce(
                        'c' || cast(people.company_key as varchar), 'p' || cast(people.person_key as varchar)
                    )
            ) as integer
        ) as account_key
    from people
),

deal_steps as (
    select
        deal_people.person_key,
        min(coalesce(deals.created_at, deals.closed_at)) as first_deal_at,
        min(deals.closed_at) filter (where deals.is_won) as first_won_at,
        min(deals.closed_at) filter (where deals.is_lost) as first_lost_at,
        bool_or(deals.is_open) as has_open_deal,
        bool_or(deals.is_won) as has_won_deal,
        sum(deals.amount) filter (where deals.is_won) as won_amount
    from deal_people
    inner join deals on deal_people.deal_key = deals.deal_key
    group by deal_people.person_key
),

viewed as (
    select
        video_views.person_key,
        min(video_views.viewed_at) as first_viewed_at,
        max(video_views.pct) as max_pct,
        min(video_views.viewed_at) filter (where video_views.pct >= config.video_engaged_pct) as first_engaged_at
    from video_views
    cross join config
    where video_views.person_key is not null
    group by video_views.person_key
),

touched_first as (
    select
        touches.person_key,
        min_by(touches.channel, touches.touch_key) as channel,
        min_by(touches.side, touches.touch_key) as side,
        min_by(touches.campaign, touches.touch_key) as campaign
    from touches
    inner join people on touches.person_key = people.person_key
    where
        touches.credit_weight > 0
        and (people.created_at is null or touches.touched_at < cast(people.created_at as date) + interval 1 day)
    group by touches.person_key
),

joined as (
    select
        people.person_key,
        people.person_id,
        people.system,
        people.person_name,
        people.email_norm,
        people.company_key,
        people.company_name,
        people.created_at,
        people.created_on,
        coalesce(
            touched_first.channel,
            people.source_channel,
            case when people.is_source_unmapped then 'Unmapped' end,
            'Unknown'
        )
            as channel,
        people.source_raw as source,
        coalesce(touched_first.side, people.source_side) as side,
        coalesce(touched_first.campaign, people.campaign) as campaign,
        people.region,
        people.segment,
        people.product,
        people.team,
        people.owner,
        people.account_list,
        people.mql_at,
        people.sql_at,
        coalesce(deal_steps.first_deal_at, people.opp_at) as opp_at,
        coalesce(deal_steps.first_won_at, people.customer_at) as won_at,
        coalesce(deal_steps.has_won_deal, false) or people.customer_at is not null as is_won,
        case
            when
                not coalesce(deal_steps.has_won_deal, false) and people.customer_at is null
                and not coalesce(deal_steps.has_open_deal, false)
                then coalesce(deal_steps.first_lost_at, people.disqualified_at)
        end as lost_at,
        deal_steps.won_amount,
        viewed.first_viewed_at,
        viewed.first_engaged_at,
        viewed.max_pct,
        handoff_clock.handoff_at,
        handoff_clock.deadline_at,
        handoff_clock.first_attempt_at,
        coalesce(handoff_clock.has_earlier_attempt, false) as has_earlier_attempt,
        people.as_of,
        coalesce(handoff_clock.follow_up, 'not handed over') as follow_up,
        accounts.account_key
    from people
    inner join accounts on people.person_key = accounts.person_key
    left join deal_steps on people.person_key = deal_steps.person_key
    left join viewed on people.person_key = viewed.person_key
    left join touched_first on people.person_key = touched_first.person_key
    left join handoff_clock on people.person_key = handoff_clock.person_key
)

select
    joined.*,
    coalesce(
        joined.first_engaged_at <= coalesce(joined.won_at, joined.lost_at, config.as_of_at + interval 1 day),
        false
    ) as video_engaged
from joined
cross join config

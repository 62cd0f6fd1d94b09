-- name: video_sent
-- title: Videos sent by Sales, beside e-mails of text
-- definition: Per owner and stage of the receiver - videos sent that had 7 days to be answered, how many were opened, half
--   watched, and answered within 7 days (a reply the platform noted, a message that came in, or a meeting), beside the
--   e-mails of text by the same owner to people at the same stage. To compare the two only what both can show counts as
--   answered - a message that came in or a meeting.
-- params: account_lists, campaigns, channels, owners, period_end, period_start, products, regions, segments, sides,
--   sources, teams, video_engaged, within_days
-- defaults: within_days=7
-- needs: video_views.sent_at
-- returns: owner, stage, sends, opened, half_watched, answered, sends_matched, answered_matched, emails, emails_answered
with people as (
    select
        lead_fact.person_key,
        lead_fact.mql_at,
        lead_fact.opp_at,
        lead_fact.won_at
    from lead_fact
    where
        (len($channels) = 0 or list_contains($channels, coalesce(lead_fact.channel, '')))
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
),

answers as (
    select
        activities.person_key,
        activities.happened_at
    from activities
    where
        activities.person_key is not null
        and not activities.is_automated
        and (
            coalesce(activities.direction, 'outbound') like 'in%'
            or (
                activities.activity_type = 'meeting'
                and coalesce(lower(activities.outcome), '') not in ('no show', 'canceled', 'cancelled')
            )
        )
),

sends as (
    select
        video_sends.*,
        row_number() over (order by video_sends.sent_at, video_sends.owner, video_sends.person_key) as send_key
    from video_sends
    cross join config
    where
        video_sends.sent_at <= config.as_of_at - interval 1 day * $within_days
        and ($period_start::date is null or video_sends.sent_on >= $period_start::date)
        and ($period_end::date is null or video_sends.sent_on < $period_end::date)
        and (
            video_sends.person_key in (select people.person_key from people)
            or (
                video_sends.person_key is null
                and len($channels) + len($sources) + len($sides) + len($campaigns) + len($regions) + len($segments) = 0
                and len($products) + len($owners) + len($teams) + len($account_lists) + len($video_engaged) = 0
            )
        )
),

answered_sends as (
    select distinct sends.send_key
    from sends
    inner join answers on sends.person_key = answers.person_key
    where answers.happened_at > sends.sent_at and answers.happened_at <= sends.sent_at + interval 1 day * $within_days
),

videos_sent as (
    select
        coalesce(sends.owner, 'Nobody named') as owner,
        sends.stage,
        count(*) as sends,
        count_if(sends.opened_at is not null or sends.viewed_at is not null) as opened,
        -- Not played is a known 0; played by somebody and no depth anywhere is unknown.
        case
            when count(sends.viewed_at) = 0 or count(sends.max_pct) > 0
                then count(*) filter (where sends.max_pct >= 0.5)
        end as half_watched,
        count(*) filter (
            where
            answered_sends.send_key is not null
            or (
                sends.replied_at > sends.sent_at
                and sends.replied_at <= sends.sent_at + interval 1 day * $within_days
            )
        ) as answered,
        count(sends.person_key) as sends_matched,
        count(answered_sends.send_key) as answered_matched
    from sends
    left join answered_sends on sends.send_key = answered_sends.send_key
    group by coalesce(sends.owner, 'Nobody named'), sends.stage
),

with_video as (
    select distinct
        video_sends.person_key,
        video_sends.sent_on
    from video_sends
    where video_sends.person_key is not null
),

emails as (
    select
        activities.activity_key,
        activities.happened_at,
        activities.owner,
        activities.person_key,
        case
            when people.won_at <= activities.happened_at then 'Customer'
            when people.opp_at <= activities.happened_at then 'Opportunity'
            when people.mql_at <= activities.happened_at then 'MQL'
            else 'Lead'
        end as stage
    from activities
    inner join people on activities.person_key = people.person_key
    cross join config
    left join with_video
        on
            activities.person_key = with_video.person_key
            and cast(activities.happened_at as date) = with_video.sent_on
    where
        activities.activity_type = 'email'
        and activities.is_human_outbound
        and with_video.person_key is null
        and activities.happened_at <= config.as_of_at - interval 1 day * $within_days
        and ($period_start::date is null or activities.happened_at >= $period_start::date)
        and ($period_end::date is null or activities.happened_at < $period_end::date)
),

answered_emails as (
    select distinct emails.activity_key
    from emails
    inner join answers on emails.person_key = answers.person_key
    where
        answers.happened_at > emails.happened_at
        and answers.happened_at <= emails.happened_at + interval 1 day * $within_days
),

texts_sent as (
    select
        coalesce(emails.owner, 'Nobody named') as owner,
        emails.stage,
        count(*) as emails,
        count(answered_emails.activity_key) as emails_answered
    from emails
    left join answered_emails on emails.activity_key = answered_emails.activity_key
    group by coalesce(emails.owner, 'Nobody named'), emails.stage
)

select
    videos_sent.owner,
    videos_sent.stage,
    videos_sent.sends,
    videos_sent.opened,
    videos_sent.half_watched,
    videos_sent.answered,
    videos_sent.sends_matched,
    videos_sent.answered_matched,
    coalesce(texts_sent.emails, 0) as emails,
    coalesce(texts_sent.emails_answered, 0) as emails_answered
from videos_sent
left join texts_sent on videos_sent.owner = texts_sent.owner and videos_sent.stage = texts_sent.stage
order by videos_sent.sends desc, videos_sent.owner asc, videos_sent.stage asc

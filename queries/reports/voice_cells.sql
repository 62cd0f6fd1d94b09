-- name: voice_cells
-- title: Answers counted
-- definition: Answers by mark, one per customer and period, and how many customers there were to answer.
-- params: account_lists, by, campaigns, channels, kind, owners, period_end, period_start, pipelines, products, regions,
--   segments, sides, sources, teams, video_engaged
-- defaults: by='', kind=nps
-- choices: by=|channel|side|source|segment|product|region|team|sla|owner|month|quarter, kind=nps|csat
-- needs: surveys.score
-- returns: group_value, answers, best, worst, off_scale, customers, answered
with heard as (
    select
        surveys.person_key,
        surveys.score,
        surveys.answered_on,
        surveys.answered_at,
        coalesce(surveys.scale_max, case $kind when 'nps' then 10 else 5 end)
        != case $kind when 'nps' then 10 else 5 end
        or surveys.score < case $kind when 'nps' then 0 else 1 end
        or surveys.score > case $kind when 'nps' then 10 else 5 end as is_off_scale,
        case $by
            when 'channel' then coalesce(lead_fact.channel, 'Unknown')
            when 'side' then coalesce(lead_fact.side, 'unknown')
            when 'source' then coalesce(lead_fact.source, '(none)')
            when 'segment' then coalesce(lead_fact.segment, '(none)')
            when 'product' then coalesce(lead_fact.product, '(none)')
            when 'region' then coalesce(lead_fact.region, '(none)')
            when 'team' then coalesce(lead_fact.team, '(none)')
            when 'owner' then coalesce(surveys.owner, lead_fact.owner, '(none)')
            when 'sla'
                then
                    case lead_fact.follow_up
                        when 'in time' then 'followed up in time'
                        when 'late' then 'late or never'
                        when 'never' then 'late or never'
                        else 'no promise to keep'
                    end
            when 'month' then substr(cast(surveys.answered_on as varchar), 1, 7)
            when 'quarter' then substr(cast(calendar.fiscal_quarter_start as varchar), 1, 7)
            else ''
        end as group_value
    from surveys
    left join lead_fact on surveys.person_key = lead_fact.person_key
    left join calendar on surveys.answered_on = calendar.day
    where
        coalesce(surveys.kind, case coalesce(surveys.scale_max, 10) when 5 then 'csat' else 'nps' end) = $kind
        and ($period_start::date is null or surveys.answered_on >= $period_start::date)
        and ($period_end::date is null or surveys.answered_on < $period_end::date)
        and len($pipelines) = 0
        and (len($channels) = 0 or list_contains($channels, coalesce(lead_fact.channel, '')))
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

-- A period is the one asked for, or each month or quarter: the latest answer of a customer in it counts.
latest as (
    select heard.*
    from heard
    where heard.person_key is null or heard.is_off_scale
    union all
    select heard.*
    from heard
    where heard.person_key is not null and not heard.is_off_scale
    qualify
        row_number() over (
            partition by heard.person_key, case when $by in ('month', 'quarter') then heard.group_value end
            order by heard.answered_at desc, heard.score asc
        ) = 1
),

counted as (
    select
        latest.group_value,
        count(*) filter (where not latest.is_off_scale) as answers,
        count(*) filter (
            where not latest.is_off_scale and latest.score >= case $kind when 'nps' then 9 else 4 end
        ) as best,
        count(*) filter (
            where not latest.is_off_scale and latest.score <= case $kind when 'nps' then 6 else 2 end
        ) as worst,
        count(*) filter (where latest.is_off_scale) as off_scale
    from latest
    group by latest.group_value
),

askable as (
    select
        case $by
            when 'channel' then coalesce(lead_fact.channel, 'Unknown')
            when 'side' then coalesce(lead_fact.side, 'unknown')
            when 'source' then coalesce(lead_fact.source, '(none)')
            when 'segment' then coalesce(lead_fact.segment, '(none)')
            when 'product' then coalesce(lead_fact.product, '(none)')
            when 'region' then coalesce(lead_fact.region, '(none)')
            when 'team' then coalesce(lead_fact.team, '(none)')
            when 'owner' then coalesce(lead_fact.owner, '(none)')
            when 'sla'
                then
                    case lead_fact.follow_up
                        when 'in time' then 'followed up in time'
                        when 'late' then 'late or never'
                        when 'never' then 'late or never'
                        else 'no promise to keep'
                    end
            else ''
        end as group_value,
        lead_fact.person_key
    from lead_fact
    where
        lead_fact.is_won
        and $by not in ('month', 'quarter')
        and ($period_end::date is null or cast(lead_fact.won_at as date) < $period_end::date)
        and len($pipelines) = 0
        and (len($channels) = 0 or list_contains($channels, coalesce(lead_fact.channel, '')))
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

answerers as (
    select distinct latest.person_key
    from latest
    where not latest.is_off_scale
),

reached as (
    select
        askable.group_value,
        count(*) as customers,
        count(answerers.person_key) as answered
    from askable
    left join answerers on askable.person_key = answerers.person_key
    group by askable.group_value
)

select
    counted.group_value,
    counted.answers,
    counted.best,
    counted.worst,
    counted.off_scale,
    reached.customers,
    reached.answered
from counted
left join reached on counted.group_value = reached.group_value
order by counted.answers desc, counted.group_value asc

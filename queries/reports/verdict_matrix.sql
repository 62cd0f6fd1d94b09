-- name: verdict_matrix
-- title: Who dropped what
-- definition: Every lead handed over in the period on three questions - did it meet the criteria both teams agreed,
--   was it worked inside the promised time, and how did it end. A lead not due yet and untouched counts as neither
--   (empty). Expected value - what such a lead (channel and segment) brought on average; won amount - what these
--   brought. A contact before the hand-over counts as worked.
-- params: account_lists, by, campaigns, channels, owners, period_end, period_start, products, regions, segments,
--   sides, sources, teams, video_engaged
-- defaults: by=''
-- choices: by=|channel|source|side|campaign|region|segment|product|team|owner|account_list|week|video_engaged
-- needs: people.created_at|people.mql_at
-- returns: group_value, criteria_met, worked_in_sla, outcome, leads, expected_value, won_amount
with chosen as (
    select
        coalesce(
            case $by
                when 'channel' then coalesce(handoff_fact.channel, '(none)')
                when 'source' then coalesce(handoff_fact.source, '(none)')
                when 'side' then coalesce(handoff_fact.side, '(none)')
                when 'campaign' then coalesce(handoff_fact.campaign, '(none)')
                when 'region' then coalesce(handoff_fact.region, '(none)')
                when 'segment' then coalesce(handoff_fact.segment, '(none)')
                when 'product' then coalesce(handoff_fact.product, '(none)')
                when 'team' then coalesce(handoff_fact.team, '(none)')
                when 'owner' then coalesce(handoff_fact.owner, '(none)')
                when 'account_list' then coalesce(handoff_fact.account_list, '(none)')
                when 'week' then strftime(handoff_fact.week_start, '%Y-%m-%d')
                when 'video_engaged' then if(handoff_fact.video_engaged, 'yes', 'no')
            end,
            'All'
        ) as group_value,
        handoff_fact.criteria_met,
        case
            when handoff_fact.sla_class in ('in time', 'before hand-over') then true
            when handoff_fact.sla_class = 'breached' then false
        end as worked_in_sla,
        handoff_fact.outcome,
        handoff_fact.expected_value,
        handoff_fact.won_amount
    from handoff_fact
    where
        ($period_start::date is null or handoff_fact.handoff_on >= $period_start::date)
        and ($period_end::date is null or handoff_fact.handoff_on < $period_end::date)
        and (len($channels) = 0 or list_contains($channels, coalesce(handoff_fact.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(handoff_fact.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(handoff_fact.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(handoff_fact.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(handoff_fact.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(handoff_fact.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(handoff_fact.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(handoff_fact.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(handoff_fact.owner, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(handoff_fact.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when handoff_fact.video_engaged then 'yes' else 'no' end)
        )
)

select
    chosen.group_value,
    chosen.criteria_met,
    chosen.worked_in_sla,
    chosen.outcome,
    count(*) as leads,
    sum(chosen.expected_value) as expected_value,
    sum(chosen.won_amount) as won_amount
from chosen
group by chosen.group_value, chosen.criteria_met, chosen.worked_in_sla, chosen.outcome
order by chosen.group_value asc, chosen.criteria_met desc, chosen.worked_in_sla desc, chosen.outcome asc

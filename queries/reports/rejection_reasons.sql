-- name: rejection_reasons
-- title: Why leads are rejected
-- definition: The leads handed over in the period that Sales rejected, by reason and source or campaign. Rejected
--   without a reason is a row of its own. The share is of the rejected of the same group.
-- params: account_lists, by, campaigns, channels, owners, period_end, period_start, products, regions, segments,
--   sides, sources, teams, video_engaged
-- defaults: by=channel
-- choices: by=|channel|source|side|campaign|region|segment|product|team|owner|account_list|week|video_engaged
-- needs: people.disqualified_at|people.status
-- returns: group_value, reason, leads, share
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
        coalesce(handoff_fact.reject_reason, '(no reason)') as reason
    from handoff_fact
    where
        handoff_fact.decision = 'rejected'
        and ($period_start::date is null or handoff_fact.handoff_on >= $period_start::date)
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
    chosen.reason,
    count(*) as leads,
    cast(count(*) as double) / nullif(sum(count(*)) over (partition by chosen.group_value), 0) as share
from chosen
group by chosen.group_value, chosen.reason
order by leads desc, chosen.group_value asc, chosen.reason asc

-- name: quality_loop
-- title: Quality of the leads handed over
-- definition: Of the leads handed over in the period - accepted (an accepted or qualified date, a deal or a
--   conversion before any rejection), rejected, and undecided, which is shown apart. Acceptance is accepted of
--   those decided, with Wilson's interval. No reason - rejected without one. Wrongly rejected - won all the same.
--   Wrongly accepted - disqualified within 14 days of acceptance. Recycled - went back to nurture.
-- params: account_lists, by, campaigns, channels, owners, period_end, period_start, products, regions, segments,
--   sides, sources, teams, video_engaged
-- defaults: by=''
-- choices: by=|channel|source|side|campaign|region|segment|product|team|owner|account_list|week|video_engaged
-- needs: people.disqualified_at|people.sal_at|people.sql_at|people.status
-- returns: group_value, handoffs, accepted, rejected, undecided, acceptance, low, high, no_reason,
--   wrongly_rejected, wrongly_accepted, recycled, expected_value
with normal as (
    select cast('1.959963984540054' as double) as z
),

counted as (
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
        count(*) as handoffs,
        count_if(handoff_fact.decision = 'accepted') as accepted,
        count_if(handoff_fact.decision = 'rejected') as rejected,
        count_if(handoff_fact.decision = 'undecided') as undecided,
        count_if(handoff_fact.decision = 'rejected' and handoff_fact.reject_reason is null) as no_reason,
        count_if(handoff_fact.wrongly_rejected) as wrongly_rejected,
        count_if(handoff_fact.wrongly_accepted) as wrongly_accepted,
        count_if(handoff_fact.is_recycled) as recycled,
        sum(handoff_fact.expected_value) as expected_value
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
    group by group_value
),

rated as (
    select
        counted.*,
        cast(counted.accepted + counted.rejected as double) as decided,
        cast(counted.accepted as double) / nullif(counted.accepted + counted.rejected, 0) as acceptance
    from counted
)

select
    rated.group_value,
    rated.handoffs,
    rated.accepted,
    rated.rejected,
    rated.undecided,
    rated.acceptance,
    (
        rated.acceptance + normal.z * normal.z / nullif(2 * rated.decided, 0)
        - normal.z * sqrt(
            rated.acceptance * (1 - rated.acceptance) / nullif(rated.decided, 0)
            + normal.z * normal.z / nullif(4 * rated.decided * rated.decided, 0)
        )
    ) / nullif(1 + normal.z * normal.z / nullif(rated.decided, 0), 0) as low,
    (
        rated.acceptance + normal.z * normal.z / nullif(2 * rated.decided, 0)
        + normal.z * sqrt(
            rated.acceptance * (1 - rated.acceptance) / nullif(rated.decided, 0)
            + normal.z * normal.z / nullif(4 * rated.decided * rated.decided, 0)
        )
    ) / nullif(1 + normal.z * normal.z / nullif(rated.decided, 0), 0) as high,
    rated.no_reason,
    rated.wrongly_rejected,
    rated.wrongly_accepted,
    rated.recycled,
    rated.expected_value
from rated
cross join normal
order by rated.handoffs desc, rated.group_value asc

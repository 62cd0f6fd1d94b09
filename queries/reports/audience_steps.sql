-- name: audience_steps
-- title: Viewers at each step, all time
-- definition: The same numbers as `video_steps`, from one prepared row per viewer - for questions that split nobody's views, over all time
--   and all videos. A step counts when the depth asked for (reading `any` - the first play) was reached by then, and as passed when a later
--   one does.
-- params: account_lists, by, campaigns, channels, depth, owners, products, reading, regions, segments, sides, sources,
--   teams, video_engaged
-- defaults: depth=0.75, reading=after, by=all
-- choices: depth=0|0.25|0.5|0.75|0.9, reading=after|any, by=all|campaign|source|segment|channel|side|week
-- needs: video_views.at
-- returns: group_value, played, watched_25, watched_50, watched_75, watched_90, known, leads, mqls, opportunities,
--   customers
with alike as (
    select
        coalesce(
            case $by
                when 'all' then 'All'
                when 'campaign' then audience_fact.campaign
                when 'source' then audience_fact.source
                when 'segment' then audience_fact.segment
                when 'channel' then audience_fact.channel
                when 'side' then audience_fact.side
            end,
            'Not known'
        ) as group_value,
        case when $by = 'week' then cast(date_trunc('week', audience_fact.first_viewed_on) as date) end as week_on,
        audience_fact.depth,
        audience_fact.is_identified,
        audience_fact.is_lead,
        audience_fact.depth_at_mql,
        audience_fact.depth_at_opp,
        audience_fact.depth_at_won,
        count(*) as people
    from audience_fact
    where
        (len($channels) = 0 or list_contains($channels, coalesce(audience_fact.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(audience_fact.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(audience_fact.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(audience_fact.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(audience_fact.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(audience_fact.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(audience_fact.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(audience_fact.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(audience_fact.owner, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(audience_fact.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when audience_fact.video_engaged then 'yes' else 'no' end)
        )
    group by all
),

-- A step skipped, or taken before the view, counts as passed when a later one came after it.
asked as (
    select
        coalesce(cast(alike.week_on as varchar), alike.group_value) as group_value,
        alike.depth,
        alike.is_identified,
        alike.is_lead,
        greatest(alike.depth_at_mql, alike.depth_at_opp, alike.depth_at_won) as depth_at_mql,
        greatest(alike.depth_at_opp, alike.depth_at_won) as depth_at_opp,
        alike.depth_at_won,
        alike.people,
        case
            when $depth <= 0 then 1
            when $depth <= 0.25 then 2
            when $depth <= 0.5 then 3
            when $depth <= 0.75 then 4
            else 5
        end as mark
    from alike
),

judged as (
    select
        asked.*,
        case when asked.depth >= asked.mark then case when $reading = 'any' then 1 else asked.mark end end as by_then
    from asked
)

-- `by_then` is the mark a step needs, NULL for who was never as deep as asked. Summed by case: a filter that takes
-- nothing sums to NULL, and nobody won is a known 0.
select
    judged.group_value,
    cast(sum(judged.people) as bigint) as played,
    cast(sum(case when judged.depth >= 2 then judged.people else 0 end) as bigint) as watched_25,
    cast(sum(case when judged.depth >= 3 then judged.people else 0 end) as bigint) as watched_50,
    cast(sum(case when judged.depth >= 4 then judged.people else 0 end) as bigint) as watched_75,
    cast(sum(case when judged.depth >= 5 then judged.people else 0 end) as bigint) as watched_90,
    cast(sum(case when judged.by_then > 0 and judged.is_identified then judged.people else 0 end) as bigint) as known,
    cast(sum(case when judged.by_then > 0 and judged.is_lead then judged.people else 0 end) as bigint) as leads,
    cast(sum(case when judged.depth_at_mql >= judged.by_then then judged.people else 0 end) as bigint) as mqls,
    cast(sum(case when judged.depth_at_opp >= judged.by_then then judged.people else 0 end) as bigint) as opportunities,
    cast(sum(case when judged.depth_at_won >= judged.by_then then judged.people else 0 end) as bigint) as customers
from judged
group by judged.group_value
order by judged.group_value

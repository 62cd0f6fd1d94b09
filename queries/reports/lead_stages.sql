-- name: lead_stages
-- title: From inquiry to won
-- definition: Three named ways to look at the way of a lead. cohort - of those who entered a stage in the period,
--   how many reached the next one by the data date (young ones still may; the share entered 180 days ago or more is
--   beside it). throughput - of those who left a stage in the period, the share that went on rather than out. stock
--   - who stands in a stage now; a count, never a rate. A skipped stage is imputed with the date of the next one
--   reached and counted as imputed. Days in stage - the median over those who left it and, with their age so far,
--   those who are in it. A stage none of whose dates is in the export is left out. Names, words and places of the
--   stages are data (Settings, Stages, pipeline leads); a stage history of leads fills the dates they lack.
-- params: account_lists, campaigns, channels, owners, period_end, period_start, products, reading, regions,
--   segments, sides, sources, teams, video_engaged
-- defaults: reading=cohort
-- choices: reading=cohort|throughput|stock
-- needs: people.created_at|people.mql_at
-- returns: stage, stage_order, entered, moved_on, rate, low, high, mature_share, imputed, ended, standing,
--   median_days, median_open_days
with normal as (
    select cast('1.959963984540054' as double) as z
),

-- A stage history of leads tells dates that the lead itself does not.
told as (
    select
        stage_events.person_key,
        min(stage_events.entered_at) filter (where lead_stage_words.stage_order = 2) as at_2,
        min(stage_events.entered_at) filter (where lead_stage_words.stage_order = 3) as at_3,
        min(stage_events.entered_at) filter (where lead_stage_words.stage_order = 4) as at_4
    from stage_events
    inner join lead_stage_words
        on trim(regexp_replace(lower(stage_events.stage), '[^\p{L}\p{N}]+', ' ', 'g')) = lead_stage_words.stage_norm
    where stage_events.entity != 'deal' and stage_events.person_key is not null
    group by stage_events.person_key
),

-- What each lead says of itself; a later stage may be known where an earlier one is not.
said as (
    select
        lead_fact.person_key,
        lead_fact.created_at as at_1,
        coalesce(lead_fact.mql_at, told.at_2) as at_2,
        coalesce(people.sal_at, told.at_3) as at_3,
        coalesce(lead_fact.sql_at, told.at_4) as at_4,
        lead_fact.opp_at as at_5,
        lead_fact.won_at as at_6,
        case when not lead_fact.is_won then coalesce(people.disqualified_at, lead_fact.lost_at) end as left_at
    from lead_fact
    inner join people on lead_fact.person_key = people.person_key
    left join told on lead_fact.person_key = told.person_key
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

known_stages as (
    select
        count(said.at_1) > 0 as has_1,
        count(said.at_2) > 0 as has_2,
        count(said.at_3) > 0 as has_3,
        count(said.at_4) > 0 as has_4,
        count(said.at_5) > 0 as has_5,
        count(said.at_6) > 0 as has_6
    from said
),

stages as (
    select
        stage_names.stage_order,
        stage_names.stage
    from lead_stage_names as stage_names
    cross join known_stages
    where
        case stage_names.stage_order
            when 1 then known_stages.has_1
            when 2 then known_stages.has_2
            when 3 then known_stages.has_3
            when 4 then known_stages.has_4
            when 5 then known_stages.has_5
            else known_stages.has_6
        end
),

imputed as (
    select
        said.person_key,
        stages.stage_order,
        case stages.stage_order
            when 1 then said.at_1
            when 2 then said.at_2
            when 3 then said.at_3
            when 4 then said.at_4
            when 5 then said.at_5
            else said.at_6
        end as said_at,
        case stages.stage_order
            when 1 then coalesce(said.at_1, said.at_2, said.at_3, said.at_4, said.at_5, said.at_6)
            when 2 then coalesce(said.at_2, said.at_3, said.at_4, said.at_5, said.at_6)
            when 3 then coalesce(said.at_3, said.at_4, said.at_5, said.at_6)
            when 4 then coalesce(said.at_4, said.at_5, said.at_6)
            when 5 then coalesce(said.at_5, said.at_6)
            else said.at_6
        end as entered_at,
        -- A stage the export does not know has no date in anybody, so the rest of the row is the next known stage.
        case stages.stage_order
            when 1 then coalesce(said.at_2, said.at_3, said.at_4, said.at_5, said.at_6)
            when 2 then coalesce(said.at_3, said.at_4, said.at_5, said.at_6)
            when 3 then coalesce(said.at_4, said.at_5, said.at_6)
            when 4 then coalesce(said.at_5, said.at_6)
            when 5 then said.at_6
        end as next_at,
        said.left_at
    from said
    cross join stages
),

entered as (
    select
        imputed.stage_order,
        imputed.said_at is null as is_imputed,
        imputed.entered_at,
        imputed.next_at,
        imputed.left_at
    from imputed
    where imputed.entered_at is not null
),

timed as (
    select
        entered.*,
        (
            ($period_start::date is null or cast(entered.entered_at as date) >= $period_start::date)
            and ($period_end::date is null or cast(entered.entered_at as date) < $period_end::date)
        ) as entered_in_period,
        (
            entered.next_at is not null
            and ($period_start::date is null or cast(entered.next_at as date) >= $period_start::date)
            and ($period_end::date is null or cast(entered.next_at as date) < $period_end::date)
        ) as moved_in_period,
        (
            entered.left_at is not null
            and ($period_start::date is null or cast(entered.left_at as date) >= $period_start::date)
            and ($period_end::date is null or cast(entered.left_at as date) < $period_end::date)
        ) as left_in_period,
        entered.next_at is null and entered.left_at is null as is_standing,
        greatest(
            epoch(coalesce(entered.next_at, entered.left_at, config.as_of_at)) - epoch(entered.entered_at), 0
        ) / 86400 as days,
        cast(entered.entered_at as date) + interval 180 day <= config.as_of_at as is_mature
    from entered
    cross join config
),

counted as (
    select
        timed.stage_order,
        count_if(timed.entered_in_period) as entered,
        count_if(
            case
                when $reading = 'throughput' then timed.moved_in_period else
                    timed.entered_in_period and timed.next_at is not null
            end
        )
            as moved_on,
        count_if(timed.entered_in_period and timed.is_mature) as mature,
        count_if(timed.entered_in_period and timed.is_imputed) as imputed,
        count_if(
            timed.next_at is null
            and timed.left_at is not null
            and case when $reading = 'throughput' then timed.left_in_period else timed.entered_in_period end
        ) as ended,
        count_if(timed.is_standing) as standing,
        median(timed.days) filter (where timed.entered_in_period) as median_days,
        median(timed.days) filter (where timed.is_standing) as median_open_days
    from timed
    group by timed.stage_order
),

rated as (
    select
        stages.stage,
        stages.stage_order,
        coalesce(counted.entered, 0) as entered,
        coalesce(counted.moved_on, 0) as moved_on,
        case
            when stages.stage_order = max(stages.stage_order) over () or $reading = 'stock' then null
            when $reading = 'throughput'
                then cast(counted.moved_on as double) / nullif(counted.moved_on + counted.ended, 0)
            else cast(counted.moved_on as double) / nullif(counted.entered, 0)
        end as rate,
        cast(counted.entered as double) as n,
        cast(counted.mature as double) / nullif(counted.entered, 0) as mature_share,
        coalesce(counted.imputed, 0) as imputed,
        coalesce(counted.ended, 0) as ended,
        coalesce(counted.standing, 0) as standing,
        counted.median_days,
        counted.median_open_days
    from stages
    left join counted on stages.stage_order = counted.stage_order
)

select
    rated.stage,
    rated.stage_order,
    rated.entered,
    rated.moved_on,
    rated.rate,
    case
        when $reading = 'cohort'
            then
                (
                    rated.rate + normal.z * normal.z / nullif(2 * rated.n, 0)
                    - normal.z * sqrt(
                        rated.rate * (1 - rated.rate) / nullif(rated.n, 0)
                        + normal.z * normal.z / nullif(4 * rated.n * rated.n, 0)
                    )
                ) / nullif(1 + normal.z * normal.z / nullif(rated.n, 0), 0)
    end as low,
    case
        when $reading = 'cohort'
            then
                (
                    rated.rate + normal.z * normal.z / nullif(2 * rated.n, 0)
                    + normal.z * sqrt(
                        rated.rate * (1 - rated.rate) / nullif(rated.n, 0)
                        + normal.z * normal.z / nullif(4 * rated.n * rated.n, 0)
                    )
                ) / nullif(1 + normal.z * normal.z / nullif(rated.n, 0), 0)
    end as high,
    rated.mature_share,
    rated.imputed,
    rated.ended,
    rated.standing,
    case when rated.stage_order < 6 then rated.median_days end as median_days,
    case when rated.stage_order < 6 then rated.median_open_days end as median_open_days
from rated
cross join normal
order by rated.stage_order

-- name: win_curve
-- title: Win curve
-- definition: How likely a deal (or a lead) is won by each day of its life - the cumulative incidence of a win
--   (Aalen-Johansen), lost being a competing end and open ones censored at the data date, with a 95 % log-log
--   interval. Won, lost and still open add up to 1. Nothing is said beyond the longest age observed. By cohort groups
--   by the quarter of creation (its first month). Variance after Marubini and Valsecchi (1995).
-- params: account_lists, by, campaigns, channels, entity, owners, period_end, period_start, pipelines, products,
--   regions, segments, sides, sources, teams, video_engaged
-- defaults: by='', entity=deals
-- needs: deals.created_at|people.created_at|people.mql_at
-- returns: group_value, day, at_risk, won_probability, won_low, won_high, lost_probability, open_probability
with normal as (
    select cast('1.959963984540054' as double) as z
),

members as (
    select
        coalesce(
            case $by
                when 'channel' then coalesce(cohort_fact.channel, '(none)')
                when 'source' then coalesce(cohort_fact.source, '(none)')
                when 'side' then coalesce(cohort_fact.side, '(none)')
                when 'campaign' then coalesce(cohort_fact.campaign, '(none)')
                when 'region' then coalesce(cohort_fact.region, '(none)')
                when 'segment' then coalesce(cohort_fact.segment, '(none)')
                when 'product' then coalesce(cohort_fact.product, '(none)')
                when 'team' then coalesce(cohort_fact.team, '(none)')
                when 'owner' then coalesce(cohort_fact.owner, '(none)')
                when 'pipeline' then coalesce(cohort_fact.pipeline, '(none)')
                when 'account_list' then coalesce(cohort_fact.account_list, '(none)')
                when 'cohort' then strftime(calendar.fiscal_quarter_start, '%Y-%m')
                when 'video_engaged' then if(cohort_fact.video_engaged, 'yes', 'no')
            end,
            'All'
        ) as group_value,
        cohort_fact.days,
        cohort_fact.outcome
    from cohort_fact
    left join calendar on cohort_fact.entered_on = calendar.day
    where
        cohort_fact.entity = $entity
        and cohort_fact.days >= 0
        and ($period_start::date is null or cohort_fact.entered_on >= $period_start::date)
        and ($period_end::date is null or cohort_fact.entered_on < $period_end::date)
        and (len($channels) = 0 or list_contains($channels, coalesce(cohort_fact.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(cohort_fact.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(cohort_fact.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(cohort_fact.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(cohort_fact.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(cohort_fact.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(cohort_fact.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(cohort_fact.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(cohort_fact.owner, '')))
        and (len($pipelines) = 0 or list_contains($pipelines, coalesce(cohort_fact.pipeline, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(cohort_fact.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when cohort_fact.video_engaged then 'yes' else 'no' end)
        )
),

ends as (
    select
        members.group_value,
        members.days as day,
        count(*) as left_now,
        count_if(members.outcome = 1) as won,
        count_if(members.outcome = 2) as lost
    from members
    group by members.group_value, members.days
    union all
    select distinct
        members.group_value,
        0 as day,
        0 as left_now,
        0 as won,
        0 as lost
    from members
),

by_day as (
    select
        ends.group_value,
        ends.day,
        cast(sum(ends.left_now) as double) as left_now,
        cast(sum(ends.won) as double) as won,
        cast(sum(ends.lost) as double) as lost
    from ends
    group by ends.group_value, ends.day
),

risk as (
    select
        by_day.*,
        sum(by_day.left_now) over (
            partition by by_day.group_value order by by_day.day desc
            rows between unbounded preceding and current row
        ) as at_risk
    from by_day
),

survival as (
    select
        risk.*,
        case
            when count_if(risk.won + risk.lost = risk.at_risk) over so_far > 0 then 0
            else exp(
                sum(
                    case
                        when risk.won + risk.lost < risk.at_risk
                            then ln(1 - (risk.won + risk.lost) / nullif(risk.at_risk, 0))
                        else 0
                    end
                ) over so_far
            )
        end as open_after
    from risk
    window so_far as (partition by risk.group_value order by risk.day rows between unbounded preceding and current row)
),

steps as (
    select
        survival.*,
        coalesce(lag(survival.open_after) over in_order, 1) as open_before
    from survival
    window in_order as (partition by survival.group_value order by survival.day)
),

incidence as (
    select
        steps.*,
        sum(steps.open_before * steps.won / nullif(steps.at_risk, 0)) over so_far as won_by,
        sum(steps.open_before * steps.lost / nullif(steps.at_risk, 0)) over so_far as lost_by
    from steps
    window
        so_far as (partition by steps.group_value order by steps.day rows between unbounded preceding and current row)
),

terms as (
    select
        incidence.*,
        case
            when incidence.won + incidence.lost < incidence.at_risk
                then
                    (incidence.won + incidence.lost)
                    / nullif(incidence.at_risk * (incidence.at_risk - incidence.won - incidence.lost), 0)
            else 0
        end as greenwood,
        incidence.open_before * incidence.open_before * incidence.won * (incidence.at_risk - incidence.won)
        / nullif(incidence.at_risk * incidence.at_risk * incidence.at_risk, 0) as binomial,
        incidence.open_before * incidence.won / nullif(incidence.at_risk * incidence.at_risk, 0) as cross_term
    from incidence
),

spread as (
    select
        terms.*,
        terms.won_by * terms.won_by * sum(terms.greenwood) over so_far
        - 2 * terms.won_by * sum(terms.won_by * terms.greenwood) over so_far
        + sum(terms.won_by * terms.won_by * terms.greenwood) over so_far
        + sum(terms.binomial) over so_far
        - 2 * terms.won_by * sum(terms.cross_term) over so_far
        + 2 * sum(terms.won_by * terms.cross_term) over so_far as variance
    from terms
    window
        so_far as (partition by terms.group_value order by terms.day rows between unbounded preceding and current row)
)

select
    spread.group_value,
    spread.day,
    cast(spread.at_risk as bigint) as at_risk,
    spread.won_by as won_probability,
    case
        when spread.won_by > 0 and spread.won_by < 1
            then
                exp(
                    -exp(
                        ln(-ln(spread.won_by))
                        + normal.z
                        * sqrt(greatest(spread.variance, 0))
                        / nullif(spread.won_by * abs(ln(spread.won_by)), 0)
                    )
                )
    end as won_low,
    case
        when spread.won_by > 0 and spread.won_by < 1
            then
                exp(
                    -exp(
                        ln(-ln(spread.won_by))
                        - normal.z
                        * sqrt(greatest(spread.variance, 0))
                        / nullif(spread.won_by * abs(ln(spread.won_by)), 0)
                    )
                )
    end as won_high,
    spread.lost_by as lost_probability,
    spread.open_after as open_probability
from spread
cross join normal
order by spread.group_value, spread.day

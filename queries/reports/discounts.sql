-- name: discounts
-- title: Discounts, and those late in the quarter
-- definition: The mean discount on won deals that closed in the last days of a fiscal quarter, beside those of the rest of it, each with its 95 %
--   interval (mean +- 1.96 standard errors; empty below two deals), the money given away (amount x discount / (1 - discount), against
--   the list price) and the gross margin where it is known. Deals without a discount entered are left out and counted.
-- params: account_lists, campaigns, channels, late_days, owners, period_end, period_start, pipelines, products, regions,
--   segments, sides, sources, teams, video_engaged
-- defaults: late_days=14
-- needs: deals.discount
-- returns: part, deals, amount, discount, low, high, given_away, margin_share, margin_deals, without_discount
with won as (
    select
        date_diff('day', deals.closed_on, cast(calendar.fiscal_quarter_start + interval 3 month as date)) <= $late_days
            as is_late,
        deals.discount,
        cast(deals.amount as double) as amount,
        cast(deals.margin as double) * cast(deals.amount as double)
        / nullif(cast(deals.amount_original as double), 0) as margin
    from deals
    inner join calendar on deals.closed_on = calendar.day
    where
        deals.is_won
        and ($period_start::date is null or deals.closed_on >= $period_start::date)
        and ($period_end::date is null or deals.closed_on < $period_end::date)
        and (len($channels) = 0 or list_contains($channels, coalesce(deals.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(deals.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(deals.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(deals.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(deals.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(deals.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(deals.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(deals.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(deals.owner, '')))
        and (len($pipelines) = 0 or list_contains($pipelines, coalesce(deals.pipeline, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(deals.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when deals.video_engaged then 'yes' else 'no' end)
        )
),

summed as (
    select
        won.is_late,
        count(won.discount) as deals,
        sum(won.amount) filter (where won.discount is not null) as amount,
        avg(won.discount) as discount,
        stddev_samp(won.discount) as spread,
        sum(won.amount * won.discount / nullif(1 - won.discount, 0)) as given_away,
        sum(won.margin) as margin,
        sum(won.amount) filter (where won.margin is not null) as amount_with_margin,
        count(won.margin) as margin_deals,
        count(*) filter (where won.discount is null) as without_discount
    from won
    group by won.is_late
)

select
    case when summed.is_late then 'late in the quarter' else 'rest of the quarter' end as part,
    summed.deals,
    summed.amount,
    summed.discount,
    case
        when summed.spread is not null
            then greatest(
                summed.discount - cast(196 as double) / 100 * summed.spread / nullif(sqrt(summed.deals), 0), 0
            )
    end as low,
    summed.discount + cast(196 as double) / 100 * summed.spread / nullif(sqrt(summed.deals), 0) as high,
    summed.given_away,
    summed.margin / nullif(summed.amount_with_margin, 0) as margin_share,
    summed.margin_deals,
    summed.without_discount
from summed
order by summed.is_late desc

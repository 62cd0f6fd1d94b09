-- name: spend_kinds
-- title: Kinds of spend
-- definition: What was spent on media, tools, people and agencies, from which day to which day the costs are known, and how many cost
--   lines have no day or no exchange rate.
-- params: campaigns, channels, period_end, period_start, sides
-- returns: kind, lines, cost, first_on, last_on, undated, rate_missing
select
    spend.kind,
    count(distinct spend.spend_key) as lines,
    sum(spend.cost) as cost,
    min(spend.spent_on) as first_on,
    max(spend.spent_on) as last_on,
    count(distinct case when spend.spent_on is null then spend.spend_key end) as undated,
    count(distinct case when spend.is_rate_missing then spend.spend_key end) as rate_missing
from spend
where
    ($period_start::date is null or spend.spent_on >= $period_start::date)
    and ($period_end::date is null or spend.spent_on < $period_end::date)
    and (len($channels) = 0 or list_contains($channels, coalesce(spend.channel, '')))
    and (len($sides) = 0 or list_contains($sides, coalesce(spend.side, '')))
    and (len($campaigns) = 0 or list_contains($campaigns, coalesce(spend.campaign, '')))
group by spend.kind
order by cost desc nulls last, spend.kind asc

-- name: left_out
-- title: What a number leaves out
-- definition: The records a metric cannot count, or counts without money, and why - over all periods, because most of them have no date.
-- params: metric
-- returns: reason, entities
with reasons as (
    select
        'won deals without an amount (they count as deals and add no money)' as reason,
        count(*) as entities
    from deals
    where
        deals.is_won
        and deals.amount is null
        and not deals.is_rate_missing
        and list_contains(['won_revenue', 'marketing_sourced_revenue', 'marketing_sourced_share'], $metric)
    union all
    select
        'won deals in a currency without a rate' as reason,
        count(*) as entities
    from deals
    where
        deals.is_won
        and deals.is_rate_missing
        and list_contains(['won_revenue', 'marketing_sourced_revenue', 'marketing_sourced_share'], $metric)
    union all
    select
        'won deals without a close date (in no period)' as reason,
        count(*) as entities
    from deals
    where
        deals.is_won
        and deals.closed_on is null
        and list_contains(
            ['won_revenue', 'won_deals', 'marketing_sourced_revenue', 'marketing_sourced_share', 'win_rate_closed'],
            $metric
        )
    union all
    select
        'won new-business deals of unknown source' as reason,
        count(*) as entities
    from deals
    where
        deals.is_won
        and deals.is_new_business
        and deals.side = 'unknown'
        and $metric = 'marketing_sourced_revenue'
    union all
    select
        'won deals that are no new business' as reason,
        count(*) as entities
    from deals
    where
        deals.is_won
        and not deals.is_new_business
        and list_contains(['marketing_sourced_revenue', 'marketing_sourced_share', 'cost_per_won_customer'], $metric)
    union all
    select
        'deals without a creation date' as reason,
        count(*) as entities
    from deals
    where deals.created_on is null and list_contains(['pipeline_created', 'win_rate_180'], $metric)
    union all
    select
        'people without a creation date' as reason,
        count(*) as entities
    from lead_fact
    where
        lead_fact.created_at is null
        and list_contains(['new_leads', 'lead_to_win_rate', 'viewer_win_rate'], $metric)
    union all
    select
        case lead_fact.follow_up
            when 'pending' then 'leads still inside their time'
            when 'contacted before' then 'leads contacted before the hand-over'
            else 'leads never handed over'
        end as reason,
        count(*) as entities
    from lead_fact
    where
        list_contains(['pending', 'contacted before', 'not handed over'], lead_fact.follow_up)
        and $metric = 'follow_up_in_sla'
    group by lead_fact.follow_up
    union all
    select
        'cost lines without a period' as reason,
        count(*) as entities
    from spend
    where spend.spent_on is null and list_contains(['spend', 'cost_per_won_customer'], $metric)
    union all
    select
        'cost lines in a currency without a rate' as reason,
        count(distinct spend.spend_key) as entities
    from spend
    where spend.is_rate_missing and list_contains(['spend', 'cost_per_won_customer'], $metric)
    union all
    select
        'rows in quarantine' as reason,
        count(*) as entities
    from quarantine
)

select
    reasons.reason,
    reasons.entities
from reasons
where reasons.entities > 0
order by reasons.entities desc, reasons.reason asc

-- name: due_deals
-- title: Open deals by the day they are expected to close
-- definition: Every open deal with the close date the CRM expects, and for how many days that date had passed at the date of the
--   data - empty where it has not passed, or nobody entered one. The longest overdue first.
-- params: account_lists, campaigns, channels, owners, pipelines, products, regions, segments, sides, sources, teams,
--   video_engaged
-- needs: deals.expected_close_at|deals.closed_at
-- returns: deal_id, name, company, stage, owner, amount, expected_close_on, days_overdue, as_of_on,
--   fiscal_year_start_month
select
    deals.deal_id,
    coalesce(deals.deal_name, deals.company_name, deals.deal_id) as name,
    deals.company_name as company,
    deals.stage,
    deals.owner,
    deals.amount,
    deals.expected_close_on,
    case
        when deals.expected_close_on < config.as_of_on
            then date_diff('day', deals.expected_close_on, config.as_of_on)
    end as days_overdue,
    config.as_of_on,
    config.fiscal_year_start_month
from deals
cross join config
where
    deals.is_open
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
order by days_overdue desc nulls last, deals.expected_close_on asc nulls last, deals.deal_id asc

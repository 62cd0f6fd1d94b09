-- name: deal_totals
-- title: Money before and after a load
-- definition: Won revenue, open pipeline and the number of deals as they are shown now and as they would be after the load.
select
    count(deal_changes.before_status) as deals_before,
    count(deal_changes.after_status) as deals_after,
    count(*) filter (where deal_changes.before_status = 'won') as won_deals_before,
    count(*) filter (where deal_changes.after_status = 'won') as won_deals_after,
    coalesce(sum(deal_changes.before_amount) filter (where deal_changes.before_status = 'won'), 0) as won_before,
    coalesce(sum(deal_changes.after_amount) filter (where deal_changes.after_status = 'won'), 0) as won_after,
    coalesce(sum(deal_changes.before_amount) filter (where deal_changes.before_status = 'open'), 0) as open_before,
    coalesce(sum(deal_changes.after_amount) filter (where deal_changes.after_status = 'open'), 0) as open_after,
    count(*) filter (
        where
        (deal_changes.before_status in ('won', 'open') or deal_changes.after_status in ('won', 'open'))
        and (
            deal_changes.before_status is distinct from deal_changes.after_status
            or deal_changes.before_amount is distinct from deal_changes.after_amount
        )
    ) as moved_deals
from deal_changes

-- name: contract_amount_odd
-- title: Negative or enormous amounts
-- definition: Deals whose amount turns negative, or comes to be more than a hundred times what 99 of 100 held deals are worth.
with usual as (
    select
        count(*) as deals,
        percentile_cont(0.99) within group (order by abs(deal_changes.before_amount_original)) as high_amount
    from deal_changes
    where deal_changes.before_amount_original is not null
)

select
    deal_changes.deal_id,
    deal_changes.deal_name,
    deal_changes.before_amount_original as before_amount,
    deal_changes.after_amount_original as after_amount,
    case when deal_changes.after_amount_original < 0 then 'negative' else 'enormous' end as what
from deal_changes
cross join usual
where
    deal_changes.after_amount_original is distinct from deal_changes.before_amount_original
    and (
        (deal_changes.after_amount_original < 0 and coalesce(deal_changes.before_amount_original, 0) >= 0)
        or (usual.deals >= 20 and deal_changes.after_amount_original > 100 * usual.high_amount)
    )
order by abs(deal_changes.after_amount_original) desc, deal_changes.deal_id asc

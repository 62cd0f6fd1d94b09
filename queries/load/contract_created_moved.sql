-- name: contract_created_moved
-- title: Creation dates moved
-- definition: Deals whose creation date differs from the one held, beside how many deals have both.
with paired as (
    select
        deal_changes.deal_id,
        deal_changes.deal_name,
        deal_changes.before_created_at,
        deal_changes.after_created_at,
        count(*) over () as pairs
    from deal_changes
    where deal_changes.before_created_at is not null and deal_changes.after_created_at is not null
)

select
    paired.deal_id,
    paired.deal_name,
    paired.before_created_at,
    paired.after_created_at,
    paired.pairs
from paired
where cast(paired.before_created_at as date) != cast(paired.after_created_at as date)
order by paired.deal_id

-- name: rate_missing
-- title: Money without an exchange rate
-- severity: warn
-- definition: Deals and cost lines in a currency the book has no rate for - they are in no money total.
-- returns: entity, entity_id, label, detail, cases
with priceless as (
    select
        'deal' as entity,
        deals.deal_id as entity_id,
        deals.deal_name as label,
        deals.currency as detail
    from deals
    where deals.is_rate_missing
    union all
    select distinct
        'spend' as entity,
        spend.spend_id as entity_id,
        spend.campaign as label,
        spend.currency as detail
    from spend
    where spend.is_rate_missing
)

select
    priceless.entity,
    priceless.entity_id,
    priceless.label,
    priceless.detail,
    1 as cases
from priceless
order by priceless.entity, priceless.entity_id

-- name: product_not_listed
-- title: Products the price list does not have
-- severity: warn
-- definition: Product names of deals that the price list does not hold, with the listed name that differs by spaces
--   only.
-- returns: entity, entity_id, label, detail, cases
select
    'product' as entity,
    deals.product as entity_id,
    max(listed.product) as label,
    case
        when max(listed.product) is not null then concat('not in the price list; ', max(listed.product), ' is')
        else 'not in the price list'
    end as detail,
    count(*) as cases
from deals
left join products on deals.product = products.product
left join products as listed
    on replace(lower(deals.product), ' ', '') = replace(lower(listed.product), ' ', '')
where
    deals.product is not null
    and products.product is null
    and exists (select 1 from products)
group by deals.product
order by cases desc, entity_id asc

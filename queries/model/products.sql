-- name: products
-- title: Products
-- definition: The price list.
-- returns: product, product_name, product_line, list_price
select
    base_products.product,
    coalesce(base_products.name, base_products.product) as product_name,
    base_products.line as product_line,
    base_products.list_price
from base_products
where base_products.missing_since is null

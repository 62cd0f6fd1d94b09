-- name: customer_deals
-- title: Won deals of a customer
-- definition: Whose every won deal is - its company's, where none is known its main contact's, else nobody's but its own. The first of a
--   customer's won deals made the customer; where that one is no new business, the customer is older than the records.
-- returns: customer_ref, deal_key, won_on, is_first, is_new_customer
select
    coalesce(
        'c' || cast(deals.company_key as varchar),
        'p' || cast(deals.person_key as varchar),
        'd' || cast(deals.deal_key as varchar)
    ) as customer_ref,
    deals.deal_key,
    deals.closed_on as won_on,
    row_number() over customer = 1 as is_first,
    row_number() over customer = 1 and deals.is_new_business as is_new_customer
from deals
where deals.is_won
window
    customer as (
        partition by
            coalesce(
                'c' || cast(deals.company_key as varchar),
                'p' || cast(deals.person_key as varchar),
                'd' || cast(deals.deal_key as varchar)
            )
        order by deals.closed_at asc nulls last, deals.deal_key asc
    )

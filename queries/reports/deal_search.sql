-- name: deal_search
-- title: Find a deal
-- definition: The deals whose id is the text, or whose name, company or id has it in it, whatever the capitals. The exact id comes first, then
--   the newest close.
-- params: row_limit, search
-- defaults: row_limit=50, search=''
-- returns: deal_id, deal_name, company, status, closed_on, amount
select
    deals.deal_id,
    deals.deal_name,
    deals.company_name as company,
    deals.status,
    deals.closed_on,
    deals.amount
from deals
where
    $search != ''
    and (
        contains(lower(deals.deal_name), lower($search))
        or contains(lower(deals.company_name), lower($search))
        or contains(lower(deals.deal_id), lower($search))
    )
order by
    case when deals.deal_id = $search then 0 else 1 end asc,
    deals.closed_on desc nulls last,
    deals.deal_id asc
limit $row_limit

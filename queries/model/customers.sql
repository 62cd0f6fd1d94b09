-- name: customers
-- title: Customers
-- definition: Everybody who has won a deal with us or pays us, one row each, cut by the words of the first won deal, else of the company.
--   Lead on is the day the first of that deal's people was created, where that is before the win.
-- returns: customer_key, customer_ref, company_key, customer_id, customer_name, first_deal_key, won_on, is_new_customer,
--   lead_on, channel, source, side, campaign, region, segment, product, team, owner, pipeline, account_list,
--   video_engaged
with payers as (
    select
        revenue.customer_ref,
        min(revenue.company_key) as company_key,
        min(revenue.company_id) as company_id,
        min(revenue.company_name) as company_name
    from revenue
    group by revenue.customer_ref
),

first_deals as (
    select
        customer_deals.customer_ref,
        customer_deals.deal_key,
        customer_deals.won_on,
        customer_deals.is_new_customer
    from customer_deals
    where customer_deals.is_first
),

first_leads as (
    select
        first_deals.deal_key,
        min(people.created_on) as lead_on
    from first_deals
    inner join deal_people on first_deals.deal_key = deal_people.deal_key
    inner join people on deal_people.person_key = people.person_key
    where people.created_on <= first_deals.won_on
    group by first_deals.deal_key
),

everybody as (
    select
        coalesce(first_deals.customer_ref, payers.customer_ref) as customer_ref,
        coalesce(payers.company_key, deals.company_key) as company_key,
        payers.company_id as billed_id,
        coalesce(payers.company_name, deals.company_name, payers.company_id) as customer_name,
        first_deals.deal_key,
        first_deals.won_on,
        coalesce(first_deals.is_new_customer, false) as is_new_customer
    from first_deals
    full outer join payers on first_deals.customer_ref = payers.customer_ref
    left join deals on first_deals.deal_key = deals.deal_key
)

select
    row_number() over (order by everybody.customer_ref) as customer_key,
    everybody.customer_ref,
    everybody.company_key,
    coalesce(companies.company_id, everybody.billed_id, deals.deal_id) as customer_id,
    coalesce(companies.company_name, everybody.customer_name) as customer_name,
    everybody.deal_key as first_deal_key,
    everybody.won_on,
    everybody.is_new_customer,
    first_leads.lead_on,
    coalesce(deals.channel, 'Unknown') as channel,
    deals.source,
    coalesce(deals.side, 'unknown') as side,
    deals.campaign,
    coalesce(deals.region, companies.region) as region,
    coalesce(deals.segment, companies.segment) as segment,
    deals.product,
    deals.team,
    coalesce(deals.owner, companies.owner) as owner,
    deals.pipeline,
    coalesce(deals.account_list, companies.account_list) as account_list,
    coalesce(deals.video_engaged, false) as video_engaged
from everybody
left join companies on everybody.company_key = companies.company_key
left join deals on everybody.deal_key = deals.deal_key
left join first_leads on everybody.deal_key = first_leads.deal_key

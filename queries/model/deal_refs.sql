-- name: deal_refs
-- title: Deal references
-- definition: Which deal an id means when a record of a system names it; under the empty scope stand ids that are unique among all deals.
-- returns: deals_scope, reference, deal_key
with strangers as (
    select reference_scopes.system
    from reference_scopes
    where reference_scopes.deals_scope = ''
),

shared as (
    select
        deal_records.record_key,
        min(deal_records.deal_key) as deal_key
    from deal_records
    where exists (select strangers.system from strangers)
    group by deal_records.record_key
    having count(*) = 1
)

select
    deal_records.system as deals_scope,
    deal_records.record_key as reference,
    deal_records.deal_key
from deal_records
union all
select
    '' as deals_scope,
    shared.record_key as reference,
    shared.deal_key
from shared

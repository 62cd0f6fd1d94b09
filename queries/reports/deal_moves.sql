-- name: deal_moves
-- title: What became of each deal
-- definition: Every deal that is in the open pipeline of either snapshot, in exactly one bucket, decided in this order. Not
--   there before: created; there and closed: reopened; open, but the filters now match it: moved; else its close date came
--   into the period: pulled in. Not there any more: missing from the export; won; lost; open, but the filters no longer
--   match it: moved; else its close date left the period: pushed out. In both: amount up, amount down, or unchanged.
--   Restated is what we count otherwise though the deal says the same - another exchange rate, another meaning of its
--   stage - and closed deals whose facts changed afterwards, which move no open pipeline. A second change of a deal is a
--   remark, never a second bucket. What a deal adds is its amount now when it comes, its amount before when it goes, the
--   difference when it stays; no amount adds nothing.
-- compares: deal_state
-- returns: bucket, system, object, record_key, deal_id, deal_name, company_name, owner, owner_before, amount,
--   amount_before, amount_after, amount_change, stage_before, stage_after, order_before, order_after, status_before,
--   status_after, closes_before, closes_after, days_moved, is_in_before, is_in_after, is_late_find, is_late_close,
--   has_no_amount, memo
with paired as (
    select
        coalesce(deal_state_after.system, deal_state_before.system) as system,
        coalesce(deal_state_after.object, deal_state_before.object) as object,
        coalesce(deal_state_after.record_key, deal_state_before.record_key) as record_key,
        coalesce(deal_state_after.deal_id, deal_state_before.deal_id) as deal_id,
        coalesce(deal_state_after.deal_name, deal_state_before.deal_name) as deal_name,
        coalesce(deal_state_after.company_name, deal_state_before.company_name) as company_name,
        coalesce(deal_state_after.owner, deal_state_before.owner) as owner,
        deal_state_before.owner as owner_before,
        deal_state_after.owner as owner_after,
        deal_state_before.status as status_before,
        deal_state_after.status as status_after,
        deal_state_before.stage as stage_before,
        deal_state_after.stage as stage_after,
        deal_state_before.stage_order as order_before,
        deal_state_after.stage_order as order_after,
        deal_state_before.amount as amount_before,
        deal_state_after.amount as amount_after,
        coalesce(deal_state_before.amount, 0) as worth_before,
        coalesce(deal_state_after.amount, 0) as worth_after,
        coalesce(deal_state_before.closed_on, deal_state_before.expected_close_on) as closes_before,
        coalesce(deal_state_after.closed_on, deal_state_after.expected_close_on) as closes_after,
        deal_state_after.created_on,
        coalesce(deal_state_before.is_shown, false) as is_shown_before,
        coalesce(deal_state_after.is_shown, false) as is_shown_after,
        coalesce(deal_state_before.is_in_period, false) as is_in_period_before,
        coalesce(deal_state_after.is_in_period, false) as is_in_period_after,
        coalesce(deal_state_before.is_in_scope, false) as is_in_before,
        coalesce(deal_state_after.is_in_scope, false) as is_in_after,
        coalesce(deal_state_before.words_told = deal_state_after.words_told, false) as is_told_alike,
        (deal_state_before.amount_told is not distinct from deal_state_after.amount_told)
        and (deal_state_before.currency_told is not distinct from deal_state_after.currency_told) as is_priced_alike,
        before_days.as_of_on as before_on
    from deal_state_after
    full join deal_state_before
        on
            deal_state_after.system = deal_state_before.system
            and deal_state_after.object = deal_state_before.object
            and deal_state_after.record_key = deal_state_before.record_key
    cross join (select max(deal_state_before.as_of_on) as as_of_on from deal_state_before) as before_days
),

sorted as (
    select
        paired.*,
        case
            when paired.is_in_before and paired.is_in_after
                then
                    case
                        when paired.worth_after = paired.worth_before then 'unchanged'
                        when paired.is_priced_alike then 'restated'
                        when paired.worth_after > paired.worth_before then 'amount_up'
                        else 'amount_down'
                    end
            when paired.is_in_after
                then
                    case
                        when paired.status_before is null then 'created'
                        when paired.status_before = 'missing' then 'missing_from_export'
                        when paired.status_before != 'open' and paired.is_told_alike then 'restated'
                        when paired.status_before != 'open' then 'reopened'
                        when not paired.is_shown_before then 'moved'
                        else 'pulled_in'
                    end
            when paired.is_in_before
                then
                    case
                        when coalesce(paired.status_after, 'missing') = 'missing' then 'missing_from_export'
                        when paired.status_after != 'open' and paired.is_told_alike then 'restated'
                        when paired.status_after != 'open' then paired.status_after
                        when not paired.is_shown_after then 'moved'
                        else 'pushed_out'
                    end
            when
                paired.status_before in ('won', 'lost') and paired.status_after in ('won', 'lost')
                and (paired.is_shown_before or paired.is_shown_after)
                and (paired.is_in_period_before or paired.is_in_period_after)
                and (
                    paired.status_before != paired.status_after
                    or paired.worth_before != paired.worth_after
                    or paired.closes_before is distinct from paired.closes_after
                )
                then 'restated'
        end as bucket
    from paired
)

select
    sorted.bucket,
    sorted.system,
    sorted.object,
    sorted.record_key,
    sorted.deal_id,
    sorted.deal_name,
    sorted.company_name,
    sorted.owner,
    sorted.owner_before,
    case when sorted.is_in_after then sorted.worth_after else 0 end
    - case when sorted.is_in_before then sorted.worth_before else 0 end as amount,
    sorted.amount_before,
    sorted.amount_after,
    sorted.amount_after - sorted.amount_before as amount_change,
    sorted.stage_before,
    sorted.stage_after,
    sorted.order_before,
    sorted.order_after,
    sorted.status_before,
    sorted.status_after,
    sorted.closes_before,
    sorted.closes_after,
    date_diff('day', cast(sorted.closes_before as date), cast(sorted.closes_after as date)) as days_moved,
    sorted.is_in_before,
    sorted.is_in_after,
    coalesce(sorted.bucket = 'created' and sorted.created_on <= sorted.before_on, false) as is_late_find,
    coalesce(sorted.bucket in ('won', 'lost') and sorted.closes_after <= sorted.before_on, false) as is_late_close,
    (sorted.is_in_after and sorted.amount_after is null)
    or (sorted.is_in_before and sorted.amount_before is null) as has_no_amount,
    concat_ws(
        ' · ',
        case
            when sorted.bucket = 'restated' and sorted.status_before != sorted.status_after and sorted.is_told_alike
                then concat('the same stage counts as ', sorted.status_after, ' now')
            when sorted.bucket = 'restated' and sorted.is_in_before and sorted.is_in_after
                then 'the same amount at another exchange rate'
            when sorted.bucket = 'restated'
                then concat('closed deal changed afterwards: was ', sorted.status_before)
        end,
        case
            when sorted.bucket = 'missing_from_export' and sorted.is_in_after
                then 'back in the export'
        end,
        case
            when sorted.bucket = 'created' and sorted.created_on <= sorted.before_on
                then 'created before, new in the export'
        end,
        case
            when sorted.bucket in ('won', 'lost') and sorted.closes_after <= sorted.before_on
                then 'closed before, told only now'
        end,
        case
            when
                sorted.amount_before is null and sorted.amount_after is not null and sorted.status_before is not null
                and sorted.status_before != 'missing'
                then 'had no amount'
            when
                sorted.amount_after is null and sorted.status_after in ('open', 'won', 'lost')
                then 'no amount'
            when
                sorted.bucket not in ('amount_up', 'amount_down') and not sorted.is_priced_alike
                and sorted.worth_after > sorted.worth_before and sorted.status_before in ('open', 'won', 'lost')
                then 'amount up too'
            when
                sorted.bucket not in ('amount_up', 'amount_down') and not sorted.is_priced_alike
                and sorted.worth_after < sorted.worth_before and sorted.status_after in ('open', 'won', 'lost')
                then 'amount down too'
        end,
        case
            when sorted.status_before != 'open' or sorted.status_after != 'open' then null
            when sorted.status_before is null or sorted.status_after is null then null
            when sorted.closes_before is null and sorted.closes_after is not null then 'had no close date'
            when sorted.closes_before is not null and sorted.closes_after is null then 'has no close date'
            when sorted.bucket in ('pulled_in', 'pushed_out') then null
            when sorted.closes_after > sorted.closes_before then 'close date later'
            when sorted.closes_after < sorted.closes_before then 'close date earlier'
        end,
        case
            when
                sorted.status_after in ('open', 'won', 'lost') and sorted.status_before in ('open', 'won', 'lost')
                and sorted.owner_before is distinct from sorted.owner_after
                then concat(
                    'owner ', coalesce(sorted.owner_before, 'nobody'), ' → ', coalesce(sorted.owner_after, 'nobody')
                )
        end
    ) as memo
from sorted
where sorted.bucket is not null

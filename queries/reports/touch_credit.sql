-- name: touch_credit
-- title: Credit of each touch of a deal
-- definition: What each path model gives each touch of a won deal - its share of the deal and of the deal's money; both add up to the
--   whole deal under every model. Markov and Shapley share out by channel and give no credit to a single touch.
-- params: deal_id
-- replaces: credit_fact
-- returns: touch_key, model, weight, amount
select
    credit_fact.touch_key,
    credit_fact.model,
    credit_fact.weight,
    credit_fact.amount
from deals
inner join credit_fact on deals.deal_key = credit_fact.deal_key
inner join attribution_models on credit_fact.model = attribution_models.model
where deals.deal_id = $deal_id
order by attribution_models.model_order, credit_fact.touched_at, credit_fact.touch_key

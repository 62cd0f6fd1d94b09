-- name: scorecard_kpis
-- title: Numbers of the joint scorecard
-- definition: The numbers both teams chose for their scorecard, in their order, with whose each is and what Marketing and Sales put in
--   - another metric, or the number's own part of that side.
-- returns: metric, position, owner, marketing_input, sales_input
select
    scorecard_kpis.metric,
    scorecard_kpis.position,
    scorecard_kpis.owner,
    scorecard_kpis.marketing_input,
    scorecard_kpis.sales_input
from scorecard_kpis
order by scorecard_kpis.position, scorecard_kpis.metric

-- name: regime_breaks
-- title: New starts
-- definition: The days from which on somebody declared that a metric, or all of them, starts anew, with why and who. The limits
--   of signals are drawn from the weeks since.
-- returns: metric, from_on, note, declared_by, declared_at
select
    regime_breaks.metric,
    regime_breaks.from_on,
    regime_breaks.note,
    regime_breaks.declared_by,
    regime_breaks.declared_at
from regime_breaks
order by regime_breaks.from_on, regime_breaks.metric

-- name: metric_totals
-- title: Every metric over all time
-- definition: What each metric is over all records held, to lay beside what it would be after a load.
with totals as (
    select
        metric_rows.metric,
        cast(sum(metric_rows.numerator) as double) as numerator,
        cast(sum(metric_rows.denominator) as double) as denominator
    from metric_rows
    group by metric_rows.metric
)

select
    metric_catalog.metric,
    metric_catalog.title,
    metric_catalog.unit,
    case
        when metric_catalog.aggregate = 'sum' then totals.numerator
        else totals.numerator / nullif(totals.denominator, 0)
    end as total
from metric_catalog
left join totals on metric_catalog.metric = totals.metric
order by metric_catalog.metric

-- name: calendar
-- title: Calendar
-- definition: Every day from the first fact to two years after the data date, with the first day of its ISO week, month, quarter and
--   fiscal quarter, so that reports join dates and never compute them.
-- returns: day, week_start, month_start, quarter_start, year_start, fiscal_quarter_start, fiscal_year_start, is_past
select
    days.day,
    cast(date_trunc('week', days.day) as date) as week_start,
    cast(date_trunc('month', days.day) as date) as month_start,
    cast(date_trunc('quarter', days.day) as date) as quarter_start,
    cast(date_trunc('year', days.day) as date) as year_start,
    cast(
        date_trunc('quarter', days.day - interval 1 month * ((config.fiscal_year_start_month - 1) % 3))
        + interval 1 month * ((config.fiscal_year_start_month - 1) % 3) as date
    ) as fiscal_quarter_start,
    cast(
        date_trunc('year', days.day - interval 1 month * (config.fiscal_year_start_month - 1))
        + interval 1 month * (config.fiscal_year_start_month - 1) as date
    ) as fiscal_year_start,
    days.day <= config.as_of_on as is_past
from days
cross join config

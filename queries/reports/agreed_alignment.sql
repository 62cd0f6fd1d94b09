-- name: agreed_alignment
-- title: Working together, as agreed
-- definition: The day from which both teams work together, the locked baseline friction is compared with (without days of its own the
--   year before that day), and the norms friction is measured by - hours of an attempt and of rework, and the weights of delay,
--   untouched, rejected, rework and stalled (empty means all the same). Empty dates mean that nothing is agreed yet.
-- returns: aligned_on, baseline_start, baseline_end, attempt_hours, rework_hours, weights
with told as (
    select
        try_cast(max(settings.value) filter (where settings.key = 'aligned_on') as date) as aligned_on,
        try_cast(max(settings.value) filter (where settings.key = 'baseline_from') as date) as baseline_from,
        try_cast(max(settings.value) filter (where settings.key = 'baseline_until') as date) as baseline_until,
        try_cast(max(settings.value) filter (where settings.key = 'attempt_hours') as double) as attempt_hours,
        try_cast(max(settings.value) filter (where settings.key = 'rework_hours') as double) as rework_hours,
        max(settings.value) filter (where settings.key = 'friction_weights') as weights
    from settings
)

select
    told.aligned_on,
    coalesce(told.baseline_from, cast(told.aligned_on - interval 1 year as date)) as baseline_start,
    coalesce(told.baseline_until, told.aligned_on) as baseline_end,
    coalesce(told.attempt_hours, cast('0.25' as double)) as attempt_hours,
    coalesce(told.rework_hours, cast('0.5' as double)) as rework_hours,
    coalesce(told.weights, '') as weights
from told

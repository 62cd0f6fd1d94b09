-- name: attribution_models
-- title: Attribution models
-- definition: What each path model gives before a deal's credit is divided to one - points to the first touch, the last before the lead was
--   created, the last before the deal was created, the last before the close, the last that is not Direct, every touch, the touches
--   between, and by age. The team's own weights are the model custom.
-- returns: model, model_order, first_points, lead_points, deal_points, last_points, non_direct_points, every_points,
--   middle_points, decay_points
select
    points.model,
    points.model_order,
    points.first_points,
    points.lead_points,
    points.deal_points,
    points.last_points,
    points.non_direct_points,
    points.every_points,
    points.middle_points,
    points.decay_points
from (
    values
    ('first', 1, 1, 0, 0, 0, 0, 0, 0, 0),
    ('last', 2, 0, 0, 0, 1, 0, 0, 0, 0),
    ('last_non_direct', 3, 0, 0, 0, 0, 1, 0, 0, 0),
    ('linear', 4, 0, 0, 0, 0, 0, 1, 0, 0),
    ('position', 5, 40, 0, 0, 40, 0, 0, 20, 0),
    ('u', 6, 40, 40, 0, 0, 0, 0, 20, 0),
    ('w', 7, 30, 30, 30, 0, 0, 0, 10, 0),
    ('full_path', 8, 225, 225, 225, 225, 0, 0, 100, 0),
    ('time_decay', 9, 0, 0, 0, 0, 0, 0, 0, 1),
    ('custom', 10, 0, 0, 0, 0, 0, 0, 0, 0)
) as points (
    model,
    model_order,
    first_points,
    lead_points,
    deal_points,
    last_points,
    non_direct_points,
    every_points,
    middle_points,
    decay_points
)

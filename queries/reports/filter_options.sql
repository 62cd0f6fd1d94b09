-- name: filter_options
-- title: What can be filtered
-- definition: Every value of every dimension with the number of leads and deals that carry it.
-- returns: dimension, value, entities
select
    filter_values.dimension,
    filter_values.value,
    filter_values.entities
from filter_values
order by filter_values.dimension asc, filter_values.entities desc, filter_values.value asc

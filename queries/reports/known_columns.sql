-- name: known_columns
-- title: What the files say
-- definition: For each column of the loaded exports how many rows there are and how many of them say anything. A number is
--   computable where the columns it needs say something.
-- returns: table_name, column_name, rows, known
select
    coverage.table_name,
    coverage.column_name,
    coverage.rows,
    coverage.known
from coverage
order by coverage.table_name, coverage.column_name

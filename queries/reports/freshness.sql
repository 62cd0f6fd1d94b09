-- name: freshness
-- title: How fresh each source is
-- definition: The newest file of each source and table - the day it tells of, when it was loaded and what became of
--   its rows.
-- returns: system, kind, title, file, as_of, loaded_at, rows_read, rows_loaded, rows_quarantined, rows_not_data
select
    import_files.system,
    import_files.kind,
    import_files.title,
    import_files.file,
    import_files.as_of,
    import_files.loaded_at,
    import_files.rows_read,
    import_files.rows_loaded,
    import_files.rows_quarantined,
    import_files.rows_not_data
from import_files
qualify
    row_number() over (
        partition by import_files.system, import_files.kind
        order by import_files.as_of desc, import_files.loaded_at desc, import_files.import_id asc
    ) = 1
order by import_files.as_of, import_files.title

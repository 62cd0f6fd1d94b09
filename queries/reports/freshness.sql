-- name: freshness
-- title: How fresh each source is
-- definition: The newest file of each source and table - the day it tells of, when it was loaded and what became of
--   its rows. Rows mended out of quarantine count as loaded.
-- returns: system, kind, title, file, as_of, loaded_at, rows_read, rows_loaded, rows_quarantined, rows_not_data
with mended as (
    select
        import_files.mends as import_id,
        sum(import_files.rows_loaded) as rows_loaded,
        sum(import_files.rows_not_data) as rows_not_data
    from import_files
    where import_files.mends != ''
    group by import_files.mends
)

select
    import_files.system,
    import_files.kind,
    import_files.title,
    import_files.file,
    import_files.as_of,
    import_files.loaded_at,
    import_files.rows_read,
    cast(import_files.rows_loaded + coalesce(mended.rows_loaded, 0) as bigint) as rows_loaded,
    cast(
        import_files.rows_quarantined - coalesce(mended.rows_loaded, 0) - coalesce(mended.rows_not_data, 0) as bigint
    ) as rows_quarantined,
    cast(import_files.rows_not_data + coalesce(mended.rows_not_data, 0) as bigint) as rows_not_data
from import_files
left join mended on import_files.import_id = mended.import_id
where import_files.mends = ''
qualify
    row_number() over (
        partition by import_files.system, import_files.kind
        order by import_files.as_of desc, import_files.loaded_at desc, import_files.import_id asc
    ) = 1
order by import_files.as_of, import_files.title

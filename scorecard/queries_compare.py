"""Two snapshots in one question: what each of them said, laid side by side for the statement that compares them.

The files cannot be attached to each other (a reader may open nothing but its own), so the earlier one's answer is
carried over as a table, money as decimals and dates as dates. Each snapshot answers with its own maps and rates.
"""

from collections.abc import Mapping
from typing import Any

import duckdb

from scorecard.queries_catalogue import Query

BEFORE, AFTER = "before", "after"


def lay(
    cursor: duckdb.DuckDBPyConnection, then: duckdb.DuckDBPyConnection, query: Query, bound: Mapping[str, Any]
) -> None:
    """Temp tables on `cursor`, a cursor of the snapshot shown: NAME_before and NAME_after for every statement compared,
    and after them one for each step.

    then: a cursor of the snapshot to compare with; not asked where nothing is compared.
    """
    for one in query.compares:
        for told_by, side in ((then, BEFORE), (cursor, AFTER)):
            answer = told_by.sql(one.sql, params=_given(one, bound)).to_arrow_table()
            cursor.register("answer_of_one", answer)
            table = f"{one.name}_{side}"
            cursor.execute(f"create or replace temp table {table} as select * from answer_of_one")
            cursor.unregister("answer_of_one")
    for model in query.steps:
        lay(cursor, then, model, bound)
        table = model.name
        cursor.execute(f"create or replace temp table {table} as {model.sql}", _given(model, bound))


def _given(query: Query, bound: Mapping[str, Any]) -> dict[str, Any]:
    return {name: bound[name] for name in query.bound}

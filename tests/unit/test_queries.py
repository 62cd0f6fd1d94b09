"""Questions to a snapshot: headers that tell the truth, bound values, deadlines, and sentences instead of zeros."""

import threading
import time
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from scorecard import queries, warehouse
from scorecard.errors import NotComputableError, QueryError, QueryHeaderError, StoreError
from scorecard.queries_catalogue import Query, catalogue, load, look_for, read_value
from scorecard.queries_needs import missing_sentence
from scorecard.queries_readers import ReaderPool

HEADER = """-- name: {name}
-- title: Deals by side
-- definition: Every deal
--   of the team.
-- params: sides, period_start, period_end, least
-- defaults: least=0
-- needs: {needs}
-- returns: side, deals, amount, closed_on
"""
SELECT = """select
    side,
    count(*) as deals,
    sum(amount) as amount,
    max(closed_on) as closed_on
from deals
where
    (len($sides) = 0 or list_contains($sides, side))
    and ($period_start::date is null or closed_on >= $period_start::date)
    and ($period_end::date is null or closed_on < $period_end::date)
    and amount >= $least
group by side
order by side;
"""


def write(folder: Path, name: str, sql: str = SELECT, needs: str = "deals.amount", header: str = HEADER) -> Query:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.sql"
    path.write_text(header.format(name=name, needs=needs) + sql, encoding="utf-8")
    return load(path, "report")


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table deals (side varchar, amount decimal(18, 4), closed_on date)")
        connection.execute(
            "insert into deals values ('marketing', 100.10, '2026-01-31'), ('marketing', 0.20, '2026-02-01'),"
            " ('sales', 50, '2026-02-28')"
        )
        connection.execute("create table coverage (table_name varchar, column_name varchar, rows bigint, known bigint)")
        connection.execute("insert into coverage values ('deals', 'amount', 3, 3), ('deals', 'source_raw', 3, 0)")
        connection.execute("create table quarantine (file varchar, line bigint)")
    return path


@pytest.fixture
def pool() -> Iterator[ReaderPool]:
    pool = ReaderPool()
    yield pool
    pool.close()


@pytest.fixture
def by_side(tmp_path: Path) -> Query:
    return write(tmp_path / "queries" / "reports", "by_side")


# -- headers and the catalogue


def test_a_header_is_read_with_its_continuation_lines(by_side: Query) -> None:
    assert by_side.definition == "Every deal of the team."
    assert by_side.params == {"sides", "period_start", "period_end", "least"}
    assert by_side.declared_params == ("sides", "period_start", "period_end", "least")
    assert by_side.returns == ("side", "deals", "amount", "closed_on")
    assert by_side.defaults == {"least": 0}
    assert by_side.needs[0].any_of == (("deals", "amount"),)


def test_a_header_with_another_name_than_its_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.sql"
    path.write_text("-- name: two\n-- title: T\nselect 1 as a", encoding="utf-8")
    with pytest.raises(QueryHeaderError, match="-- name: one"):
        load(path, "report")


@pytest.mark.parametrize("sql", ["select from where", "select 1; select 2"])
def test_a_file_that_is_not_one_statement_is_refused(tmp_path: Path, sql: str) -> None:
    path = tmp_path / "one.sql"
    path.write_text(f"-- name: one\n-- title: T\n{sql}", encoding="utf-8")
    with pytest.raises(QueryHeaderError, match=r"one\.sql"):
        load(path, "report")


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    root = tmp_path / "queries"
    write(root / "reports", "one")
    assert catalogue(root)["one"].title == "Deals by side"
    text = (root / "reports" / "one.sql").read_text(encoding="utf-8").replace("Deals by side", "Another title")
    (root / "reports" / "one.sql").write_text(text, encoding="utf-8")
    assert catalogue(root)["one"].title == "Another title"


def test_a_model_may_share_a_metrics_name_but_reports_may_not(tmp_path: Path) -> None:
    root = tmp_path / "queries"
    for folder in ("metrics", "model"):
        write(root / folder, "spend")
    assert {"spend", "model.spend"} == set(catalogue(root))
    write(root / "reports", "spend")
    with pytest.raises(QueryHeaderError, match="taken"):
        catalogue(root)


def test_one_query_is_found_without_reading_them_all_and_a_changed_file_is_seen(tmp_path: Path) -> None:
    assert {name: look_for(name) for name in catalogue()} == catalogue()
    for unknown in ("no_such_query", "../metrics/spend", "model.no_such", "reports.metric_rollup", "", "spend.sql"):
        assert look_for(unknown) is None
    root = tmp_path / "queries"
    write(root / "reports", "one")
    path = root / "reports" / "one.sql"
    assert look_for("one", root) == catalogue(root)["one"]
    path.write_text(path.read_text(encoding="utf-8").replace("Deals by side", "Another title"), encoding="utf-8")
    found = look_for("one", root)
    assert found is not None and found.title == "Another title"


def test_every_query_of_the_house_has_a_true_header() -> None:
    for query in catalogue().values():
        assert set(query.declared_params) == query.bound, query.path
        assert set(query.defaults) <= query.params, query.path


@pytest.mark.parametrize(
    ("text", "value"),
    [("90", 90), ("0.5", 0.5), ("null", None), ("[]", []), ("linear", "linear"), ("''", ""), ("true", True),
     ("2026-01-31", date(2026, 1, 31)), ("2026-13-31", "2026-13-31"), ("1e5", "1e5")],
)  # fmt: skip
def test_defaults_are_typed(text: str, value: object) -> None:
    assert read_value(text) == value


# -- asking


def test_a_question_without_parameters_gets_all(snapshot: Path, pool: ReaderPool, by_side: Query) -> None:
    rows = queries.rows(pool.reader(snapshot), by_side)
    assert [(row["side"], row["deals"]) for row in rows] == [("marketing", 2), ("sales", 1)]


def test_rows_keep_money_and_dates_exact(snapshot: Path, pool: ReaderPool, by_side: Query) -> None:
    row = queries.rows(pool.reader(snapshot), by_side)[0]
    assert row["amount"] == Decimal("100.3000") and isinstance(row["amount"], Decimal)
    assert row["closed_on"] == date(2026, 2, 1)


def test_a_frame_for_charts_has_the_columns_of_the_header(snapshot: Path, pool: ReaderPool, by_side: Query) -> None:
    frame = queries.run(pool.reader(snapshot), by_side, {"sides": ("sales",)})
    assert list(frame.columns) == list(by_side.returns)
    assert frame["amount"].to_list() == [50.0]


def test_the_period_is_half_open(snapshot: Path, pool: ReaderPool, by_side: Query) -> None:
    reader = pool.reader(snapshot)
    january = {"period_start": "2026-01-01", "period_end": date(2026, 2, 1)}
    assert [row["deals"] for row in queries.rows(reader, by_side, january)] == [1]
    from_the_day = {"period_start": datetime(2026, 2, 28, 23, 0)}
    assert [row["side"] for row in queries.rows(reader, by_side, from_the_day)] == ["sales"]


def test_a_value_is_never_part_of_the_statement(snapshot: Path, pool: ReaderPool, by_side: Query) -> None:
    evil = "x') or 1=1; drop table deals; --"
    assert queries.rows(pool.reader(snapshot), by_side, {"sides": [evil]}) == []
    assert len(queries.rows(pool.reader(snapshot), by_side)) == 2


def test_a_parameter_the_query_does_not_have_is_refused(snapshot: Path, pool: ReaderPool, by_side: Query) -> None:
    with pytest.raises(QueryError, match="no parameter colour"):
        queries.rows(pool.reader(snapshot), by_side, {"colour": "blue"})


def test_a_filter_the_query_does_not_know_is_refused_unless_it_is_empty(
    snapshot: Path, pool: ReaderPool, by_side: Query
) -> None:
    reader = pool.reader(snapshot)
    assert len(queries.rows(reader, by_side, {"regions": []})) == 2
    with pytest.raises(QueryError, match="no parameter regions"):
        queries.rows(reader, by_side, {"regions": ["West"]})


def test_a_needed_parameter_without_default_is_asked_for(snapshot: Path, pool: ReaderPool, tmp_path: Path) -> None:
    header = "-- name: {name}\n-- title: T\n-- params: metric\n-- returns: a\n"
    query = write(tmp_path, "one", "select $metric as a", header=header)
    with pytest.raises(QueryError, match="--metric"):
        queries.rows(pool.reader(snapshot), query)


@pytest.mark.parametrize(
    ("name", "value"), [("least", "many"), ("period_start", "31.01.2026"), ("period_end", "2026-02-30")]
)
def test_a_value_that_does_not_fit_is_refused_in_a_sentence(
    snapshot: Path, pool: ReaderPool, by_side: Query, name: str, value: str
) -> None:
    with pytest.raises(QueryError, match=name):
        queries.rows(pool.reader(snapshot), by_side, {name: value})


def test_text_from_the_command_line_gets_the_type_of_the_default(
    snapshot: Path, pool: ReaderPool, by_side: Query
) -> None:
    reader = pool.reader(snapshot)
    assert [row["deals"] for row in queries.rows(reader, by_side, {"least": "50"})] == [1, 1]
    assert [row["deals"] for row in queries.rows(reader, by_side, {"least": "50.5"})] == [1]


def test_a_value_outside_the_choices_of_a_parameter_is_refused_by_name(tmp_path: Path) -> None:
    header = HEADER.replace("-- needs", "-- choices: least=0|10\n-- needs")
    query = write(tmp_path, "by_choice", header=header)
    assert queries.bind(query, {"least": "10"})["least"] == 10
    with pytest.raises(QueryError, match="--least is one of 0, 10, not 5"):
        queries.bind(query, {"least": 5})
    for wrong in ("least", "least=0|10; by=a|b"):  # a list parted by anything but a comma would swallow the next name
        with pytest.raises(QueryHeaderError, match="is not name=one"):
            write(tmp_path, "bad", header=HEADER.replace("-- needs", f"-- choices: {wrong}\n-- needs"))


def test_an_unknown_name_proposes_the_nearest(snapshot: Path, pool: ReaderPool) -> None:
    with pytest.raises(QueryError, match="won_revenue"):
        queries.rows(pool.reader(snapshot), "won_revenu")


def test_a_query_past_its_deadline_is_cut_and_the_next_one_answers(
    snapshot: Path, pool: ReaderPool, by_side: Query, tmp_path: Path
) -> None:
    header = "-- name: {name}\n-- title: Slow\n-- returns: n\n"
    slow = write(tmp_path, "slow", "select count(*) as n from range(100000) as a, range(10000000) as b", header=header)
    started = time.monotonic()
    with pytest.raises(QueryError, match=r"no answer within 0\.3 seconds"):
        queries.rows(pool.reader(snapshot), slow, deadline_s=0.3)
    assert time.monotonic() - started < 5
    assert len(queries.rows(pool.reader(snapshot), by_side)) == 2


def test_the_engines_own_words_and_paths_never_reach_the_reader(
    snapshot: Path, pool: ReaderPool, tmp_path: Path
) -> None:
    header = "-- name: {name}\n-- title: Broken\n-- returns: n\n"
    broken = write(tmp_path, "broken", "select n from read_csv('/etc/passwd')", header=header)
    with pytest.raises(QueryError) as refused:
        queries.rows(pool.reader(snapshot), broken)
    assert "/etc" not in str(refused.value)


def test_describe_tells_the_columns_and_types(snapshot: Path, pool: ReaderPool, by_side: Query) -> None:
    found = queries.describe(pool.reader(snapshot), by_side)
    assert [name for name, _ in found] == list(by_side.returns)
    assert found[2][1].startswith("DECIMAL")


def test_a_table_the_snapshot_lacks_has_no_rows(snapshot: Path, pool: ReaderPool) -> None:
    assert queries.read_table(pool.reader(snapshot), "quarantine") == []
    assert queries.read_table(pool.reader(snapshot), "no_such_table") == []
    with pytest.raises(QueryError):
        queries.read_table(pool.reader(snapshot), "quarantine", ["no_such_column"])


# -- what cannot be computed


def test_a_number_without_its_inputs_is_a_sentence_not_a_zero(snapshot: Path, pool: ReaderPool, tmp_path: Path) -> None:
    query = write(tmp_path, "one", needs="deals.source_raw|people.source_raw|touches.at")
    with pytest.raises(NotComputableError) as refused:
        queries.rows(pool.reader(snapshot), query)
    sentence = str(refused.value)
    assert sentence.startswith("Deals by side is not computable from these files: no deal has a lead source.")
    assert "leads or contacts export" in sentence and "HubSpot 'Original Source'" in sentence


def test_one_of_several_inputs_is_enough_but_every_group_is_needed(
    snapshot: Path, pool: ReaderPool, tmp_path: Path
) -> None:
    reader = pool.reader(snapshot)
    assert queries.rows(reader, write(tmp_path, "one", needs="deals.source_raw|deals.amount"))
    with pytest.raises(NotComputableError, match="spend file"):
        queries.rows(reader, write(tmp_path, "two", needs="deals.amount, spend.cost"))


def test_each_sentence_about_missing_inputs_is_whole() -> None:
    coverage = {("deals", "deal_id"): (5, 5), ("people", "person_id"): (5, 5)}
    for query in catalogue().values():
        for need in query.needs:
            sentence = missing_sentence(query.title, need, coverage)
            assert sentence.count(". Load a ") == 1 and sentence.endswith("."), sentence


# -- shared readers


def test_the_reader_is_hardened(snapshot: Path, pool: ReaderPool) -> None:
    cursor = pool.cursor(snapshot)
    for statement in (
        "create table x (a int)",
        "delete from deals",
        "select * from read_csv('/etc/passwd')",
        "copy deals to '/tmp/out.csv'",
        "set enable_external_access = true",
        "attach '/tmp/other.duckdb'",
    ):
        with pytest.raises(duckdb.Error):
            cursor.execute(statement)
    cursor.close()


def test_one_connection_serves_many_threads(snapshot: Path, pool: ReaderPool, by_side: Query) -> None:
    wrong: list[object] = []

    def work() -> None:
        for number in range(60):
            side = ("marketing", "sales")[number % 2]
            rows = queries.rows(pool.reader(snapshot), by_side, {"sides": [side]})
            if [row["side"] for row in rows] != [side]:
                wrong.append(rows)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert pool.open_paths == [snapshot]


def test_a_superseded_snapshot_is_closed_while_its_cursors_finish(snapshot: Path, tmp_path: Path) -> None:
    pool = ReaderPool(kept_open=1)
    other = tmp_path / "other.duckdb"
    other.write_bytes(snapshot.read_bytes())
    cursor = pool.cursor(snapshot)
    pool.cursor(other).close()
    assert pool.open_paths == [other]
    assert cursor.execute("select count(*) from deals").fetchall() == [(3,)]
    cursor.close()
    pool.close()


def test_a_snapshot_that_cannot_be_opened_is_a_sentence(tmp_path: Path, pool: ReaderPool) -> None:
    (tmp_path / "bad.duckdb").write_bytes(b"no database")
    with pytest.raises(StoreError, match="cannot be opened"):
        pool.cursor(tmp_path / "bad.duckdb")


def test_the_pool_opens_what_the_warehouse_opens(snapshot: Path) -> None:
    with warehouse.open_reader(snapshot) as connection:
        assert queries.read_table(connection, "deals", ["side"])[0] == {"side": "marketing"}

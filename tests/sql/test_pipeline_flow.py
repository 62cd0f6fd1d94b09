"""What changed between two snapshots: every deal in one bucket, and start plus buckets is end, to the cent."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorecard import queries, queries_compare
from scorecard.book import BookCopy, CurrencyRate, StageRule
from scorecard.errors import QueryError
from tests.sql.model import AS_OF, Snapshot, day, write_import

WEEK = timedelta(days=7)
BUCKETS = (
    "start", "created", "reopened", "pulled_in", "amount_up", "amount_down", "won", "lost", "pushed_out",
    "missing_from_export", "restated", "moved", "end",
)  # fmt: skip
QUARTER = {"period_start": "2026-10-01", "period_end": "2027-01-01"}
Pair = Callable[..., "Two"]


class Two:
    """An earlier and a later snapshot, and what changed between them."""

    def __init__(self, before: Snapshot, after: Snapshot) -> None:
        self.before, self.after = before, after

    def ask(self, name: str, **params: Any) -> Any:
        return queries.rows(self.after.reader, name, params, before=self.before.reader)

    def flow(self, **params: Any) -> dict[str, tuple[int, Decimal]]:
        """Bucket -> deals and amount, where there are any."""
        rows = self.ask("pipeline_flow", **params)
        assert tuple(row["bucket"] for row in rows) == BUCKETS
        between = sum((row["amount"] for row in rows[:-1]), Decimal(0))
        assert between == rows[-1]["amount"]
        return {row["bucket"]: (row["deals"], row["amount"]) for row in rows if row["deals"]}

    def memo(self, deal_id: str, **params: Any) -> str:
        rows = [row for row in self.ask("pipeline_flow_deals", **params) if row["deal_id"] == deal_id]
        return next(row["memo"] for row in rows if row["bucket"] not in ("start", "end"))


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """`pair(before=[deal, ...], after=[...])`; a deal is (id, words) with defaults."""
    opened: list[Snapshot] = []

    def build(before, after, *, full: bool | None = None, kind: str = "deals", books=(None, None)) -> Two:
        first = write_import(tmp_path, kind, before, as_of=AS_OF - WEEK, full=full, name=f"a{len(opened)}")
        second = write_import(tmp_path, kind, after, as_of=AS_OF, full=full, name=f"b{len(opened)}")
        made = []
        for imports, book, at in (([first], books[0], AS_OF - WEEK), ([first, second], books[1], AS_OF)):
            made.append(Snapshot(tmp_path / f"s{len(opened)}.duckdb", imports, book, as_of=at))
            opened.append(made[-1])
        return Two(*made)

    yield build
    for one in opened:
        one.reader.close()


def deal(deal_id: str, amount: Any = 100, status: str = "open", closes: str | None = "2026-12-01", **more) -> dict:
    closed = {"closed_at" if status != "open" else "expected_close_at": day(closes) if closes else None}
    value = None if amount is None else Decimal(str(amount))
    return {
        "deal_id": deal_id, "name": deal_id.upper(), "status": status, "amount": value, "created_at": day("2026-09-01"),
        **closed, **more,
    }  # fmt: skip


def test_each_bucket_by_hand(pair: Pair) -> None:
    before = [
        deal("same", 100), deal("up", 100), deal("down", 100), deal("won", 200), deal("lost", 300), deal("out", 50),
        deal("in", 60, closes="2027-02-01"), deal("back", 70, "lost", "2026-11-01"), deal("gone", 80),
        deal("fixed", 90, "won", "2026-10-05"),
    ]  # fmt: skip
    after = [
        deal("same", 100), deal("up", "130.25"), deal("down", "99.99"), deal("won", 210, "won", "2026-11-12"),
        deal("lost", 300, "lost", "2026-11-13"), deal("out", 55, closes="2027-01-01"), deal("in", 65),
        deal("back", 75), deal("new", 10, created_at=day("2026-11-10")), deal("fixed", 95, "won", "2026-10-05"),
    ]  # fmt: skip
    two = pair(before, after, full=True)
    assert two.flow(**QUARTER) == {
        "start": (7, Decimal(930)),
        "created": (1, Decimal(10)),
        "reopened": (1, Decimal(75)),
        "pulled_in": (1, Decimal(65)),
        "amount_up": (1, Decimal("30.25")),
        "amount_down": (1, Decimal("-0.01")),
        "won": (1, Decimal(-200)),
        "lost": (1, Decimal(-300)),
        "pushed_out": (1, Decimal(-50)),
        "missing_from_export": (1, Decimal(-80)),
        "restated": (1, Decimal(0)),
        "end": (6, Decimal("480.24")),
    }
    assert two.memo("in", **QUARTER) == two.memo("won", **QUARTER) == "amount up too"
    notes = two.ask("pipeline_flow", **QUARTER).notes
    assert "1 closed deal changed afterwards, which moves won revenue by 5 and no pipeline." in notes
    # Without a period every open deal is in scope: nothing is pulled in or pushed out of it.
    plain = two.flow()
    assert "pulled_in" not in plain and "pushed_out" not in plain
    assert plain["amount_up"] == (3, Decimal("40.25"))


def test_the_end_of_the_period_is_not_in_it_and_a_deal_without_a_date_is_in_none(pair: Pair) -> None:
    two = pair([deal("edge", closes="2026-12-31"), deal("none", closes=None)], [deal("edge", closes="2027-01-01"),
               deal("none", closes=None)])  # fmt: skip
    assert two.flow(**QUARTER) == {"start": (1, Decimal(100)), "pushed_out": (1, Decimal(-100))}
    assert "1 open deal is without an expected close, in no period (100)." in two.ask("pipeline_flow", **QUARTER).notes
    assert two.flow()["end"] == (2, Decimal(200))


def test_an_owner_change_under_an_owner_filter_is_moved_not_lost(pair: Pair) -> None:
    two = pair([deal("x", 100, owner="Ann")], [deal("x", 120, owner="Tom")])
    assert two.flow(owners=["Ann"]) == {"start": (1, Decimal(100)), "moved": (1, Decimal(-100))}
    assert two.flow(owners=["Tom"]) == {"moved": (1, Decimal(120)), "end": (1, Decimal(120))}
    assert two.flow()["amount_up"] == (1, Decimal(20))
    assert two.memo("x", owners=["Ann"]) == "amount up too · owner Ann → Tom"


def test_a_deal_won_by_another_owner_is_won_whoever_has_it_now(pair: Pair) -> None:
    two = pair([deal("x", 100, owner="Ann")], [deal("x", 100, "won", "2026-11-10", owner="Tom")])
    assert two.flow(owners=["Ann"])["won"] == (1, Decimal(-100))


def test_a_partial_export_takes_nothing_away(pair: Pair) -> None:
    two = pair([deal("a"), deal("b")], [deal("a")])
    assert two.flow() == {"start": (2, Decimal(200)), "end": (2, Decimal(200))}


def test_a_deal_that_comes_back_into_a_full_export_is_not_called_new(tmp_path: Path) -> None:
    rows = ([deal("a"), deal("b")], [deal("a")], [deal("a"), deal("b", 110)])
    days = [AS_OF - 2 * WEEK, AS_OF - WEEK, AS_OF]
    imports = [write_import(tmp_path, "deals", some, as_of=at, full=True) for some, at in zip(rows, days, strict=True)]
    shots = [Snapshot(tmp_path / f"{n}.duckdb", imports[: n + 1], as_of=days[n]) for n in range(3)]
    assert Two(shots[0], shots[1]).flow()["missing_from_export"] == (1, Decimal(-100))
    again = Two(shots[1], shots[2])
    assert again.flow()["missing_from_export"] == (1, Decimal(110))
    assert "back in the export" in again.memo("b")
    for shot in shots:
        shot.reader.close()


def test_another_exchange_rate_is_restated_not_a_larger_amount(pair: Pair) -> None:
    def book(rate: str) -> BookCopy:
        return BookCopy(
            settings={**BookCopy().settings, "reporting_currency": "USD"},
            currency_rates=(CurrencyRate("EUR", date(2020, 1, 1), Decimal(rate)),),
        )

    row = deal("x", 100, currency="EUR")
    two = pair([row], [row, deal("y", 10, currency="USD")], books=(book("1.10"), book("1.25")))
    found = two.flow()
    assert found["start"] == (1, Decimal(110)) and found["restated"] == (1, Decimal(15))
    assert found["created"] == (1, Decimal(10)) and found["end"] == (2, Decimal(135))
    assert two.memo("x") == "the same amount at another exchange rate"


def test_another_meaning_of_a_stage_is_restated_not_won(pair: Pair) -> None:
    row = {**deal("x"), "status": None, "stage_raw": "Signed"}
    book = BookCopy(
        stage_map=(StageRule(pipeline="", stage_raw_norm="signed", stage="Signed", status="won", stage_order=9),)
    )
    two = pair([row], [row], books=(None, book))
    assert two.flow() == {"start": (1, Decimal(100)), "restated": (1, Decimal(-100))}
    assert two.memo("x") == "the same stage counts as won now"


def test_what_no_bar_shows_is_said(pair: Pair) -> None:
    two = pair(
        [deal("later"), deal("late", 40)],
        [
            deal("later", closes="2026-12-20"),
            deal("late", 40, "won", "2026-11-01"),
            deal("found", 20),
            deal("none", None, created_at=day("2026-11-12")),
            deal("quick", 30, "won", "2026-11-14", created_at=day("2026-11-11")),
        ],
    )
    assert two.flow()["created"] == (2, Decimal(20))
    said = " ".join(two.ask("pipeline_flow").notes)
    for sentence in (
        "1 deal has no amount and counts as 0.",
        "1 of the created was created before and is only new in the export (20).",
        "1 of the won and lost closed before the earlier numbers and was told only now (40).",
        "1 was created and won in between (30): in neither pipeline, so in no bar.",
        "1 stayed with a later close date (100).",
    ):
        assert sentence in said
    assert two.memo("none") == "no amount"


def test_deals_of_every_bar_add_up_to_it_and_stages_hold_every_deal(pair: Pair) -> None:
    before = [deal(f"d{n}", n + 1, stage_raw="One") for n in range(9)]
    after = [deal(f"d{n}", n * 2, "won" if n == 3 else "open", stage_raw="Two") for n in range(1, 12)]
    two = pair(before, after, full=True)
    flow = two.flow()
    deals = two.ask("pipeline_flow_deals")
    for bucket, (count, amount) in flow.items():
        own = [row for row in deals if row["bucket"] == bucket]
        assert (len(own), sum(row["amount"] for row in own)) == (count, amount)
    assert {row["bucket"] for row in deals} == set(flow)
    assert [row["bucket"] for row in two.ask("pipeline_flow_deals", bucket=["won"])] == ["won"]
    moves = {(row["stage_from"], row["stage_to"]): row["deals"] for row in two.ask("stage_moves")}
    assert moves == {("One", "Two"): 7, ("One", "won"): 1, ("One", "missing"): 1, ("new", "Two"): 3}


def test_a_comparison_without_another_snapshot_says_what_to_add(pair: Pair) -> None:
    two = pair([deal("x")], [deal("x")])
    with pytest.raises(QueryError, match="--compare-to"):
        two.after.ask("pipeline_flow")


# Random pairs through the real classification: states as frames in place of two snapshots.

MONEY = st.one_of(st.none(), st.decimals(-1000, 1_000_000, places=2))
STATE = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["open", "open", "open", "won", "lost", "missing"]),
        "amount": MONEY,
        "amount_told": st.sampled_from([None, Decimal(1), Decimal(2)]),
        "words_told": st.sampled_from(["a|b", "a|c"]),
        "is_shown": st.booleans(),
        "is_in_period": st.booleans(),
        "closes": st.sampled_from([None, datetime(2026, 11, 1), datetime(2027, 1, 1)]),
    }
)
STATES = st.dictionaries(st.sampled_from([f"d{n}" for n in range(12)]), STATE, max_size=12)


def laid(cursor: duckdb.DuckDBPyConnection, side: str, states: dict[str, dict[str, Any]]) -> None:
    """The table that a snapshot's answer to deal_state would be."""
    cursor.execute(f"""create or replace temp table deal_state_{side} (system varchar, object varchar,
        record_key varchar, deal_id varchar, deal_name varchar, company_name varchar, owner varchar, stage varchar,
        stage_order integer, status varchar, words_told varchar, amount decimal(18, 2), amount_told decimal(18, 4),
        currency_told varchar, is_rate_missing boolean, created_on date, closed_on date, expected_close_on date,
        is_shown boolean, is_in_period boolean, is_in_scope boolean, as_of_on date)""")
    for key, state in states.items():
        is_open = state["status"] == "open"
        row = ["s", "deal", key, key, key, None, "Ann", "One", None, state["status"], state["words_told"],
               state["amount"], state["amount_told"], None, False, None, None if is_open else state["closes"],
               state["closes"] if is_open else None, state["is_shown"], state["is_in_period"],
               is_open and state["is_shown"] and state["is_in_period"], datetime(2026, 11, 15)]  # fmt: skip
        cursor.execute(f"insert into deal_state_{side} values ({', '.join('?' * len(row))})", row)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=STATES, after=STATES)
def test_start_and_buckets_make_the_end_and_no_deal_is_in_two(before, after) -> None:
    with duckdb.connect() as cursor:
        laid(cursor, "before", before)
        laid(cursor, "after", after)
        moves = queries.find("deal_moves")
        cursor.execute(f"create temp table deal_moves as {moves.sql}")
        found = cursor.execute(queries.find("pipeline_flow").sql).fetchall()
        placed = cursor.execute("select record_key, bucket from deal_moves").fetchall()
    assert [row[0] for row in found] == list(BUCKETS)
    assert sum(row[2] for row in found[:-1]) == found[-1][2]
    scope = {
        side: {
            key: state["amount"] or Decimal(0)
            for key, state in states.items()
            if state["status"] == "open" and state["is_shown"] and state["is_in_period"]
        }
        for side, states in (("before", before), ("after", after))
    }
    assert found[0][1:] == (len(scope["before"]), sum(scope["before"].values(), Decimal(0)))
    assert found[-1][1:] == (len(scope["after"]), sum(scope["after"].values(), Decimal(0)))
    assert len(placed) == len({key for key, _ in placed})
    assert {key for key, _ in placed} >= set(scope["before"]) | set(scope["after"])
    assert {bucket for _, bucket in placed} <= {*BUCKETS, "unchanged"}
    entered = sum(row[1] for row in found if row[0] in ("created", "reopened", "pulled_in"))
    assert entered <= len(set(scope["after"]) - set(scope["before"]))


def test_leads_add_up_in_every_stage_and_a_merged_pair_is_no_lost_lead(pair: Pair) -> None:
    def person(name: str, **more) -> dict:
        return {"person_id": name, "created_at": day("2026-10-01"), **more}

    before = [
        person("lead"), person("two"), person("mql", mql_at=day("2026-10-02")), person("out", email="o@x.example"),
        person("back", disqualified_at=day("2026-10-20")), person("gone"), person("twin", email="t@x.example"),
        person("twin2"), person("won"),
    ]  # fmt: skip
    after = [
        person("lead"), person("two", mql_at=day("2026-11-12")), person("mql", mql_at=day("2026-10-02"),
        sql_at=day("2026-11-13")), person("out", email="o@x.example", disqualified_at=day("2026-11-12")),
        person("back"), person("fresh", created_at=day("2026-11-12")), person("twin", email="t@x.example"),
        person("twin2", email="t@x.example"), person("won", customer_at=day("2026-11-14")),
    ]  # fmt: skip
    two = pair(before, after, full=True, kind="people")
    rows = two.ask("lead_flow")
    for stage in ("Lead", "MQL", "SQL", "Opportunity"):
        own = [row["leads"] for row in rows if row["stage"] == stage]
        assert sum(own[:-1]) == own[-1]
    found = {(row["bucket"], row["stage"]): row["leads"] for row in rows if row["leads"]}
    assert found == {
        ("start", "Lead"): 7, ("start", "MQL"): 1, ("new", "Lead"): 1, ("recycled", "Lead"): 1,
        ("became_mql", "Lead"): -1, ("became_mql", "MQL"): 1, ("became_sql", "MQL"): -1, ("became_sql", "SQL"): 1,
        ("won", "Lead"): -1, ("disqualified", "Lead"): -1, ("missing_from_export", "Lead"): -1, ("merged", "Lead"): -1,
        ("end", "Lead"): 4, ("end", "MQL"): 1, ("end", "SQL"): 1,
    }  # fmt: skip
    people = {row["person_id"]: row["bucket"] for row in two.ask("lead_flow_people")}
    assert people["gone"] == "missing_from_export" and people["back"] == "recycled"


def test_an_answer_is_carried_over_with_its_types(pair: Pair) -> None:
    two = pair([deal("x", "0.10")], [deal("x", "0.30")])
    query = queries.find("deal_moves")
    cursor, then = two.after.reader.cursor(), two.before.reader.cursor()
    queries_compare.lay(cursor, then, query, queries.bind(query, {}))
    types = dict(cursor.execute("select column_name, column_type from (describe deal_state_before)").fetchall())
    assert (types["amount"], types["expected_close_on"], types["is_shown"]) == ("DECIMAL(18,2)", "DATE", "BOOLEAN")
    cursor.close()
    then.close()
    assert two.flow()["amount_up"] == (1, Decimal("0.20"))

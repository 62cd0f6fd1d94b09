"""What people decide on the scorecard is saved through the page, with who and when, and can be taken back."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from scorecard.store import Store
from tests.pages.conftest import load, words

Open = Callable[..., AppTest]
HEAD = "deal_id,name,status,amount,created_at,closed_at,source_raw,owner\n"


@pytest.fixture(scope="module")
def own_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A win a week for half a year: enough weeks for limits."""
    folder = tmp_path_factory.mktemp("saving")
    days = pd.date_range("2026-05-04", "2026-11-09", freq="W-MON").strftime("%Y-%m-%d")
    rows = [f"{at},Deal {at},won,{1000 + 10 * at},{day},{day},Organic Search,Ann" for at, day in enumerate(days)]
    (folder / "deals.csv").write_text(HEAD + "\n".join(rows), encoding="utf-8")
    load(folder / "store", folder / "deals.csv")
    return folder / "store"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[pd.DataFrame], pd.DataFrame]], None]:
    """`typed(change)`: what somebody types into the table, which AppTest cannot reach; all else is the page's own."""
    shown = st.data_editor

    def put(change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        monkeypatch.setattr(st, "data_editor", lambda frame, **how: change(shown(frame, **how)))

    return put


def named(app: AppTest, panel: str, who: str) -> AppTest:
    """The panel opened and the name given."""
    app.session_state[panel] = True
    app.run()
    return next(one for one in app.text_input if one.label == "Your name").set_value(who).run()


def said(app: AppTest) -> str:
    assert not app.exception
    return words(app).replace("\\", "")


def test_a_new_start_is_declared_with_a_name_and_taken_back(open_app: Open, own_store: Path) -> None:
    held = Store(own_store)
    first = held.current()
    app = open_app(own_store, show="Signals", period="All")
    app.session_state["new_start"] = True
    app.run()
    assert app.button(key="new_start_save").disabled, "without a name and a reason nothing is declared"
    app = named(app, "new_start", "Kim")
    app.date_input(key="new_start_day").set_value(pd.Timestamp("2026-08-03").date())
    app.text_input(key="new_start_note").set_value("New price list").run()
    app = app.button(key="new_start_save").click().run()
    (row,) = held.book.rows("regime_breaks")
    assert (row["metric"], str(row["from_on"]), row["note"], row["by"]) == (
        "", "2026-08-03", "New price list", "Kim",
    )  # fmt: skip
    second = held.current()
    assert first and second and second.id != first.id, "the limits are drawn anew in a state of their own"
    app.run()
    assert "3 Aug 2026 · All metrics · New price list (Kim)" in said(app)

    app = app.button(key="take_back_0").click().run()
    assert not app.exception and held.book.rows("regime_breaks") == []
    app.run()
    assert "New price list" not in said(app)


def test_the_numbers_of_the_scorecard_are_picked_with_an_owner(open_app: Open, own_store: Path, typed) -> None:
    held = Store(own_store)
    typed(lambda frame: frame[frame["metric"].isin(["won_deals", "won_revenue"])].assign(owner=["Ann", "Tom"]))
    app = open_app(own_store, show="Joint scorecard", period="All")
    assert len(app.table[0].value) == 10
    app = named(app, "kpi_picker", "Nia")
    app = app.button(key="save_kpis").click().run()
    assert not app.exception
    kept = {row["metric"]: row["owner"] for row in held.book.rows("scorecard_kpis")}
    assert kept == {"won_revenue": "Ann", "won_deals": "Tom"}
    app.run()
    table = app.table[0].value
    assert len(table) == 2 and list(table["Owner"]) == ["Ann", "Tom"]
    assert {one.who for one in held.book.history(table="scorecard_kpis")} == {"Nia"}

    typed(lambda frame: pd.concat([frame, frame.head(1)]))
    app = app.button(key="save_kpis").click().run()
    assert "stands there twice" in said(app) and len(held.book.rows("scorecard_kpis")) == 2


def test_a_target_is_typed_with_who_and_when_and_taken_out_again(open_app: Open, own_store: Path, typed) -> None:
    held = Store(own_store)
    plan = {
        "period": pd.Timestamp("2026-10-01").date(), "grain": "quarter", "metric": "won_revenue",
        "side": "", "channel": "", "segment": "", "value": 9000.0,
    }  # fmt: skip
    typed(lambda frame: pd.DataFrame([plan]))
    app = named(open_app(own_store, show="Joint scorecard", period="All"), "targets_panel", "Kim")
    app = app.button(key="save_targets").click().run()
    assert not app.exception
    (row,) = held.book.rows("targets")
    assert (row["metric"], float(row["value"])) == ("won_revenue", 9000.0)
    (change,) = held.book.history(table="targets")
    assert change.who == "Kim" and change.at
    app.run()
    assert "$9.00K" in " ".join(map(str, app.table[0].value["Joint target"])).replace("\\", "")

    typed(lambda frame: frame.head(0))
    app = app.button(key="save_targets").click().run()
    assert not app.exception and held.book.rows("targets") == []

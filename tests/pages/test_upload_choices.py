"""The upload as a person on Thursday morning meets it: columns, lists, words, refused files, mended rows, the inbox."""

import csv
import io
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from scorecard import loading_mend, ui_columns
from scorecard.queries import read_table
from scorecard.queries_readers import POOL
from scorecard.store import Store
from tests.pages.conftest import DEALS, load, words

Open = Callable[..., AppTest]
PAGE = b"<!DOCTYPE html><html><title>Sign in</title><body>Please sign in</body></html>"
LIKELY = DEALS.replace("amount", "amonut")
BAD = DEALS + "7,Fir,won,about 900,2026-09-07,2026-11-10,Organic Search,Tom\n"


def drop(app: AppTest, **files: str | bytes) -> AppTest:
    """Drop files, `deals=...` as deals-2026-11-16.csv, and give a name."""
    box = app.file_uploader[0]
    for name, content in files.items():
        box = box.upload(
            f"{name}-2026-11-16.csv", content if isinstance(content, bytes) else content.encode(), "text/csv"
        )
    box.run()
    assert not app.exception
    app.text_input(key="who_name").set_value("Kim").run()
    return app


def button(app: AppTest, label: str):
    return next(found for found in app.button if found.label.replace("\\", "") == label)


def deals(store: Store) -> dict[str, dict]:
    info = store.current()
    assert info
    return {row["deal_id"]: row for row in read_table(POOL.reader(info.path), "deals")}


def publish(app: AppTest) -> AppTest:
    app.button(key="publish").click().run()
    assert not app.exception and not app.error
    return app


def test_a_likely_column_is_confirmed_with_one_click_and_not_asked_next_week(open_app: Open, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    app = drop(open_app(store.root, "data"), deals=LIKELY)
    assert "Please confirm" in words(app)
    button(app, "Yes, use it").click().run()
    assert "Please confirm" not in words(app)
    publish(app)
    assert deals(store)["1"]["amount"] == 30000
    app = drop(open_app(store.root, "data"), deals=LIKELY.replace("Alder", "Alder 2"))
    assert "Please confirm" not in words(app)
    assert not app.button(key="publish").disabled


def test_a_likely_column_that_is_declined_stays_unused(open_app: Open, tmp_path: Path) -> None:
    app = drop(open_app(tmp_path / "store", "data"), deals=LIKELY)
    button(app, "No").click().run()
    assert "Please confirm" not in words(app)
    publish(app)
    assert deals(Store(tmp_path / "store"))["1"]["amount"] is None


@pytest.mark.parametrize(
    ("header", "used", "expected"),
    [
        ("Worth", "not used", {"amount": ""}),
        ("Other", "amount", {"amount": "Other"}),
        ("Worth", "margin", {"amount": "", "margin": "Worth"}),
        ("Backup", "not used", {"name": "Title"}),
    ],
)
def test_what_is_edited_in_the_table_of_columns(header: str, used: str, expected: dict[str, str]) -> None:
    fed = {"Worth": "amount", "Title": "name", "Backup": "name"}
    before = pd.DataFrame({"header": ["Worth", "Other", "Title", "Backup"]})
    before["canonical"] = [fed.get(name, ui_columns.NOT_USED) for name in before["header"]]
    after = before.copy()
    after.loc[after["header"] == header, "canonical"] = used
    assert ui_columns.edited_columns(before, after, fed) == expected


def test_one_click_leaves_a_refused_file_out_and_the_good_ones_are_one_snapshot(open_app: Open, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    people = "person_id,email,created_at,source_raw\n1,a@x.com,2026-09-01,Events\n"
    app = drop(open_app(store.root, "data"), deals=DEALS, people=people, broken=PAGE)
    assert app.button(key="publish").disabled
    app.button(key="leave_refused").click().run()
    publish(app)
    (info,) = store.snapshots()
    assert (info.rows["deals"], info.rows["people"]) == (6, 1)


def test_what_was_left_out_can_be_taken_in_again(open_app: Open, tmp_path: Path) -> None:
    app = drop(open_app(tmp_path / "store", "data"), deals=DEALS)
    app.button(key="leave_0").click().run()
    assert "none to load" in words(app) and app.button(key="publish").disabled
    app.button(key="take_0").click().run()
    assert not app.button(key="publish").disabled


def test_whether_a_file_is_the_whole_list_is_asked_once_and_guards_the_next_week(
    open_app: Open, tmp_path: Path
) -> None:
    store = Store(tmp_path / "store")
    many = DEALS + "".join(f"{n},Deal {n},won,100,2026-09-01,2026-11-10,Events,Tom\n" for n in range(10, 40))
    app = drop(open_app(store.root, "data"), deals=many)
    asked: Any = next(group for group in app.get("button_group") if str(group.key).startswith("whole_"))
    assert "Most likely yes" in asked.label
    asked.set_value("Yes, the whole list").run()
    publish(app)
    app = drop(open_app(store.root, "data"), deals=DEALS)
    assert app.button(key="publish").disabled
    assert any("fewer_rows" in str(box.key) for box in app.selectbox)


def test_the_preview_lists_records_totals_joins_and_words(open_app: Open, tmp_path: Path) -> None:
    first = tmp_path / "deals-2026-11-08.csv"
    first.write_text(DEALS, encoding="utf-8")
    load(tmp_path / "store", first)
    changed = DEALS.replace("Cedar,won,8000", "Cedar,won,9000").replace("Outbound", "Skywriting")
    app = drop(open_app(tmp_path / "store", "data"), deals=changed)
    labels = " / ".join(expander.label.replace("\\", "") for expander in app.expander)
    assert "Deals in deals-2026-11-16.csv: 1 changed" in labels
    assert "Numbers over all time" in labels and "How the tables join" in labels and "1 word to explain" in labels
    totals = next(frame.value for frame in app.dataframe if "difference" in frame.value)
    assert dict(zip(totals["number"], totals["difference"], strict=True))["Won revenue"] == "+$1.00K"


def test_a_word_is_answered_before_publishing_and_kept(open_app: Open, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    app = drop(open_app(store.root, "data"), deals=DEALS.replace("Outbound", "Orgnic Serch"))
    # the likely answer is filled in: one click keeps it
    assert "1 word to explain" in " ".join(expander.label for expander in app.expander)
    button(app, "Save sources").click().run()
    assert not app.exception
    (kept,) = store.book.rows("source_map")
    assert (kept["source_raw_norm"], kept["side"]) == ("orgnic serch", "marketing")
    assert "to explain" not in " ".join(expander.label for expander in app.expander)
    publish(app)
    assert deals(store)["3"]["side"] == "marketing"


def test_a_word_is_answered_where_the_checks_count_it(open_app: Open, tmp_path: Path) -> None:
    path = tmp_path / "deals-2026-11-08.csv"
    path.write_text(DEALS.replace("Outbound", "Orgnic Serch"), encoding="utf-8")
    load(tmp_path / "store", path)
    app = open_app(tmp_path / "store", "data", data_tab="Checks")
    app.text_input(key="who_name").set_value("Kim").run()
    button(app, "Save sources").click().run()
    assert not app.exception
    assert deals(Store(tmp_path / "store"))["3"]["side"] == "marketing"


def mended(store: Store) -> bytes:
    """The download of the quarantine with the amount mended."""
    info = store.current()
    header, rows = loading_mend.to_mend(loading_mend.open_rows(store.imports(info)))
    out = io.StringIO()
    csv.writer(out).writerows([header, *([cell.replace("about ", "") for cell in row] for row in rows)])
    return out.getvalue().encode()


def test_a_mended_download_is_recognised_and_adds_only_its_rows(open_app: Open, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    publish(drop(open_app(store.root, "data"), deals=BAD))
    assert len(deals(store)) == 6
    app = drop(open_app(store.root, "data"), quarantine=mended(store))
    assert "mended rows" in words(app) and "**1** row read" in words(app)
    publish(app)
    assert len(deals(store)) == 7 and deals(store)["7"]["amount"] == 900
    app = open_app(store.root, "data", data_tab="Quarantine")
    assert "No row is in quarantine" in words(app)


def test_the_quarantine_offers_its_rows_to_mend_with_addresses_masked(open_app: Open, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    publish(drop(open_app(store.root, "data"), deals=BAD.replace("Search,Tom\n", "Search,tom@x.com\n")))
    app = open_app(store.root, "data", data_tab="Quarantine")
    assert "1 row refused" in words(app) and app.button(key="mend_go").disabled
    assert "tom@x.com" not in str([frame.value for frame in app.dataframe])


def test_the_inbox_is_checked_and_cleared_away_by_two_clicks(
    open_app: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    monkeypatch.setenv("SCORECARD_INBOX", str(inbox))
    settled = time.time() - 60
    for name, content in (("deals-2026-11-16.csv", DEALS.encode()), ("page.csv", PAGE)):
        (inbox / name).write_bytes(content)
        os.utime(inbox / name, (settled, settled))
    app = open_app(tmp_path / "store", "data")
    assert "2 files are waiting in the inbox" in words(app)
    app.button(key="inbox_check").click().run()
    app.text_input(key="who_name").set_value("Kim").run()
    app.button(key="leave_refused").click().run()
    publish(app)
    assert len(deals(Store(tmp_path / "store"))) == 6
    assert (inbox / "done" / "deals-2026-11-16.csv").exists()
    note = (inbox / "refused" / "page.csv.note.txt").read_text(encoding="utf-8")
    assert "sign-in page" in note
    assert "waiting in the inbox" not in words(open_app(tmp_path / "store", "data"))


def test_remembered_columns_are_listed_and_forgotten(open_app: Open, tmp_path: Path) -> None:
    path = tmp_path / "deals-2026-11-08.csv"
    path.write_text(DEALS, encoding="utf-8")
    load(tmp_path / "store", path)
    store = Store(tmp_path / "store")
    (signature,) = store.book.mappings()
    app = open_app(store.root, "data", data_tab="Settings")
    app.text_input(key="who_name").set_value("Kim").run()
    assert any("deals-2026-11-08.csv" in expander.label.replace("\\", "") for expander in app.expander)
    app.session_state[f"remembered_{signature}"] = True
    app.run()
    app.button(key=f"forget_{signature}").click().run()
    assert not app.exception
    assert store.book.mappings() == {}
    assert store.book.history()[0].who == "Kim"


def test_the_name_can_be_given_on_two_tabs_of_one_page(open_app: Open, tmp_path: Path) -> None:
    app = open_app(tmp_path / "store", "data", data_tab="Settings")
    app.file_uploader[0].upload("deals-2026-11-16.csv", DEALS.encode(), "text/csv").run()
    assert not app.exception
    app.text_input(key="who_again_settings").set_value("Kim").run()
    assert not app.exception and not app.button(key="publish").disabled


def test_another_file_added_keeps_what_was_decided(open_app: Open, tmp_path: Path) -> None:
    app = drop(open_app(tmp_path / "store", "data"), deals=LIKELY)
    button(app, "Yes, use it").click().run()
    people = b"person_id,email,created_at,source_raw\n1,a@x.com,2026-09-01,Events\n"
    box = app.file_uploader[0].upload("deals-2026-11-16.csv", LIKELY.encode(), "text/csv")
    box.upload("people-2026-11-16.csv", people, "text/csv").run()
    assert not app.exception
    assert "Please confirm" not in words(app)
    publish(app)
    assert deals(Store(tmp_path / "store"))["1"]["amount"] == 30000

"""The upload: preview, questions, publish, refuse; and the way back."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from scorecard.store import Store
from tests.pages.conftest import DEALS, words

Open = Callable[..., AppTest]
DOUBTFUL = (
    "deal_id,status,amount,created_at,closed_at\n1,won,100,03/04/2026,05/06/2026\n2,won,50,02/03/2026,06/07/2026\n"
)


def drop(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader[0].upload(name, content, "text/csv").run()
    return app


def named(app: AppTest) -> AppTest:
    app.text_input(key="who_name").set_value("Kim").run()
    return app


def test_an_upload_changes_nothing_until_it_is_published(open_app: Open, tmp_path: Path) -> None:
    app = drop(open_app(tmp_path / "store", "data"), "deals-2026-11-15.csv", DEALS.encode())
    assert not app.exception
    assert "**6** rows read" in words(app)
    assert app.button(key="publish").disabled
    assert Store(tmp_path / "store").current() is None
    named(app).button(key="publish").click().run()
    assert not app.exception
    info = Store(tmp_path / "store").current()
    assert info is not None
    assert info.rows["deals"] == 6
    assert info.who == "Kim"
    assert "Published" in "".join(str(element.value) for element in app.success)


def test_a_question_blocks_until_it_is_answered(open_app: Open, tmp_path: Path) -> None:
    app = named(drop(open_app(tmp_path / "store", "data"), "deals-2026-11-15.csv", DOUBTFUL.encode()))
    questions = [box for box in app.selectbox if str(box.key).startswith("question_")]
    assert questions
    assert app.button(key="publish").disabled
    while questions:
        questions[0].set_value(questions[0].options[0]).run()
        assert not app.exception
        questions = [box for box in app.selectbox if str(box.key).startswith("question_")]
    assert not app.button(key="publish").disabled


def test_a_file_that_is_no_table_is_refused_in_a_sentence(open_app: Open, tmp_path: Path) -> None:
    page = b"<!DOCTYPE html><html><title>Sign in</title><body>Please sign in</body></html>"
    app = named(drop(open_app(tmp_path / "store", "data"), "deals.csv", page))
    assert not app.exception
    assert app.error
    assert not any(button.key == "publish" and not button.disabled for button in app.button)
    assert Store(tmp_path / "store").current() is None


def test_a_hostile_file_name_is_text_and_no_path(open_app: Open, tmp_path: Path) -> None:
    name = "../../[x](javascript:1)<img src=x>.csv"
    app = drop(open_app(tmp_path / "store", "data"), name, DEALS.encode())
    assert not app.exception
    assert Path(name).name in [element.value for element in app.text]
    assert not any("](javascript" in str(element.value) for element in app.markdown)
    assert not list(tmp_path.rglob("*img*"))


def test_history_rolls_back_and_forward(open_app: Open, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    app = named(drop(open_app(store.root, "data"), "deals-2026-11-08.csv", DEALS.encode()))
    app.button(key="publish").click().run()
    more = DEALS + "7,Fir,won,1000,2026-09-07,2026-11-10,Organic Search,Tom\n"
    drop(app, "deals-2026-11-15.csv", more.encode()).button(key="publish").click().run()
    first, second = store.snapshots()
    assert second.is_current
    store.use(first.id)
    again = open_app(store.root, "sourced_revenue", period="All")
    assert "(3 of 4)" in words(again).replace("\\", "")
    store.use(second.id)
    assert "(4 of 5)" in words(open_app(store.root, "sourced_revenue", period="All")).replace("\\", "")


def test_a_setting_is_saved_with_its_author_and_changes_the_numbers(open_app: Open, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    app = named(drop(open_app(store.root, "data"), "deals-2026-11-15.csv", DEALS.encode()))
    app.button(key="publish").click().run()
    app = open_app(store.root, "data", data_tab="Settings")
    app.text_input(key="who_name").set_value("Kim").run()
    app.text_input(key="setting_reporting_currency").set_value("EUR")
    next(button for button in app.button if button.label == "Save settings").click().run()
    assert not app.exception
    assert store.book.settings()["reporting_currency"] == "EUR"
    assert store.book.history()[0].who == "Kim"
    assert [info.reason for info in store.snapshots()] == ["load", "settings changed"]


def test_a_setting_that_makes_no_sense_is_refused_in_a_sentence(open_app: Open, tmp_path: Path) -> None:
    app = open_app(tmp_path / "store", "data", data_tab="Settings")
    app.text_input(key="who_name").set_value("Kim").run()
    app.text_input(key="setting_time_zone").set_value("Mars/Olympus")
    next(button for button in app.button if button.label == "Save settings").click().run()
    assert "time" in app.error[0].value
    assert "Mars" in app.error[0].value

"""The upload says what a load would change in money, and what an export does not keep of its contract."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import DEALS, load

Open = Callable[..., AppTest]


def opened(open_app: Open, root: Path, content: str) -> AppTest:
    """A store with six deals, and the next week's export dropped on the page."""
    first = root / "deals-2026-11-08.csv"
    first.write_text(DEALS, encoding="utf-8")
    load(root / "store", first)
    app = open_app(root / "store", "data")
    app.file_uploader[0].upload("deals-2026-11-16.csv", content.encode(), "text/csv").run()
    assert not app.exception
    return app


def test_the_difference_in_money_stands_before_the_button(open_app: Open, tmp_path: Path) -> None:
    changed = DEALS.replace("Elm</b>,open,7000,2026-10-07,", "Elm</b>,won,7000,2026-10-07,2026-11-14")
    app = opened(open_app, tmp_path, changed)
    measures = {metric.label: (metric.value, metric.delta.replace("\\", "")) for metric in app.metric}
    assert measures["Won revenue"] == ("$67.0K", "was $60.0K")
    assert measures["Open pipeline"] == ("$0", "was $7.00K")
    assert measures["Deals"] == ("6", "unchanged")
    movers = next(frame.value for frame in app.dataframe if "won_change" in frame.value)
    assert list(movers["won_change"]) == [7000.0]


def test_a_broken_promise_is_said_with_its_deals(open_app: Open, tmp_path: Path) -> None:
    changed = DEALS.replace("Cedar,won,8000,2026-09-05,2026-11-02", "Cedar,open,8000,2026-09-05,")
    app = opened(open_app, tmp_path, changed)
    assert any("closed deal is open again" in warning.value for warning in app.warning)
    listed = [frame.value for frame in app.dataframe if "before_status" in frame.value and len(frame.value) == 1]
    assert listed and list(listed[0]["deal_name"]) == ["Cedar"]


def test_amounts_in_another_unit_wait_for_an_answer(open_app: Open, tmp_path: Path) -> None:
    changed = DEALS.replace("000,2026", "00000,2026")
    app = opened(open_app, tmp_path, changed)
    app.text_input(key="who_name").set_value("Kim").run()
    assert app.button(key="publish").disabled
    question = next(box for box in app.selectbox if "contract.amount_scale" in str(box.key))
    question.set_value("accept").run()
    assert not app.exception
    assert not app.button(key="publish").disabled

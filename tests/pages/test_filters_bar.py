"""The filter bar: the address sets it, chips show it, one click clears it, and numbers follow."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from streamlit.testing.v1 import AppTest

from scorecard import ui_frame
from tests.pages.conftest import words

Open = Callable[..., AppTest]


def cards(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def chips(app: AppTest) -> list[str]:
    return [button.label for button in app.button if str(button.key).startswith("chip_") and button.key != "chip_reset"]


def test_the_address_sets_period_and_filters(open_app: Open, sample_store: Path) -> None:
    app = open_app(sample_store, period="All", channel=["Email", "Events"])
    assert chips(app) == ["Channel: Email", "Channel: Events"]
    assert cards(app) != cards(open_app(sample_store, period="All"))


def test_parts_add_up_to_the_whole(open_app: Open, sample_store: Path) -> None:
    options = open_app(sample_store, period="All").multiselect(key="region").options
    leads = [
        int(cards(open_app(sample_store, period="All", region=[name]))["New leads"].replace(",", ""))
        for name in options
    ]
    assert sum(leads) == int(cards(open_app(sample_store, period="All"))["New leads"].replace(",", ""))


def test_a_made_up_value_in_the_address_is_dropped(open_app: Open, sample_store: Path) -> None:
    app = open_app(sample_store, channel=["'; drop table deals --"])
    assert not app.exception
    assert chips(app) == []


def test_a_chip_takes_its_filter_away_and_reset_takes_all(open_app: Open, sample_store: Path) -> None:
    app = open_app(sample_store, channel=["Email", "Events"], region=["EMEA"])
    app.button(key="chip_channel_0").click().run()
    assert app.multiselect(key="channel").value == ["Events"]
    app.button(key="chip_reset").click().run()
    assert app.multiselect(key="channel").value == []
    assert app.multiselect(key="region").value == []
    assert chips(app) == []


def test_filters_stay_when_the_page_changes(open_app: Open, sample_store: Path) -> None:
    app = open_app(sample_store)
    app.multiselect(key="channel").select("Email").run()
    app.switch_page("pages/close_probability.py").run()
    assert app.multiselect(key="channel").value == ["Email"]


def test_the_page_says_where_a_filter_does_not_apply(open_app: Open, sample_store: Path) -> None:
    app = open_app(sample_store, "video")
    app.multiselect(key="channel").select("Email").run()
    assert "Not every number" not in words(app)
    app.multiselect(key="pipeline").select("New business").run()
    assert "Not every number here can be filtered by: Pipeline" in words(app)


def test_a_filter_that_does_not_apply_is_named_once() -> None:
    said: list[str] = []
    run = ui_frame.Run(notes=SimpleNamespace(caption=said.append), unapplied={"period_start", "period_end", "owners"})
    ui_frame._write_notes(run)
    assert said[0].replace("\\", "").endswith("can be filtered by: Owner, Period.")


def test_a_custom_period_counts_both_days(open_app: Open, deals_store: Path) -> None:
    whole = open_app(deals_store, period="Custom", range=["2026-10-10", "2026-10-20"])
    assert cards(whole)["Marketing revenue"] == "$42.0K"
    first = open_app(deals_store, period="Custom", range=["2026-10-10", "2026-10-19"])
    assert cards(first)["Marketing revenue"] == "$30.0K"


def test_meeting_mode_masks_names_and_hides_editors(open_app: Open, sample_store: Path) -> None:
    alone, together = open_app(sample_store), open_app(sample_store, meeting="true")
    labels = {panel.label for panel in together.expander}
    assert any("targets" in panel.label for panel in alone.expander)
    assert not any("targets" in label or "Records" in label for label in labels)
    assert any("font-size:20px" in str(block.body) for block in together.get("html"))


def test_each_card_opens_its_records_and_they_add_up(open_app: Open, deals_store: Path) -> None:
    app = open_app(deals_store, period="All")
    app.button(key="open_marketing_sourced_revenue").click().run()
    assert not app.exception
    assert "the records add up" in app.success[0].value
    frame = app.dataframe[0].value
    assert sorted(frame["label"]) == ["Alder", "Birch"]
    assert float(frame["numerator"].sum()) == 42_000

"""The open deals with their chances, and how good past chances were: data, too little, and nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scorecard import loading
from scorecard.ingest.report import LoadOptions
from scorecard.store import Store
from tests.made_lives import made_lives
from tests.pages.conftest import NOW, words

PAGE = "close_probability"
STATUS = ("open", "won", "lost")


@pytest.fixture(scope="module")
def made_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """3,000 deals of known truth; the CRM's probability says nothing; one open deal has no creation date."""
    folder, made, start = tmp_path_factory.mktemp("made"), made_lives(3000, 4), datetime(2024, 12, 16)
    lines = ["deal_id,name,status,amount,created_at,closed_at,source_raw,crm_probability"]
    for number in range(3000):
        status = STATUS[int(made.lives.outcome[number])]
        created, ended = (start + timedelta(days=int(one[number])) for one in (made.lives.entered, made.lives.ended))
        closed = "" if status == "open" else f"{ended:%Y-%m-%d}"
        source = ("Paid Search", "Organic Search", "Email Marketing", "Direct", "Outbound")[made.source[number]]
        lines.append(
            f"d{number},Deal {number},{status},{1000 + number},{created:%Y-%m-%d},{closed},{source},{number % 10 * 10}%"
        )
    lines.append("x,No date,open,5,,,Direct,50%")
    (folder / "deals.csv").write_text("\n".join(lines), encoding="utf-8")
    store = Store(folder / "store")
    preview = loading.preview(store, [folder / "deals.csv"], LoadOptions(as_of=NOW.date()), NOW)
    assert not preview.blocked, [report.questions or report.error for report in preview.reports]
    loading.commit(store, preview, NOW, "test")
    return folder / "store"


def test_open_deals_are_listed_with_chances_reasons_and_flags(
    open_app: Callable[..., AppTest], made_store: Path
) -> None:
    app = open_app(made_store, PAGE, part="Open deals")
    assert not app.exception
    said = words(app).replace("\\", "")  # as read, not as escaped
    assert "are expected to be won within 90 days" in said
    assert "without a probability: the list says why" in said and "1 open without a creation date" in said
    assert "older than nearly all won deals" in said
    assert "all when new" in said and "deals like this:" in said
    table = next(one.value for one in app.dataframe if "chance" in one.value.columns)
    assert table["chance"].iloc[0] > 0 and table["expected"].fillna(0).is_monotonic_decreasing
    assert "older than nearly all wins" in set(table["flag"])
    assert "no creation date" in table.loc[table["name"] == "No date", "why"].iloc[0]


def test_a_horizon_can_be_the_quarter_or_ever(open_app: Callable[..., AppTest], made_store: Path) -> None:
    assert "by the end of the quarter, in 45 days" in words(
        open_app(made_store, PAGE, part="Open deals", chance_by="Quarter end")
    )
    assert "won at some time" in words(open_app(made_store, PAGE, part="Open deals", chance_by="Ever"))


def test_past_chances_stand_beside_what_happened_and_the_crm_is_told_apart(
    open_app: Callable[..., AppTest], made_store: Path
) -> None:
    app = open_app(made_store, PAGE, part="How good were we?")
    assert not app.exception
    said = words(app).replace("\\", "")  # as read, not as escaped
    assert "We said" in said and "would be won within 90 days" in said
    assert "closer to what happened than always saying the base rate" in said
    assert "The CRM's own probability is no better than always saying the base rate" in said
    assert "On " in said and "past dates what we said lies within the interval" in said


def test_too_few_deals_are_refused_in_words(open_app: Callable[..., AppTest], deals_store: Path) -> None:
    app = open_app(deals_store, PAGE, part="How good were we?")
    assert not app.exception and "needs 100 deals" in words(app)
    app = open_app(deals_store, PAGE, part="Open deals")
    assert not app.exception and "Only 1 open deal:" in words(app)


def test_no_open_leads_say_what_would_help(open_app: Callable[..., AppTest], deals_store: Path) -> None:
    app = open_app(deals_store, PAGE, part="Open deals", chance_of="People")
    assert not app.exception and "No open leads here" in words(app)


def test_marketing_against_the_others_and_the_named_rates_stand_on_the_view(
    open_app: Callable[..., AppTest], made_store: Path
) -> None:
    app = open_app(made_store, PAGE, day="365")
    assert not app.exception
    said = words(app).replace("\\", "")
    assert "the claimed 67% more" in said and "It compares; it shows no cause." in said
    assert "of unknown side are in neither arm" in said
    assert "Won of closed says" in said and "Grey is to be recognised, not compared." in said
    tables = [list(one.value.columns) for one in app.dataframe]
    by_number, by_money = (columns for columns in tables if "Win curve, day 365" in columns)
    assert (
        by_number
        == by_money
        == ["group", "n", "Win curve, day 365", "Watched 365 days", "Won of created", "Won of closed"]
    )


def test_the_curve_is_read_at_the_end_of_the_quarter_in_words(
    open_app: Callable[..., AppTest], made_store: Path
) -> None:
    app = open_app(made_store, PAGE, day="Quarter end")
    said = words(app)
    assert "Day 45: how old a deal created on 16 Nov 2026 is on 31 Dec 2026, the last day of the quarter" in said
    assert "After 45 days" in said
    assert any("By day 45" in map(str.capitalize, one.value.columns) for one in app.dataframe)


def test_quarters_are_compared_at_an_age_all_of_them_have(open_app: Callable[..., AppTest], made_store: Path) -> None:
    said = words(open_app(made_store, PAGE, by="Quarter created")).replace("\\", "")
    assert "no group is compared at an age another has not reached" in said
    assert "Younger than 90 days, in the table only: Q4, Oct 2026 (4" in said


def test_too_few_wins_for_a_ratio_are_said(open_app: Callable[..., AppTest], deals_store: Path) -> None:
    app = open_app(deals_store, PAGE, day="30")
    said = words(app).replace("\\", "")
    assert not app.exception
    assert "Marketing against the others: not enough data yet" in said and "it needs 30 wins on both sides" in said

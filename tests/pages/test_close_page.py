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
    assert "no creation date" in table.loc[table["deal"] == "No date", "why"].iloc[0]


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


def test_numbers_with_dates_of_their_own_are_not_called_unfiltered(
    open_app: Callable[..., AppTest], made_store: Path
) -> None:
    for part in ("Open deals", "The quarter", "How good were we?"):
        app = open_app(made_store, PAGE, part=part)
        assert not app.exception and "Not every number here" not in words(app), part


@pytest.fixture(scope="module")
def quarter_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 of 100 old deals won, one of them in this quarter; one large deal is due, one small one is overdue."""
    folder = tmp_path_factory.mktemp("quarter")
    lines = ["deal_id,name,status,amount,created_at,closed_at,source_raw,owner"]
    lines += [
        f"w{n},Won {n},won,100,2026-01-{n % 28 + 1:02},2026-02-{n % 28 + 1:02},Paid Search,Ann" for n in range(59)
    ]
    lines += [f"l{n},Lost {n},lost,100,2026-01-{n % 28 + 1:02},2026-04-01,Paid Search,Ann" for n in range(40)]
    lines += [
        "now,Now,won,1000,2026-10-01,2026-10-20,Paid Search,Ann",
        "big,Big one,open,4000,2026-11-01,2026-12-20,Paid Search,Ann",
        "late,Late one,open,300,2026-11-01,2026-11-06,Paid Search,Tom",
    ]
    (folder / "deals.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "targets.csv").write_text(
        "period,grain,metric,value\n2026-10-01,quarter,won_revenue,3000", encoding="utf-8"
    )
    store = Store(folder / "store")
    files = [folder / "deals.csv", folder / "targets.csv"]
    preview = loading.preview(store, files, LoadOptions(as_of=NOW.date()), NOW)
    assert not preview.blocked, [report.questions or report.error for report in preview.reports]
    loading.commit(store, preview, NOW, "test")
    return folder / "store"


def test_coverage_stands_beside_what_is_needed_and_overdue_deals_are_listed(
    open_app: Callable[..., AppTest], quarter_store: Path
) -> None:
    app = open_app(quarter_store, PAGE, part="The quarter")
    said = words(app).replace("\\", "")
    assert not app.exception
    assert "Open deals due by 31 Dec cover what is missing 2.0×;" in said
    assert "$2.00K missing = $3.00K target − $1.00K won. $4.00K due in 1 open deal" in said
    assert any("Past their expected date: 1 open deal, $300" in one.label.replace("\\", "") for one in app.expander)
    app.multiselect(key="owner").select("Ann").run()
    said = words(app).replace("\\", "")
    assert "Pipeline coverage: no target for this part of the business" in said and "the plan of" not in said


def test_the_quarter_is_said_with_and_without_one_large_deal(
    open_app: Callable[..., AppTest], quarter_store: Path, made_store: Path
) -> None:
    said = words(open_app(quarter_store, PAGE, part="The quarter")).replace("\\", "")
    assert "With Big one $" in said and "without it $" in said and "this one deal is" in said
    assert "alone is" not in said  # once is enough
    assert "this one deal is" not in words(open_app(made_store, PAGE, part="The quarter"))

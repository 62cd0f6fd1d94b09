"""Every way of writing a date comes out as the same moment, or as a question; never as another day."""

from datetime import datetime

import pytest

from scorecard.ingest.date_shapes import read_shape
from scorecard.ingest.report import Known
from tests.unit.examined import NOW, deals, look

HEADER = "deal_id,stage_raw,created_at"


def dated(values: list[str], known: Known | None = None, header: str = HEADER, **options):
    lines = [f'{number},Demo,"{value}"' for number, value in enumerate(values, 1)]
    return deals(lines, header, known=known, **options)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-03-12", datetime(2026, 3, 12)),
        ("2026-03-12 09:14", datetime(2026, 3, 12, 9, 14)),
        ("2026-03-12T09:14:05.250Z", datetime(2026, 3, 12, 9, 14, 5, 250000)),
        ("2026-03-12T09:14:05+02:00", datetime(2026, 3, 12, 7, 14, 5)),
        ("2026-03-12 09:14:05 +0100", datetime(2026, 3, 12, 8, 14, 5)),
        ("2026-03-12 09:14:05 UTC", datetime(2026, 3, 12, 9, 14, 5)),
        ("2026/03/12", datetime(2026, 3, 12)),
        ("3/25/2026 2:30 PM", datetime(2026, 3, 25, 14, 30)),
        ("3/25/2026 12:00 AM", datetime(2026, 3, 25)),
        ("25-03-2026 23:05", datetime(2026, 3, 25, 23, 5)),
        ("25.03.2026", datetime(2026, 3, 25)),
        ("Mar 15, 2025", datetime(2025, 3, 15)),
        ("March 15, 2025", datetime(2025, 3, 15)),
        ("15 Apr, 2021 00:02:00", datetime(2021, 4, 15, 0, 2)),
        ("Thu, 5 Feb 2026", datetime(2026, 2, 5)),
        ("Monday, June 5th, 2023", datetime(2023, 6, 5)),
        ("15-Apr-2021", datetime(2021, 4, 15)),
        ("15. März 2026", datetime(2026, 3, 15)),
        ("3 févr. 2026", datetime(2026, 2, 3)),
        ("5 de abr. de 2021", datetime(2021, 4, 5)),
        ("17 mrt 2026", datetime(2026, 3, 17)),
        ("1 gennaio 2026", datetime(2026, 1, 1)),
        ("1. Apr. 2026", datetime(2026, 4, 1)),
        ("Nov. 3, 2026", datetime(2026, 11, 3)),
        ("15 maj 2026", datetime(2026, 5, 15)),
        ("15 kwi 2026", datetime(2026, 4, 15)),
        ("15 A\u011fu 2026", datetime(2026, 8, 15)),
        ("2026\u5e743\u67087\u65e5", datetime(2026, 3, 7)),
        ("2026\u5e7410\u670817\u65e5 10:05", datetime(2026, 10, 17, 10, 5)),
        ("2026. 3. 4.", datetime(2026, 3, 4)),
        ("1713418460", datetime(2024, 4, 18, 5, 34, 20)),
        ("1713418460000", datetime(2024, 4, 18, 5, 34, 20)),
        ("45000", datetime(2023, 3, 15)),
        ("45000.5", datetime(2023, 3, 15, 12)),
        ("20260312", datetime(2026, 3, 12)),
        ("2026-03", datetime(2026, 3, 1)),
        ("2026-Q2", datetime(2026, 4, 1)),
    ],
)
def test_a_date_is_read_as_the_moment_it_names(value, moment):
    assert dated([value]).column("created_at") == [moment]


@pytest.mark.parametrize("value", ["hello", "12,5", "9:15", "2026", "12 34 56", "A-2026-01-01"])
def test_what_is_no_date_has_no_date_shape(value):
    assert read_shape(value.translate(str.maketrans("012345678", "999999999"))) is None


def test_a_day_above_12_decides_the_order_of_the_whole_column():
    seen = dated(["01/02/2026", "27/02/2026", "03/04/2026"])
    assert seen.column("created_at") == [datetime(2026, 2, 1), datetime(2026, 2, 27), datetime(2026, 4, 3)]
    assert "“created_at”: day first, because 1 row has a day above 12." in seen.notes()


def test_without_a_day_above_12_somebody_is_asked_and_nothing_is_guessed():
    seen = dated(["01/02/2026", "03/04/2026"])
    assert seen.report.status == "question"
    assert seen.questions() == {"deals.csv.created_at.date_order": ("dmy", "mdy")}


@pytest.mark.parametrize(("answer", "month"), [("dmy", 2), ("mdy", 1)])
@pytest.mark.parametrize("key", ["deals.csv.created_at.date_order", "deals.created_at.date_order"])
def test_the_answer_decides_and_is_remembered_in_the_report(answer, month, key):
    seen = dated(["01/02/2026"], answers={key: answer})
    assert seen.report.status == "ready"
    assert seen.column("created_at")[0].month == month
    assert seen.report.answers == {"deals.csv.created_at.date_order": answer}


def test_another_column_of_the_file_shows_the_order():
    seen = deals(["1,Demo,5,01/02/2026,27/02/2026"])
    assert seen.column("created_at") == [datetime(2026, 2, 1)]
    assert "like “closed_at” in the same file" in seen.notes()


def test_a_column_nobody_maps_shows_the_order_too():
    seen = deals(["1,Demo,01/02/2026,27/02/2026"], HEADER + ",renewal day")
    assert seen.column("created_at") == [datetime(2026, 2, 1)]


def test_causality_decides_when_only_one_order_closes_deals_after_they_were_created():
    # month first, each deal would close before it was created
    seen = deals(["1,Won,5,03/04/2026,05/04/2026", "2,Won,5,01/05/2026,02/06/2026", "3,Won,5,07/01/2026,06/02/2026",
                  "4,Won,5,11/01/2026,02/02/2026"])  # fmt: skip
    assert seen.report.status == "ready"
    assert seen.column("created_at")[2:] == [datetime(2026, 1, 7), datetime(2026, 1, 11)]
    assert "before they were created" in seen.notes()


def test_a_few_dates_of_the_other_order_are_set_aside_with_their_reason():
    seen = dated(["13/02/2026", "14/02/2026", "15/02/2026", "16/02/2026", "02/25/2026"])
    assert seen.report.rows_loaded == 4
    (refused,) = seen.report.refused
    assert (refused.line, refused.column) == (6, "created_at")
    assert refused.reason == "“02/25/2026” in “created_at” is no date."
    assert refused.raw == "5,Demo,02/25/2026"


def test_many_dates_of_both_orders_are_asked_about():
    seen = dated([f"{day}/02/2026" for day in range(13, 20)] + [f"02/{day}/2026" for day in range(13, 20)])
    assert "deals.csv.created_at.date_order" in seen.questions()


def test_a_zero_date_is_no_date():
    assert dated(["0000-00-00", "2026-01-02"]).column("created_at") == [None, datetime(2026, 1, 2)]


@pytest.mark.parametrize(
    ("values", "first"),
    [
        (["3/14/25", "2/1/25"], datetime(2025, 3, 14)),  # no year in front has 14 months
        (["14/3/99", "2/1/98"], datetime(1999, 3, 14)),
        ([f"{day:02}.03.25 10:00" for day in range(1, 29)], datetime(2025, 3, 1, 10)),  # days change, the year does not
    ],
)
def test_two_digit_years_are_read_where_only_one_order_is_left(values, first):
    seen = dated(values)
    assert (seen.report.status, seen.column("created_at")[0]) == ("ready", first)
    assert "has two-digit years" in seen.notes()


def test_two_digit_years_are_asked_where_they_could_stand_in_front():
    assert dated([f"25/03/{day:02}" for day in range(1, 29)]).report.status == "question"
    assert dated(["14/3/25", "2/1/25"]).report.status == "question"
    assert dated(["25/03/26"]).questions() == {"deals.csv.created_at.date_order": ("dmy", "mdy", "ymd")}
    answered = dated(["26/03/15"], answers={"deals.csv.created_at.date_order": "ymd"})
    assert answered.column("created_at") == [datetime(2026, 3, 15)]


def test_iso_beside_one_other_format_is_read_and_said():
    seen = dated(["2026-03-12 09:14", "3/15/2026 2:30 PM", "2026-03-13"])
    assert seen.column("created_at") == [
        datetime(2026, 3, 12, 9, 14), datetime(2026, 3, 15, 14, 30), datetime(2026, 3, 13)
    ]  # fmt: skip
    assert "mixes ways of writing dates" in seen.notes()


def test_an_impossible_day_goes_to_quarantine_not_to_the_next_month():
    seen = dated(["2026-02-28", "2026-02-30"])
    assert seen.column("created_at") == [datetime(2026, 2, 28)]
    assert seen.report.rows_quarantined == 1


def test_a_column_mostly_unreadable_is_asked_about_and_can_be_left_empty():
    values = ["soon", "later", "maybe", "never", "2026-01-01"]
    seen = dated(values)
    assert seen.questions() == {"deals.csv.created_at.unreadable": ("quarantine", "empty")}
    empty = dated(values, answers={"deals.csv.created_at.unreadable": "empty"})
    assert (empty.report.status, empty.column("created_at")) == ("ready", [None] * 4 + [datetime(2026, 1, 1)])


def test_moments_with_a_zone_become_local_time_of_the_business_and_others_stay():
    berlin = Known(now=NOW, time_zone="Europe/Berlin")
    seen = dated(["2026-07-01T10:00:00Z", "2026-07-01 10:00:00", "2026-01-01T10:00:00Z"], berlin)
    assert [moment.hour for moment in seen.column("created_at")] == [12, 10, 11]


def test_a_header_that_says_utc_makes_times_utc_and_leaves_days_alone():
    berlin = Known(now=NOW, time_zone="Europe/Berlin")
    seen = look("deal_id,stage_raw,Created At (in UTC)\n1,Demo,2026-07-01 10:00\n2,Demo,2026-07-01\n", known=berlin,
                kind="deals")  # fmt: skip
    assert seen.column("created_at") == [datetime(2026, 7, 1, 12), datetime(2026, 7, 1)]


def test_dates_between_the_limits_the_report_names_decide_the_order():
    text = (
        "Report Start: 2026-09-01, Report End: 2026-09-02\n\nStart Date,Total Spent,Impressions,Currency\n"
        "9/1/2026,5.00,10,USD\n9/2/2026,6.00,10,USD\n"
    )
    seen = look(text, "linkedin.csv")
    assert seen.column("period_start") == [datetime(2026, 9, 1), datetime(2026, 9, 2)]

"""Amounts come out as the number the writer meant, or as a question; never a thousand times too small."""

from decimal import Decimal

import pytest

from scorecard.ingest.report import Known
from tests.unit.examined import NOW, deals, look

HEADER = "deal_id,stage_raw,amount"


def priced(values: list[str], header: str = HEADER, **options):
    return deals([f'{number},Demo,"{value}",2026-01-05' for number, value in enumerate(values, 1)],
                 header + ",created_at", **options)  # fmt: skip


@pytest.mark.parametrize(
    ("values", "amounts"),
    [
        (["1234.5", "-3"], ["1234.5", "-3"]),
        (["1,234.56", "1,000"], ["1234.56", "1000"]),
        (["1.234,56", "1.000"], ["1234.56", "1000"]),
        (["146536,25", "50.000"], ["146536.25", "50000"]),
        (["1 234,56 €", "2.000,00"], ["1234.56", "2000"]),
        (["1\u00a0234,56\u00a0€"], ["1234.56"]),
        (["1'234.50", "5.00"], ["1234.5", "5"]),
        (["$1,357.80K", "$273.64K"], ["1357800", "273640"]),
        (["2.5M", "1.25B"], ["2500000", "1250000000"]),
        (["US$50.00", "US$1,000.25"], ["50", "1000.25"]),
        (["(1,234.50)", "10.00"], ["-1234.5", "10"]),
        (["-$5.00", "$7.10"], ["-5", "7.1"]),
        (["1.234.567", "1.000"], ["1234567", "1000"]),
        (["12,34,567.00"], ["1234567"]),
        (["1.00E+05", "2.5"], ["100000", "2.5"]),
        (["R$ 100.000"], ["100000"]),
        (["$1,234"], ["1234"]),
        (["0.125", "1.500"], ["0.125", "1.5"]),
        (["EUR 12", "7 EUR"], ["12", "7"]),
        (["--", "n/a"], [None, None]),
    ],
)
def test_an_amount_is_read_as_written(values, amounts):
    seen = priced(values)
    assert seen.report.status == "ready", seen.questions()
    assert seen.column("amount") == [amount and Decimal(amount) for amount in amounts]


@pytest.mark.parametrize("values", [["1.234"], ["50.000", "7.500"], ["1,234"]])
def test_a_number_that_could_be_thousands_or_decimals_is_asked_about(values):
    assert priced(values).questions() == {"deals.csv.amount.number_format": ("1,234.56", "1.234,56")}


@pytest.mark.parametrize(("answer", "amount"), [("1,234.56", "1.234"), ("1.234,56", "1234")])
def test_the_answer_settles_the_format(answer, amount):
    seen = priced(["1.234"], answers={"deals.amount.number_format": answer})
    assert seen.column("amount") == [Decimal(amount)]


def test_another_column_of_the_file_shows_how_numbers_are_written():
    seen = look("deal_id;stage_raw;amount;created_at;tax\n1;Demo;50.000;2026-01-05;146536,25\n", "deals.csv")
    assert seen.column("amount") == [Decimal(50000)]
    assert "as “tax” in the same file is written" in seen.notes()


def test_few_amounts_of_the_other_locale_are_set_aside():
    seen = priced(["1,234.50", "2,000.10", "3,000.10", "4,000.10", "1.234,50"])
    assert seen.report.rows_quarantined == 1
    assert seen.report.refused[0].reason == "“1.234,50” in “amount” is no amount."


def test_an_unreadable_amount_is_set_aside_and_an_unreadable_count_left_empty():
    seen = priced(["abc", "5"])
    assert (seen.report.rows_loaded, seen.report.refused[0].line) == (1, 2)
    companies = look("company_id,name,employees,created_at\n1,Acme,50-100,2026-01-01\n2,Beta,7,2026-01-01\n")
    assert companies.column("employees") == [None, 7]
    assert "1 cell is no whole number (such as “50-100”) and left empty" in companies.notes()


def test_counts_have_no_decimals():
    text = 'period_start,cost,impressions\n2026-01-01,5,"12,345"\n'
    assert look(text).column("impressions") == [12345.0]


@pytest.mark.parametrize(
    ("values", "shares"),
    [
        (["77.77%", "2.60%"], [0.7777, 0.026]),
        (["85", "12", "102.69"], [0.85, 0.12, 1.0269]),
        (["0.85", "0.5", "1.02"], [0.85, 0.5, 1.02]),
        (["1", "0"], [1.0, 0.0]),
    ],
)
def test_percentages_become_shares_whatever_their_scale(values, shares):
    lines = [f"2026-01-0{day},v1,{value}" for day, value in enumerate(values, 1)]
    seen = look("\n".join(["at,video_id,pct", *lines]) + "\n")
    assert seen.column("pct") == pytest.approx(shares)


def test_a_header_that_says_percent_settles_small_values():
    seen = look(
        "deal_id,stage_raw,Probability (%),created_at\n1,Demo,1,2026-01-01\n2,Demo,0.5,2026-01-01\n", kind="deals"
    )
    assert seen.column("crm_probability") == pytest.approx([0.01, 0.005])


def test_durations_become_seconds():
    seen = look("video_id,title,duration_s,published_at\nv1,A,0:01:10,2026-01-01\nv2,B,3:25,2026-01-01\n")
    assert seen.column("duration_s") == [70.0, 205.0]


@pytest.mark.parametrize(
    ("value", "seconds"), [("1h 2m 3s", 3723), ("2m", 120), ("90s", 90), ("1 min 30 sec", 90), ("PT1M30S", 90)]
)
def test_a_duration_in_words_is_no_million(value, seconds):
    seen = look(f"video_id,title,duration_s,published_at\nv1,A,{value},2026-01-01\nv2,B,0:10,2026-01-01\n")
    assert seen.column("duration_s") == [seconds, 10]


def test_booleans_of_several_languages():
    lines = [f"{number},{word},2026-01-01" for number, word in enumerate(["Yes", "nein", "VRAI", "0", "perhaps"])]
    seen = look("\n".join(["person_id,converted_flag,created_at", *lines]) + "\n")
    assert seen.column("converted_flag") == [True, False, True, False, None]


@pytest.mark.parametrize(
    ("text", "currencies"),
    [
        ("deal_id,stage_raw,amount,created_at\n1,Demo,5 €,2026-01-01\n2,Demo,5,2026-01-01\n", ["EUR", "EUR"]),
        ("deal_id,stage_raw,Amount (CHF),created_at\n1,Demo,5,2026-01-01\n", ["CHF"]),
        ("deal_id,stage_raw,amount,currency,created_at\n1,Demo,5,US$,2026-01-01\n2,Demo,5,eur,2026-01-01\n",
         ["USD", "EUR"]),
        ("deal_id,stage_raw,amount,created_at\n1,Demo,5 €,2026-01-01\n2,Demo,US$5,2026-01-01\n", ["EUR", "USD"]),
        ("deal_id,stage_raw,amount,created_at\n1,Demo,5,2026-01-01\n", [None]),
    ],
)  # fmt: skip
def test_the_currency_is_found_wherever_it_stands(text, currencies):
    assert look(text, kind="deals").column("currency") == currencies


def test_a_sign_on_the_number_beats_the_column_beside_it():
    text = "Channel;Spend;Amount Currency;Pipeline Amount;Date\nPaid;R$\u00a0100.000;USD;146536,25;1/24/2023\n"
    seen = look(text, kind="spend")
    assert (seen.column("currency"), seen.column("cost")) == (["BRL"], [Decimal(100000)])
    assert "“Spend” says BRL where “Amount Currency” says USD (1 rows): the sign was believed." in seen.notes()


def test_a_bare_dollar_is_the_reporting_dollar():
    australian = Known(now=NOW, reporting_currency="AUD")
    text = "deal_id,stage_raw,amount,created_at\n1,Demo,$5,2026-01-01\n"
    assert look(text, known=australian).column("currency") == ["AUD"]
    assert look(text, known=Known(now=NOW, reporting_currency="EUR")).column("currency") == ["USD"]


@pytest.mark.parametrize(
    ("header", "value", "amount"),
    [("amount", "\u00a512,345", 12345), ("Amount (JPY)", "12,345", 12345), ("amount", "AED 1,234", 1234)],
)
def test_money_without_decimals_is_read_as_its_country_writes_it(header, value, amount):
    seen = look(f'deal_id,stage_raw,{header},created_at\n1,Demo,"{value}",2026-01-01\n', kind="deals")
    assert (seen.report.status, seen.column("amount")) == ("ready", [Decimal(amount)])


def test_money_of_several_countries_with_one_name_is_asked_about():
    text = 'deal_id,stage_raw,amount,created_at\n1,Demo,5 kr,2026-01-01\n2,Demo,"1 234,50 kr",2026-01-01\n'
    seen = look(text, "d.csv", kind="deals")
    assert seen.questions() == {"d.csv.amount.currency": ("SEK", "NOK", "DKK", "ISK")}
    answered = look(text, "d.csv", kind="deals", answers={"d.csv.amount.currency": "SEK"})
    assert answered.report.status == "ready"
    assert answered.column("amount") == [Decimal(5), Decimal("1234.5")]
    assert answered.column("currency") == ["SEK", "SEK"]


def test_a_letter_behind_the_number_is_a_scale_only_where_no_word_follows():
    seen = priced(["10k", "3 k\u20ac", "5 K\u010d"])
    assert seen.column("amount") == [Decimal(10000), Decimal(3000), Decimal(5)]


def test_amounts_without_a_sign_beside_others_are_counted():
    seen = priced(["$100", "200", "300"])
    assert seen.column("currency") == ["USD"] * 3
    assert "2 rows without a sign taken as USD" in seen.notes()

"""The command line as people, cron and other programs use it: answers on standard output, sentences beside it."""

import csv
import fcntl
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from scorecard import store as store_module
from scorecard.command import main
from scorecard.command_base import json_rows, printable, table, take_option, to_json
from scorecard.queries_readers import POOL

NOW = datetime(2026, 3, 2, 9, 0)
DEALS = """deal_id,name,stage_raw,status,amount,created_at,closed_at,source_raw,modified_at
d1,One,Closed Won,won,100.10,2026-01-05,2026-01-31,Events,2026-02-01
d2,Two,Closed Won,won,200.20,2026-01-06,2026-02-10,Webinar,2026-02-10
d3,Three,Closed Lost,lost,50,2026-01-07,2026-02-20,Events,2026-02-20
d4,Four,Proposal,open,70,2026-01-08,,Events,2026-02-21
"""
LATER = DEALS.replace("200.20", "250.20").replace("2026-02-10\n", "2026-02-22\n")
AMBIGUOUS = """deal_id,name,status,amount,closed_at
d1,One,won,100,01/02/2026
d2,Two,won,200,03/04/2026
"""


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Answer]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SCORECARD_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("SCORECARD_WHO", "Ann")
    monkeypatch.chdir(tmp_path)

    def call(*words: object, now: datetime = NOW) -> Answer:
        code = main([str(word) for word in words], now)
        seen = capsys.readouterr()
        assert "Traceback" not in seen.err
        return Answer(code, seen.out, seen.err)

    return call


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an export and the store it was loaded into; copied by those who use it."""
    folder = tmp_path_factory.mktemp("seed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARD_WHO", "Ann")
        export = write(folder, "deals.csv", DEALS)
        assert main(["load", str(export), "--full", "--store", str(folder / "store")], NOW) == 0
    POOL.close()
    return folder


@pytest.fixture
def loaded(seed: Path, run: Run, tmp_path: Path) -> Run:
    shutil.copytree(seed, tmp_path, dirs_exist_ok=True)
    return run


def current(run: Run) -> str:
    return next(row["id"] for row in run("snapshots", "--json").json if row["is_current"])


# -- load and check


def test_load_publishes_and_accounts_for_every_row(run: Run, tmp_path: Path) -> None:
    answer = run("load", write(tmp_path, "deals.csv", DEALS), "--json")
    assert answer.code == 0
    (file,) = answer.json["files"]
    assert answer.json["snapshot"] == current(run)
    assert (file["file"], file["kind"], file["rows_read"]) == ("deals.csv", "deals", 4)
    assert file["rows_read"] == file["rows_loaded"] + file["rows_quarantined"] + file["rows_not_data"]
    assert isinstance(file["notes"], list) and file["questions"] == []
    assert file["changes"] == [{"table": "deals", "added": 4, "changed": 0, "same": 0, "gone": 0}]


def test_check_shows_the_same_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    answer = run("check", write(tmp_path, "deals.csv", DEALS), "--json")
    assert answer.code == 0 and answer.json["snapshot"] is None
    assert answer.json["files"][0]["rows_loaded"] == 4
    assert not (tmp_path / "store").exists()


def test_an_open_question_blocks_and_shows_what_to_type(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path, "ours.csv", AMBIGUOUS)
    refused = run("load", path)
    assert refused.code == 2 and "Nothing was changed" in refused.err
    offered = [line.strip() for line in refused.out.splitlines() if line.strip().startswith("--answer")]
    assert offered
    assert run("snapshots").out.startswith("No snapshot")
    asked = run("check", path, "--json").json["files"][0]["questions"][0]
    assert set(asked) == {"key", "text", "choices"}
    answer = run("load", path, "--answer", f"{asked['key']}={asked['choices'][0]}")
    assert answer.code == 0 and "Published" in answer.out


def test_an_answer_is_remembered_for_next_weeks_file(run: Run, tmp_path: Path) -> None:
    first = write(tmp_path, "ours.csv", AMBIGUOUS)
    asked = run("check", first, "--json").json["files"][0]["questions"][0]
    run("load", first, "--answer", f"{asked['key']}=mdy")
    again = run("load", write(tmp_path, "next week.csv", AMBIGUOUS.replace("100", "120")))
    assert again.code == 0, again


def test_a_file_without_use_blocks_until_it_is_left_out(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    write(folder, "deals.csv", DEALS)
    write(folder, "notes.csv", "colour,shape\nred,round\nblue,square\n")
    assert run("load", folder).code == 2
    one_by_one = run("check", folder, "--answer", "notes.csv.kind=skip")
    assert one_by_one.code == 0 and "left out" in one_by_one.out
    assert run("load", folder, "--skip-unknown").code == 0


def test_a_file_that_cannot_be_read_blocks_until_it_is_left_out(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    write(folder, "deals.csv", DEALS)
    (folder / "plan.pdf").write_bytes(b"%PDF-1.7\n%abc\n1 0 obj\n")
    refused = run("load", folder)
    assert refused.code == 2 and "plan.pdf" in refused.out
    assert run("load", folder, "--answer", "plan.pdf.kind=skip").code == 0


def test_a_typing_error_is_not_skipped_with_the_unknown(run: Run, tmp_path: Path) -> None:
    answer = run("load", write(tmp_path, "deals.csv", DEALS), "--map", "amuont=amount", "--skip-unknown")
    assert answer.code == 2 and "amuont" in answer.out


def test_hidden_files_of_a_folder_are_not_loaded(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    write(folder / "deep", "deals.csv", DEALS)
    write(folder, ".hidden.csv", DEALS)
    write(folder / ".git", "x.csv", DEALS)
    write(folder, "~$deals.xlsx", "lock")
    answer = run("load", folder, "--json")
    assert answer.code == 0
    assert [file["file"] for file in answer.json["files"]] == ["deals.csv"]


def test_files_called_alike_are_told_apart_by_their_folders(run: Run, tmp_path: Path) -> None:
    one = write(tmp_path / "east", "deals.csv", DEALS)
    two = write(tmp_path / "west", "deals.csv", DEALS.replace("d", "e"))
    names = [file["file"] for file in run("check", one, two, "--as", "deals", "--json").json["files"]]
    assert names == ["east/deals.csv", "west/deals.csv"]


def test_weeks_loaded_in_one_call_know_a_video_by_its_own_name_and_count_a_person_once(
    run: Run, tmp_path: Path
) -> None:
    views = (
        "Date,IP Address,Email (if passed through),Percent of Video Viewed\n2026-0{week}-01 10:00:00,192.0.2.1,,85\n"
    )
    people = "person_id,email,created_at\n1,a@b.example,2026-01-01\n2,c@d.example,2026-01-02\n"
    for week in (1, 2):
        folder = tmp_path / f"week-{week}"
        write(folder, "product-tour.csv", views.replace("{week}", str(week)))
        write(folder, f"people-2026-0{week}-02.csv", people + f"{week + 2},x@y.example,2026-0{week}-01\n" * week)
    answer = run("load", tmp_path / "week-1", tmp_path / "week-2")
    assert answer.code == 0, answer
    assert "People records: 0 -> 4 (+4)" in answer.out
    videos = run("ask", "video_table", "--format", "json").json
    assert [(row["video_id"], row["plays"]) for row in videos] == [("product-tour", 2)]


def test_a_refused_file_among_others_says_how_to_load_the_others(run: Run, tmp_path: Path) -> None:
    deals, other = write(tmp_path, "deals.csv", DEALS), write(tmp_path, "facts.json", '{"a": 1}')
    answer = run("load", deals, other)
    assert answer.code == 2 and "add --answer 'facts.json.kind=skip', or --skip-unknown" in answer.err
    assert "--skip-unknown" not in run("load", other).err
    assert run("load", deals, other, "--answer", "facts.json.kind=skip").code == 0


def test_a_column_named_for_several_files_holds_for_those_that_have_it(run: Run, tmp_path: Path) -> None:
    deals = write(tmp_path, "deals.csv", DEALS.replace("created_at", "begun"))
    people = write(tmp_path, "people.csv", "person_id,email\n1,a@b.example\n")
    answer = run("load", deals, people, "--map", "amount=begun", "--set", "pipeline=New", "--json")
    assert answer.code == 2, "a date is no amount"
    answer = run("load", deals, people, "--map", "created_at=begun", "--set", "pipeline=New", "--json")
    assert answer.code == 0, answer
    told = {file["file"]: file["notes"] for file in answer.json["files"]}
    assert "Not for this file: --map created_at=begun, --set pipeline=New." in told["people.csv"]
    assert not any("Not for this file" in note for note in told["deals.csv"])
    before = current(run)
    refused = run("load", deals, people, "--map", "created_at=begin", "--skip-unknown")
    assert refused.code == 2 and "--map created_at=begin fits none of the files" in refused.err
    assert current(run) == before


def test_the_same_file_again_is_not_loaded_twice_and_says_since_when(loaded: Run, tmp_path: Path) -> None:
    before = current(loaded)
    answer = loaded("load", tmp_path / "deals.csv", "--json", now=datetime(2026, 3, 9, 9, 0))
    assert answer.code == 0 and answer.json["snapshot"] == before
    assert answer.json["files"][0]["already_loaded"] is True
    assert any("2026-03-02 09:00 by Ann" in note for note in answer.json["files"][0]["notes"])
    assert len(loaded("snapshots", "--json").json) == 1


def test_the_same_file_twice_in_one_call_is_loaded_once(run: Run, tmp_path: Path) -> None:
    one = write(tmp_path, "deals.csv", DEALS)
    two = write(tmp_path, "copy of deals.csv", DEALS)
    assert run("load", one, two).code == 0
    assert run("snapshots", "--json").json[-1]["imports"] == 1


def test_the_same_bytes_understood_anew_replace_the_old_import(loaded: Run, tmp_path: Path) -> None:
    answer = loaded("load", tmp_path / "deals.csv", "--map", "source_raw=name")
    assert answer.code == 0
    assert loaded("snapshots", "--json").json[-1]["imports"] == 1
    sources = {row["source"] for row in loaded("ask", "won_revenue", "--by", "source", "--format", "json").json}
    assert sources == {"One", "Two"}


def test_a_later_export_changes_what_changed(loaded: Run, tmp_path: Path) -> None:
    later = DEALS.replace("d4,Four,Proposal,open,70,2026-01-08,,Events,2026-02-21",
                          "d4,Four,Closed Won,won,70,2026-01-08,2026-02-25,Events,2026-02-25")  # fmt: skip
    path = write(tmp_path, "deals later.csv", later)
    changes = loaded("check", path, "--json").json["files"][0]["changes"]
    assert changes == [{"table": "deals", "added": 0, "changed": 1, "same": 3, "gone": 0}]
    assert loaded("load", path).code == 0
    assert loaded("ask", "won_revenue", "--format", "json").json[0]["numerator"] == 370.3


@pytest.mark.parametrize(
    "pattern", ["--store {store} load {file}", "load {file} --store {store}", "load {file} --store={store}"]
)
def test_the_store_may_be_named_before_or_after_the_command(run: Run, tmp_path: Path, pattern: str) -> None:
    path, elsewhere = write(tmp_path, "deals.csv", DEALS), tmp_path / "elsewhere"
    assert run(*pattern.format(store=elsewhere, file=path).split()).code == 0
    assert (elsewhere / "CURRENT").exists() and not (tmp_path / "store").exists()


def test_a_busy_store_is_exit_3(loaded: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "LOCK_WAIT_S", 0.2)
    path = write(tmp_path, "more.csv", DEALS.replace("100.10", "111"))
    with (tmp_path / "store" / "lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        answer = loaded("load", path)
    assert answer.code == 3 and "waiting" in answer.err and "still running" in answer.err
    assert loaded("load", path).code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("load", "missing.csv"),
        ("load",),
        ("load", "deals.csv", "--as-of", "yesterday"),
        ("load", "deals.csv", "--answer", "nothing"),
        ("load", "deals.csv", "--full", "--partial"),
        ("load", "deals.csv", "--as", "dreams"),
        ("frobnicate",),
        ("ask", "won_revenu"),
        ("ask", "won_revenue", "--colour", "blue"),
        ("ask", "won_revenue", "--from", "soon"),
        ("ask", "won_revenue", "--grain", "decade"),
        ("ask", "won_revenue", "--by", "colour"),
        ("ask", "won_revenue", "--format", "xml"),
        ("ask", "won_revenue", "--from"),
        ("ask", "won_revenue", "extra"),
        ("ask", "won_revenue", "--snapshot", "20990101"),
        ("ask", "--from", "2026-01-01"),
        ("ask", "records"),
        ("use", "20990101T000000-000000"),
        ("read", "missing.csv"),
        ("--store",),
    ],
)
def test_what_is_typed_wrongly_is_a_sentence_and_exit_2(loaded: Run, words: tuple[str, ...]) -> None:
    answer = loaded(*words)
    assert answer.code == 2
    said = (answer.err + answer.out).strip()
    assert said and "Error" not in said.split()[0]


def test_an_empty_store_says_what_to_do_first(run: Run) -> None:
    for words in (("ask", "won_revenue"), ("quarantine",), ("rebuild",)):
        answer = run(*words)
        assert answer.code == 2 and answer.err.count("\n") == 1, words


def test_a_store_that_cannot_be_written_is_a_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file, no folder")
    answer = run("load", write(tmp_path, "deals.csv", DEALS))
    assert answer.code == 2 and "cannot be read" in answer.err


# -- ask


def test_a_metric_is_rolled_up_with_its_rows(loaded: Run) -> None:
    (row,) = loaded("ask", "won_revenue", "--format", "json").json
    assert list(row) == ["metric", "period", "value", "numerator", "denominator", "entities"]
    assert (row["numerator"], row["entities"]) == (300.3, 2)


def test_money_is_printed_exactly_and_dates_as_iso(loaded: Run) -> None:
    out = loaded("ask", "won_revenue", "--from", "2026-01-01", "--grain", "month", "--format", "json").out
    assert '"numerator": 100.1,' in out and '"period": "2026-01-01"' in out


def test_to_is_excluded_and_from_is_included(loaded: Run) -> None:
    january = loaded("ask", "won_revenue", "--from", "2026-01-31", "--to", "2026-02-10", "--format", "json").json
    assert [row["numerator"] for row in january] == [100.1]


def test_a_dimension_gives_its_name_to_the_column(loaded: Run) -> None:
    rows = loaded("ask", "won_revenue", "--by", "source", "--format", "json").json
    assert {row["source"]: row["numerator"] for row in rows} == {"Events": 100.1, "Webinar": 200.2}


@pytest.mark.parametrize(
    "words",
    [
        ("--source", "Events"),
        ("--sources", "Events"),
        ("--param", "sources=Events"),
        ("--source=Events",),
        ("--source", "Events", "--source", "Nobody's"),
    ],
)
def test_a_filter_goes_by_its_singular_its_name_or_param(loaded: Run, words: tuple[str, ...]) -> None:
    (row,) = loaded("ask", *words, "won_revenue", "--format", "json").json
    assert row["numerator"] == 100.1


def test_repeating_a_filter_makes_a_list(loaded: Run) -> None:
    rows = loaded("ask", "won_revenue", "--source", "Events", "--source", "Webinar", "--format", "json").json
    assert rows[0]["numerator"] == 300.3


def test_what_the_files_cannot_give_is_a_sentence_and_no_rows(loaded: Run) -> None:
    as_json = loaded("ask", "spend", "--format", "json")
    assert as_json.code == 0 and as_json.json == [] and "not computable" in as_json.err
    as_table = loaded("ask", "spend")
    assert as_table.code == 0 and "Load a spend file" in as_table.out


def test_two_snapshots_are_compared_row_by_row(loaded: Run, tmp_path: Path) -> None:
    first = current(loaded)
    loaded("load", write(tmp_path, "later.csv", LATER))
    rows = loaded("ask", "won_revenue", "--compare-to", first, "--format", "json").json
    assert [(row["snapshot"], row["numerator"]) for row in rows] == [(current(loaded), 350.3), (first, 300.3)]
    assert loaded("ask", "won_revenue", "--snapshot", first, "--format", "json").json[0]["numerator"] == 300.3


def test_csv_of_an_answer_can_be_read_back(loaded: Run) -> None:
    out = loaded("ask", "won_revenue", "--by", "source", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["source"]: row["numerator"] for row in rows} == {"Events": "100.1", "Webinar": "200.2"}


# -- the other commands


def test_queries_lists_every_metric_with_its_definition(run: Run) -> None:
    out = run("queries").out
    assert "won_revenue (metric): Won revenue" in out
    listed = run("queries", "--json").json
    assert all(query["definition"] for query in listed if query["kind"] == "metric")


def test_rolling_back_brings_the_old_numbers_and_a_load_goes_on_from_there(loaded: Run, tmp_path: Path) -> None:
    first = current(loaded)
    loaded("load", write(tmp_path, "wrong.csv", LATER.replace("250.20", "900")))
    assert loaded("ask", "won_revenue", "--format", "json").json[0]["numerator"] != 300.3
    assert loaded("use", first).code == 0
    assert loaded("ask", "won_revenue", "--format", "json").json[0]["numerator"] == 300.3
    assert current(loaded) == first
    users = write(tmp_path, "users.csv", "owner,name,team\nann,Ann,East\n")
    assert loaded("load", users, "--as", "users").code == 0
    assert loaded("ask", "won_revenue", "--format", "json").json[0]["numerator"] == 300.3


BAD = """deal_id,name,status,amount,closed_at,modified_at
d1,=cmd|' /C calc'!A0,won,100,2026-01-31,2026-02-01
@d2,+Two,won,a lot,2026-02-10,2026-02-11
"""


def test_quarantine_shows_every_refused_row_and_runs_nothing_in_a_spreadsheet(run: Run, tmp_path: Path) -> None:
    answer = run("load", write(tmp_path, "bad.csv", BAD), "--json")
    assert answer.code == 0, answer
    assert answer.json["files"][0]["rows_quarantined"] == 1
    out = run("quarantine", "--format", "csv").out
    (row,) = list(csv.DictReader(io.StringIO(out)))
    assert (row["file"], row["line"]) == ("bad.csv", "3") and row["reason"]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row.values())
    assert "@d2" in row["raw"]
    assert run("quarantine", "--format", "json").json[0]["raw"].startswith("@d2")


def test_rebuild_from_raw_gives_the_same_numbers(loaded: Run, tmp_path: Path) -> None:
    loaded("load", write(tmp_path, "later.csv", LATER))
    before = loaded("ask", "records", "--metric", "won_revenue", "--format", "csv").out
    rows = loaded("snapshots", "--json").json[-1]["rows"]
    assert loaded("rebuild").code == 0
    assert loaded("ask", "records", "--metric", "won_revenue", "--format", "csv").out == before
    assert loaded("snapshots", "--json").json[-1]["rows"] == rows


def test_rebuild_keeps_what_was_answered_and_mapped(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path, "ours.csv", AMBIGUOUS.replace("status", "how it went"))
    key = "ours.csv.closed_at.date_order"
    said = ("--map", "status=how it went", "--answer", f"{key}=mdy", "--set", "source_raw=Events")
    asked = run("load", path, "--as", "deals", *said)
    assert asked.code == 0, asked
    before = run("ask", "records", "--metric", "won_revenue", "--format", "csv").out
    rebuilt = run("rebuild")
    assert rebuilt.code == 0, rebuilt
    assert run("ask", "records", "--metric", "won_revenue", "--format", "csv").out == before
    assert "2026-01-02" in before and "2026-03-04" in before


def test_a_lost_snapshot_is_built_again_when_somebody_asks(loaded: Run, tmp_path: Path) -> None:
    for path in (tmp_path / "store" / "snapshots").glob("*.duckdb"):
        path.unlink()
    answer = loaded("ask", "won_revenue", "--format", "json")
    assert answer.code == 0 and answer.json[0]["numerator"] == 300.3


def test_read_prints_the_table_as_understood(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path, "odd.csv", "My report\n\nName;Amount\nAnn;1,5\nBen;\n")
    answer = run("read", path)
    assert answer.out == 'Name,Amount\nAnn,"1,5"\nBen,\n' and "above the header" in answer.err
    assert run("read", path, "--format", "json").json[0] == {"Name": "Ann", "Amount": "1,5"}


def test_sample_writes_the_same_files_for_the_same_seed(run: Run, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        assert run("sample", "--seed", 3, "--people", 60, "--out", tmp_path / folder).code == 0
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / folder).rglob("*.csv")} for folder in ("a", "b"))
    assert one and one == two


def test_help_is_given_for_everything(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert "commands" in run().out
    assert "--from DATE" in run("ask", "--help").out


# -- printing


def test_nothing_from_data_controls_the_terminal() -> None:
    assert printable("a\x1b[31mb\x07") == "a·[31mb·"
    assert "\x1b" not in table([{"a": "\x1b[2J"}], ["a"])


def test_json_keeps_every_digit_and_has_no_nan() -> None:
    from decimal import Decimal

    assert to_json({"a": Decimal("12345678901234.5600"), "b": float("nan"), "c": Decimal(1200)}) == (
        '{"a": 12345678901234.56, "b": null, "c": 1200}'
    )
    assert json.loads(json_rows([{"x": "\u2028\"'"}])) == [{"x": "\u2028\"'"}]


def test_an_option_is_taken_wherever_it_stands() -> None:
    assert take_option(["a", "--store", "x", "b"], "--store") == ("x", ["a", "b"])
    assert take_option(["a", "--", "--store", "x"], "--store") == (None, ["a", "--", "--store", "x"])

"""Rows out of quarantine: downloaded, mended, loaded again; they count once, and the rest stays where it is."""

import csv
import io
import os
import shutil
import time
from pathlib import Path

import pytest

from scorecard.command import main
from scorecard.queries_readers import POOL
from tests.unit.test_cli import NOW, Answer, Run, run, write

__all__ = ["NOW", "run"]
# Day first and decimal commas are plain from the whole file only; three rows cannot be read.
LINES = [f"d{n};Deal {n};won;1.{n:03d},50;{n % 28 + 1:02d}/05/2025;10/06/2025;ann{n}@x.com" for n in range(30)]
BAD = [
    "d40;Alder;won;abc;03/04/2025;05/06/2025;bea@x.com",
    "d41;=Birch;won;1.200;2025-99-01;;cid@x.com",
    "d42;too;many;1;03/04/2025;05/06/2025;dan@x.com;7;8",
]
DEALS = "\n".join(["deal_id;name;status;amount;created_at;closed_at;owner", *LINES, *BAD]) + "\n"


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def save(folder: Path, rows: list[dict[str, str]], name: str = "mended.csv") -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return write(folder, name, out.getvalue())


def quarantine(run: Run, *words: str) -> list[dict[str, str]]:
    return rows_of(run("quarantine", "--format", "csv", *words).out)


@pytest.fixture(scope="module")
def mendable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three rows in quarantine; copied by those who mend them."""
    folder = tmp_path_factory.mktemp("mendable")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARD_WHO", "Ann")
        export = write(folder, "deals-2026-02-28.csv", DEALS)
        assert main(["load", str(export), "--store", str(folder / "store")], NOW) == 0
    POOL.close()
    return folder


@pytest.fixture
def loaded(mendable: Path, run: Run, tmp_path: Path) -> Run:
    shutil.copytree(mendable, tmp_path, dirs_exist_ok=True)
    assert len(quarantine(run)) == 3
    return run


def deals(run: Run) -> dict[str, dict[str, str]]:
    found = rows_of(run("ask", "records", "--metric", "won_deals", "--format", "csv").out)
    return {row["entity_id"]: row for row in found}


def accounts(answer: Answer) -> list[tuple[int, int, int, int]]:
    names = ("rows_read", "rows_loaded", "rows_quarantined", "rows_not_data")
    found = [tuple(file[name] for name in names) for file in answer.json["files"]]
    assert all(read == sum(rest) for read, *rest in found)
    return found  # pyright: ignore[reportReturnType]


@pytest.mark.parametrize("words", [(), ("--of", "deals-2026-02-28.csv")], ids=["as listed", "in its own columns"])
def test_a_mended_row_is_added_once_and_leaves_the_quarantine(words: tuple[str, ...], loaded: Run, tmp_path: Path):
    rows = quarantine(loaded, *words)
    for row in rows:
        if words and row["deal_id"] == "d40":
            row["amount"] = "2.000"
        elif not words:
            row["raw"] = row["raw"].replace(";abc;", ";2.000;")
    path = save(tmp_path, rows)
    answer = loaded("load", path, "--json")
    assert answer.code == 0, answer
    assert accounts(answer) == [(1, 1, 0, 0), (2, 0, 0, 2)]
    found = deals(loaded)
    assert len(found) == 31
    # Read as its file was: two thousand, in April.
    amounts = rows_of(loaded("ask", "won_revenue", "--from", "2025-01-01", "--format", "csv").out)
    assert float(amounts[0]["value"]) == pytest.approx(sum(1000 + n + 0.5 for n in range(30)) + 2000)
    assert found["d40"]["happened_on"].startswith("2025-06-05")
    assert sorted(row["line"] for row in quarantine(loaded)) == ["33", "34"]
    # The same again is nothing new; a rebuild from raw says the same.
    again = loaded("load", path, "--json")
    assert again.code == 0 and [file["status"] for file in again.json["files"]] == ["skipped"]
    assert loaded("rebuild").code == 0
    assert len(deals(loaded)) == 31 and len(quarantine(loaded)) == 2


def test_what_is_masked_or_made_safe_in_the_download_comes_back_as_it_was(loaded: Run, tmp_path: Path) -> None:
    rows = quarantine(loaded, "--of", "deals-2026-02-28.csv")
    birch = next(row for row in rows if row["deal_id"] == "d41")
    assert birch["name"] == "'=Birch"
    birch |= {"created_at": "01/09/2025", "closed_at": "02/09/2025", "owner": "c•••@x.com"}
    assert loaded("load", save(tmp_path, [birch])).code == 0
    found = deals(loaded)["d41"]
    assert (found["label"], found["owner"]) == ("'=Birch", "cid@x.com")


def test_a_row_still_bad_stays_in_quarantine_once_with_its_new_reason(loaded: Run, tmp_path: Path) -> None:
    rows = quarantine(loaded, "--of", "deals-2026-02-28.csv")
    alder = next(row for row in rows if row["deal_id"] == "d40") | {"amount": "much"}
    answer = loaded("load", save(tmp_path, [alder]), "--json", "--answer", "amount.unreadable=quarantine")
    assert accounts(answer) == [(1, 0, 1, 0)]
    listed = quarantine(loaded)
    assert len(listed) == 3
    assert [row["reason"] for row in listed if "mended" in row["file"]] == ["“much” in “amount” is no amount."]
    # and may be mended from there
    again = quarantine(loaded, "--of", "deals-2026-02-28.csv (mended rows)")
    assert loaded("load", save(tmp_path, [again[0] | {"amount": "5"}], "second.csv")).code == 0
    assert len(quarantine(loaded)) == 2 and "d40" in deals(loaded)


def test_rows_of_no_file_are_refused_in_a_sentence(loaded: Run, tmp_path: Path) -> None:
    rows = quarantine(loaded)
    rows[0]["file"] = "other.csv"
    answer = loaded("load", save(tmp_path, rows))
    assert answer.code == 2
    assert "quarantine_file" in answer.out and "Nothing was changed" in answer.err


def test_next_weeks_file_is_weighed_against_the_file_not_against_mended_rows(loaded: Run, tmp_path: Path) -> None:
    rows = quarantine(loaded, "--of", "deals-2026-02-28.csv")
    alder = next(row for row in rows if row["deal_id"] == "d40") | {"amount": "2.000"}
    assert loaded("load", save(tmp_path, [alder])).code == 0
    later = write(tmp_path, "deals-2026-03-01.csv", DEALS.replace(";won;", ";open;", 1).replace(";abc;", ";5;"))
    answer = loaded("check", later, "--json")
    assert answer.code == 0
    assert all(finding["severity"] == "warn" for finding in answer.json["files"][0]["contract"])
    newest = rows_of(loaded("ask", "freshness", "--format", "csv").out)
    assert [(row["file"], row["rows_loaded"], row["rows_quarantined"]) for row in newest] == [
        ("deals-2026-02-28.csv", "31", "2")
    ]


def test_a_doubled_id_is_settled_by_giving_back_one_copy(run: Run, tmp_path: Path) -> None:
    text = "deal_id,name,status,amount,closed_at\n" + "".join(f"e{n},Deal {n},won,100,2026-02-01\n" for n in range(300))
    doubled = "e7,Deal 7,won,200,2026-02-01\n"
    assert run("load", write(tmp_path, "deals-2026-02-28.csv", text + doubled)).code == 0
    rows = quarantine(run, "--of", "deals-2026-02-28.csv")
    assert [row["deal_id"] for row in rows] == ["e7", "e7"]
    kept = [row for row in rows if row["amount"] == "200"]
    answer = run("load", save(tmp_path, kept), "--json")
    assert accounts(answer) == [(1, 1, 0, 0)]
    assert len(deals(run)) == 300


def test_an_ordinary_file_with_such_words_is_no_quarantine(run: Run, tmp_path: Path) -> None:
    text = "deal_id,name,status,amount,closed_at,reason,deadline,profile,draw\nd1,One,won,1,2026-02-01,x,2,a,b\n"
    path = write(tmp_path, "deals.csv", text)
    assert run("check", path, "--json").json["files"][0]["kind"] == "deals"


def test_mended_rows_dropped_into_the_inbox_are_done(
    loaded: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    monkeypatch.setenv("SCORECARD_INBOX", str(inbox))
    rows = quarantine(loaded, "--of", "deals-2026-02-28.csv")
    path = save(inbox, [row | {"amount": "2.000"} for row in rows if row["deal_id"] == "d40"])
    os.utime(path, (settled := time.time() - 60, settled))
    answer = loaded("load", "--inbox")
    assert answer.code == 0, answer
    assert (inbox / "done" / "mended.csv").exists()
    assert "1 rows read = 1 loaded" in (inbox / "done" / "mended.csv.note.txt").read_text(encoding="utf-8")

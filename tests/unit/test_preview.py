"""Before anything is saved: which records, totals, joins, columns and words it would change; and nothing is left."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.test_cli import DEALS, LATER, Run, loaded, run, seed, write

__all__ = ["loaded", "run", "seed"]
PEOPLE = "person_id,email,name,created_at,source_raw,owner\np1,ann@x.com,Ann,2026-01-01,Events,Tom\n"
VIEWS = "at,email,video_id,pct\n2026-01-02,ann@x.com,v1,0.5\n2026-01-03,bob@x.com,v1,0.9\n"


def checked(run: Run, *words: object) -> Any:
    answer = run("check", *words, "--json")
    assert answer.code == 0, answer
    return answer.json


def test_the_records_behind_the_counts_are_listed_with_what_changes(loaded: Run, tmp_path: Path) -> None:
    text = LATER.replace("d4,Four,Proposal,open,70,2026-01-08,,Events,2026-02-21\n", "") + (
        "d5,Five,Proposal,open,90,2026-02-22,,Events,2026-02-22\n"
    )
    said = checked(loaded, write(tmp_path, "deals.csv", text), "--full")
    file = said["files"][0]
    records = {(row["what"], row["record"]): row for row in file["records"]}
    assert set(records) == {("changed", "d2"), ("new", "d5"), ("gone", "d4")}
    assert "amount: 200.2 → 250.2" in records["changed", "d2"]["change"]
    assert records["gone", "d4"]["label"].startswith("Four")
    assert {row["table"] for row in file["records"]} == {"deals"}
    plain = loaded("check", tmp_path / "deals.csv", "--full").out
    assert "changed: d2 Two" in plain and "gone: d4 Four" in plain and "Won revenue: 300 -> 350" in plain


def test_totals_joins_and_unknown_words_are_those_of_the_publication(loaded: Run, tmp_path: Path) -> None:
    new_words = DEALS.replace("d4,Four,Proposal", "d4,Four,Legal dance").replace(
        "70,2026-01-08,,Events", "70,2026-01-08,,Skywriting"
    )
    files = [write(tmp_path, "people.csv", PEOPLE), write(tmp_path, "views.csv", VIEWS)]
    files.append(
        write(tmp_path, "deals-2026-02-28.csv", new_words.replace("200.20", "250.20").replace("open,70", ",70"))
    )
    said = checked(loaded, *files)
    joins = {row["link"]: row for row in said["joins"]}
    assert (joins["view to person"]["joined_after"], joins["view to person"]["records_after"]) == (1, 2)
    assert joins["view to person"]["before"] is None and joins["view to person"]["after"] == 0.5
    assert joins["deal to person"]["records_before"] == 4
    totals = {row["metric"]: row for row in said["totals"]}
    assert totals["won_revenue"]["before"] == pytest.approx(300.3)
    assert totals["won_revenue"]["after"] == pytest.approx(350.3)
    assert [(row["what"], row["word"]) for row in said["unmapped"]] == [
        ("source", "Skywriting"),
        ("stage", "Legal dance"),
    ]
    answer = loaded("load", *files)
    assert answer.code == 0
    published = float(
        loaded("ask", "won_revenue", "--from", "2026-01-01", "--format", "csv").out.splitlines()[1].split(",")[2]
    )
    assert published == totals["won_revenue"]["after"]


def test_trying_it_out_leaves_nothing_behind(loaded: Run, tmp_path: Path) -> None:
    before = sorted(str(path) for path in (tmp_path / "store").rglob("*"))
    checked(loaded, write(tmp_path, "deals-2026-02-28.csv", LATER))
    assert sorted(str(path) for path in (tmp_path / "store").rglob("*")) == before


def test_the_columns_gone_new_and_renamed_are_shown(run: Run, tmp_path: Path) -> None:
    text = "deal_id,name,status,amount,closed_at,region,colour\n" + "".join(
        f"d{n},Deal {n},won,{n}00,2026-02-01,EMEA,red\n" for n in range(1, 9)
    )
    assert run("load", write(tmp_path, "deals-2026-02-20.csv", text)).code == 0
    later = text.replace("amount", "value").replace("region", "regoin").replace("colour", "shape")
    said = checked(run, write(tmp_path, "deals-2026-02-27.csv", later))
    columns = said["files"][0]["columns"]
    assert columns["before"] == "deals-2026-02-20.csv"
    renamed = {(one["was"], one["now"], one["sure"]) for one in columns["renamed"]}
    assert ("amount", "value", True) in renamed
    assert ("region", "regoin", False) in renamed
    assert (columns["gone"], columns["new"]) == (["colour"], ["shape"])
    offered = {item["header"]: item["canonical"] for item in said["files"][0]["to_confirm"]}
    assert offered["regoin"] == "region"
    assert "“region” may be “regoin” now" in run("check", tmp_path / "deals-2026-02-27.csv").out


def test_an_owner_in_no_list_of_users_is_a_to_do_where_there_is_a_list(run: Run, tmp_path: Path) -> None:
    deals = write(tmp_path, "deals.csv", DEALS.replace("modified_at", "owner").replace("2026-02-01\n", "Tom\n"))
    assert not [row for row in checked(run, deals)["unmapped"] if row["what"] == "owner"]
    users = write(tmp_path, "users.csv", "owner,name,team\n1,Tom,Sales\n")
    words = {row["word"] for row in checked(run, deals, users)["unmapped"] if row["what"] == "owner"}
    assert "Tom" not in words and len(words) == 3

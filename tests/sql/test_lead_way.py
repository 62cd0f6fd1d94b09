"""Stages of a lead are data: their names, words and places, their dates from a history, and steps back as rework."""

from datetime import datetime
from typing import Any

from scorecard.book import BookCopy, StageRule
from tests.sql.model import Snapshot, write_import

FIRST, LAST = datetime(2026, 11, 8), datetime(2026, 11, 15)
HANDED = datetime(2026, 11, 2, 10)


def lead(name: str, stage: str = "MQL", **more: Any) -> dict[str, Any]:
    said = {"email": f"{name}@example.com", "company_name": "Acme", "source_raw": "Webinar", "lifecycle_stage": stage}
    return {"person_id": name, "created_at": datetime(2026, 11, 1), "mql_at": HANDED, **said, **more}


def deal(name: str, stage: str, who: str) -> dict[str, Any]:
    made = {"created_at": datetime(2026, 11, 3), "amount": 10, "primary_person_id": who, "pipeline": "New"}
    return {"deal_id": name, "stage_raw": stage, "status": "open", **made}


def test_a_step_back_of_a_lead_or_of_its_deal_is_rework_and_a_step_on_is_not(tmp_path) -> None:
    names = ("on", "back", "deal back", "deal on", "still")
    before = [lead(name, "Sales Qualified Lead" if name == "back" else "Marketing Qualified Lead") for name in names]
    after = [
        lead(name, "Sales Qualified Lead" if name == "on" else "Marketing Qualified Lead", score=1) for name in names
    ]
    stages = {"deal back": ("Proposal", "Discovery"), "deal on": ("Discovery", "Proposal")}
    imports = [
        write_import(tmp_path, "people", before, as_of=FIRST),
        write_import(tmp_path, "people", after, as_of=LAST),
        write_import(tmp_path, "deals", [deal(name, pair[0], name) for name, pair in stages.items()], as_of=FIRST),
        write_import(tmp_path, "deals", [deal(name, pair[1], name) for name, pair in stages.items()], as_of=LAST),
    ]
    rules = (
        StageRule("", "discovery", "Discovery", "open", 1),
        StageRule("", "proposal", "Proposal", "open", 3),
        StageRule("New", "discovery", "Discovery", "open", 2),  # the pipeline's own place goes before the common one
    )
    shot = Snapshot(tmp_path / "back.duckdb", imports, BookCopy(stage_map=rules))
    found = dict(
        shot.table(
            "select person_id, rework from friction_fact inner join handoff_fact"
            " on friction_fact.person_key = handoff_fact.person_key"
        )
    )
    assert found == {"on": 0, "back": 1, "deal back": 1, "deal on": 0, "still": 0}
    unordered = Snapshot(tmp_path / "unordered.duckdb", imports)
    assert unordered.table("select sum(rework) from friction_fact") == [(1,)], "no place in the row, no step back"


def test_names_and_words_of_the_stages_are_typed_and_a_history_fills_missing_dates(snapshot) -> None:
    people = [lead("a"), lead("b")]
    history = [
        {"entity": "lead", "entity_id": "a", "stage": "Worked by SDR", "entered_at": datetime(2026, 11, 3)},
        {"entity": "lead", "entity_id": "a", "stage": "SQL", "entered_at": datetime(2026, 11, 4)},
    ]
    plain = [row["stage"] for row in snapshot(people=people, stage_events=history).ask("lead_stages")]
    assert plain == ["Inquiry", "MQL", "SQL"], "nobody knows that word"
    rules = (
        StageRule("leads", "worked by sdr", "Taken by Sales", "open", 3),
        StageRule("Leads", "mql", "Handed over", "open", 2),
    )
    shot = snapshot(book=BookCopy(stage_map=rules), people=people, stage_events=history)
    rows = {row["stage"]: row for row in shot.ask("lead_stages")}
    assert list(rows) == ["Inquiry", "Handed over", "Taken by Sales", "SQL"]
    assert (rows["Handed over"]["entered"], rows["Handed over"]["moved_on"]) == (2, 1)
    assert rows["Taken by Sales"]["median_days"] == 1

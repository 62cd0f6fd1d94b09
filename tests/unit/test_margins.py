"""A margin given as a share is never added up as money: read, asked about, or left out with a sentence."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from scorecard.command import main
from tests.command_line import ask

AMOUNTS = (20_000, 30_000, 50_000)


def deals(folder: Path, margins: tuple[str, ...], header: str = "margin") -> Path:
    rows = [f"deal_id,name,status,closed_at,created_at,amount,{header}"]
    for at, (money, margin) in enumerate(zip(AMOUNTS, margins, strict=True)):
        quoted = f'"{margin}"' if "," in margin else margin
        rows.append(f"{at},Deal {at},won,2026-10-0{at + 1},2026-09-01,{money},{quoted}")
    path = folder / "deals.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def loaded(tmp_path: Path, path: Path, *options: str) -> dict[str, Any]:
    """What `load` says, as JSON."""
    told = io.StringIO()
    with redirect_stdout(told), redirect_stderr(io.StringIO()):
        code = main(
            ["load", str(path), "--as-of", "2026-11-01", "--json", *options, "--store", str(tmp_path / "store")]
        )
    return {"code": code, **json.loads(told.getvalue())}


def margin(tmp_path: Path) -> float | None:
    (row,) = ask(tmp_path / "store", "acquisition")
    return row["margin_share"]


@pytest.mark.parametrize("margins", [("35%", "35%", "35%"), ("0.35", "0.35", "0.35"), ("35.0 %", "40 %", "32 %")])
def test_a_margin_as_a_share_is_worked_out_of_the_amount(tmp_path: Path, margins: tuple[str, ...]) -> None:
    said = loaded(tmp_path, deals(tmp_path, margins))
    assert said["code"] == 0
    assert any("is a share of “amount”" in note for note in said["files"][0]["notes"])
    assert margin(tmp_path) == pytest.approx(0.35)


def test_a_margin_in_money_stays_and_is_not_asked_about(tmp_path: Path) -> None:
    said = loaded(tmp_path, deals(tmp_path, ("7000", "10500", "17500")))
    assert said["code"] == 0 and not any("share" in note for note in said["files"][0]["notes"])
    assert margin(tmp_path) == pytest.approx(0.35)


@pytest.mark.parametrize("margins", [("35", "40", "32"), ("35%", "40", "32")])
def test_what_nobody_can_tell_is_left_out_with_the_next_step_and_can_be_said_later(
    tmp_path: Path, margins: tuple[str, ...]
) -> None:
    path = deals(tmp_path, margins)
    said = loaded(tmp_path, path)
    assert said["code"] == 0 and margin(tmp_path) is None
    (note,) = [text for text in said["files"][0]["notes"] if "percentage or money" in text]
    assert "--answer 'deals.csv.margin.unit=percent'" in note
    again = loaded(tmp_path, path, "--answer", "deals.csv.margin.unit=percent")
    assert again["code"] == 0 and margin(tmp_path) == pytest.approx(0.35)


def test_a_share_of_an_amount_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    path = deals(tmp_path, ("35%", "40%", "32%"))
    path.write_text(path.read_text().replace("amount", "colour"), encoding="utf-8")
    said = loaded(tmp_path, path)
    assert said["code"] == 0 and any("no column says of which amount" in note for note in said["files"][0]["notes"])

"""No leak, through the front door: later facts loaded on top change nothing of what was said on a past date."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.command_line import ask, load
from tests.sql.model import AS_OF
from tests.sql.test_close_probability import made_deals

DAY = AS_OF - timedelta(days=90 + 28)


def typed(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def loaded(folder: Path, store: Path, known_on: datetime) -> None:
    rows = made_deals(3000, 4, known_on)
    path = folder / f"deals-{known_on:%Y-%m-%d}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for row in rows:
            writer.writerow({**row, "created_at": typed(row["created_at"]), "closed_at": typed(row["closed_at"])})
    load(store, path, "--as", "deals", "--as-of", f"{known_on:%Y-%m-%d}", "--answer", "contract.stale=accept")


def test_later_exports_change_nothing_said_on_a_past_date(tmp_path: Path) -> None:
    store = tmp_path / "store"
    loaded(tmp_path, store, DAY)
    said = [row["probability"] for row in ask(store, "close_probability") if row["probability"] is not None]
    loaded(tmp_path, store, AS_OF)
    tested = [row for row in ask(store, "calibration") if row["as_of"] == f"{DAY:%Y-%m-%d}"]
    assert sum(row["n"] for row in tested) == len(said) > 200
    assert sum(row["n"] * row["predicted"] for row in tested) == pytest.approx(sum(said), abs=1e-6)

"""A team's weekly exports of deals and people that grow steadily, and what can be wrong with one of them."""

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

FIRST = date(2026, 1, 4)
START = datetime(2025, 1, 6, 9, 0)
DEAL_HEADER = (
    *("deal_id", "name", "stage_raw", "pipeline", "amount", "currency", "created_at", "closed_at"),
    *("source_raw", "owner", "company_name", "modified_at"),
)
PEOPLE_HEADER = (
    *("person_id", "name", "email", "created_at", "source_raw", "lifecycle_stage", "owner", "company_name"),
    "modified_at",
)
SOURCES = ("Organic Search", "Paid Search", "Outbound", "Webinar", "Referral")
OWNERS = ("Ann", "Ben", "Cleo", "Dan")
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Export:
    """One file: its header and rows, as text."""

    name: str
    header: tuple[str, ...]
    rows: Rows

    def write(self, folder: Path) -> Path:
        out = io.StringIO()
        writer = csv.DictWriter(out, self.header, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(self.rows)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / self.name
        path.write_text(out.getvalue(), encoding="utf-8")
        return path


def day_of(week: int) -> date:
    return FIRST + timedelta(weeks=week)


def _text(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def deals(week: int, seed: int = 1) -> Export:
    """All deals as they stand at the end of that week's Sunday."""
    chance = random.Random(seed)
    until = datetime.combine(day_of(week), datetime.max.time())
    rows: Rows = []
    created, number = START, 0
    while created <= until:
        number += 1
        decided = created + timedelta(days=chance.uniform(15, 110), hours=chance.uniform(0, 9))
        outcome = chance.choices(("Closed Won", "Closed Lost", ""), (30, 50, 20))[0]
        amount, source, owner = chance.randrange(50, 900) * 100, chance.choice(SOURCES), chance.choice(OWNERS)
        is_closed = bool(outcome) and decided <= until
        step = created + timedelta(days=chance.uniform(3, 12))
        stage = outcome if is_closed else ("Proposal" if step <= until else "Qualification")
        rows.append(
            {
                "deal_id": str(7000 + number),
                "name": f"Deal {number}",
                "stage_raw": stage,
                "pipeline": "New business",
                "amount": str(amount),
                "currency": "USD",
                "created_at": _text(created),
                "closed_at": _text(decided) if is_closed else "",
                "source_raw": source,
                "owner": owner,
                "company_name": f"Company {number % 90}",
                "modified_at": _text(decided if is_closed else (step if step <= until else created)),
            }
        )
        created += timedelta(hours=chance.uniform(20, 55))
    return Export(f"deals-{day_of(week):%Y-%m-%d}.csv", DEAL_HEADER, rows)


def people(week: int, seed: int = 1) -> Export:
    """All people as they stand at the end of that week's Sunday; one in twelve has no address."""
    chance = random.Random(seed + 1000)
    until = datetime.combine(day_of(week), datetime.max.time())
    rows: Rows = []
    created, number = START, 0
    while created <= until:
        number += 1
        touched = created + timedelta(days=chance.uniform(0, 30))
        address = "" if chance.random() < 1 / 12 else f"person{number}@company{number % 90}.example"
        rows.append(
            {
                "person_id": str(90000 + number),
                "name": f"Person {number}",
                "email": address,
                "created_at": _text(created),
                "source_raw": chance.choice(SOURCES),
                "lifecycle_stage": "Lead" if touched > until else "Marketing Qualified Lead",
                "owner": chance.choice(OWNERS),
                "company_name": f"Company {number % 90}",
                "modified_at": _text(touched if touched <= until else created),
            }
        )
        created += timedelta(hours=chance.uniform(12, 36))
    return Export(f"people-{day_of(week):%Y-%m-%d}.csv", PEOPLE_HEADER, rows)


@dataclass(frozen=True)
class Defect:
    """One thing that goes wrong with an export, and the checks or topics of which one must name it."""

    name: str
    named_by: tuple[str, ...]
    make: Callable[[int, int, Path], Path]  # week, seed, folder -> the broken file


def _each(change: Callable[[dict[str, str], int], dict[str, str] | None]) -> Callable[[int, int, Path], Path]:
    """A defect of the deals, row by row; None leaves the row out."""

    def make(week: int, seed: int, folder: Path) -> Path:
        export = deals(week, seed)
        rows = [row for number, old in enumerate(export.rows) if (row := change(dict(old), number)) is not None]
        return Export(export.name, export.header, rows).write(folder)

    return make


def _put(**values: str) -> Callable[[dict[str, str], int], dict[str, str]]:
    return lambda row, _number: {**row, **values}


def _some(
    every: int, change: Callable[[dict[str, str], int], dict[str, str] | None]
) -> Callable[[dict[str, str], int], dict[str, str] | None]:
    return lambda row, number: change(row, number) if number % every == 0 else row


def _times(factor: float) -> Callable[[dict[str, str], int], dict[str, str]]:
    return lambda row, _number: {**row, "amount": f"{float(row['amount']) * factor:.2f}"}


def _won(change: Callable[[dict[str, str]], dict[str, str] | None]) -> Callable[..., dict[str, str] | None]:
    return lambda row, _number: change(row) if row["stage_raw"] == "Closed Won" else row


def _now(**values: str) -> Callable[[dict[str, str]], dict[str, str]]:
    return lambda row: {**row, **values}


def _swapped(row: dict[str, str], _number: int) -> dict[str, str]:
    return {
        **row,
        "created_at": row["closed_at"] or row["created_at"],
        "closed_at": row["closed_at"] and row["created_at"],
    }


def _day_and_month_swapped(row: dict[str, str], _number: int) -> dict[str, str]:
    year, month, day = row["created_at"][:10].split("-")
    return {**row, "created_at": f"{year}-{day}-{month}{row['created_at'][10:]}"} if int(day) <= 12 else row


def _copied(every: int) -> Callable[[int, int, Path], Path]:
    def make(week: int, seed: int, folder: Path) -> Path:
        export = deals(week, seed)
        copies = [{**row, "amount": f"{float(row['amount']) + 7}"} for row in export.rows[::every]]
        return Export(export.name, export.header, [*export.rows, *copies]).write(folder)

    return make


def _header(change: Callable[[tuple[str, ...]], Sequence[str]], named: str = "", as_: str = "") -> Callable[..., Path]:
    def make(week: int, seed: int, folder: Path) -> Path:
        export = deals(week, seed)
        rows = [{**row, as_: row[named]} for row in export.rows] if named else export.rows
        return Export(export.name, tuple(change(export.header)), rows).write(folder)

    return make


def _under_name_of(week: int, path: Path) -> Path:
    return path.rename(path.with_name(f"deals-{day_of(week):%Y-%m-%d}.csv"))


def _of_week(earlier: int) -> Callable[[int, int, Path], Path]:
    return lambda week, seed, folder: _under_name_of(week, deals(week - earlier, seed).write(folder))


def _people(change: Callable[[dict[str, str], int], dict[str, str]]) -> Callable[[int, int, Path], Path]:
    def make(week: int, seed: int, folder: Path) -> Path:
        export = people(week, seed)
        rows = [change(dict(row), number) for number, row in enumerate(export.rows)]
        return Export(export.name, export.header, rows).write(folder)

    return make


def _late(week: int, seed: int, folder: Path) -> Path:
    export = deals(week - 2, seed)
    return Export(export.name, export.header, [*export.rows[1:], {**export.rows[0], "amount": "1"}]).write(folder)


def _as_deals(week: int, seed: int, folder: Path) -> Path:
    return _under_name_of(week, people(week, seed).write(folder))


def _bytes(content: bytes) -> Callable[[int, int, Path], Path]:
    def make(week: int, seed: int, folder: Path) -> Path:
        path = deals(week, seed).write(folder)
        path.write_bytes(content)
        return path

    return make


def _cut(week: int, seed: int, folder: Path) -> Path:
    path = deals(week, seed).write(folder)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 45 // 100])
    return path


DEFECTS = (
    Defect("60 % of the rows dropped", ("fewer_rows",), _each(lambda row, number: row if number % 5 < 2 else None)),
    Defect("30 % of the rows dropped", ("fewer_rows",), _each(lambda row, number: row if number % 10 < 7 else None)),
    Defect("the file is cut off in the middle", ("fewer_rows",), _cut),
    Defect("totals x100", ("amount_scale",), _each(_times(100))),
    Defect("totals x1000", ("amount_scale",), _each(_times(1000))),
    Defect("totals /1000", ("amount_scale",), _each(_times(0.001))),
    Defect("a third of the amounts x100", ("amount_scale",), _each(_some(3, _times(100)))),
    Defect("stale: the export of three weeks ago", ("stale",), _of_week(3)),
    Defect("last week's bytes under this week's name", ("same_file",), _of_week(1)),
    Defect("older after newer", ("older",), _late),
    Defect("a new stage", ("new_stage",), _each(_some(9, _put(stage_raw="Legal review")))),
    Defect("a new source", ("new_source",), _each(_some(9, _put(source_raw="Orgnic Serch")))),
    Defect("a new owner", ("new_owner",), _each(_some(9, _put(owner="Zoe")))),
    Defect("currencies mixed", ("currency",), _each(_some(3, _put(currency="EUR")))),
    Defect("created and closed swapped", ("closed_before_created",), _each(_swapped)),
    Defect("day and month of the creation swapped", ("created_moved",), _each(_day_and_month_swapped)),
    Defect("a third of the ids twice", ("duplicate_ids",), _copied(3)),
    Defect("a few ids twice", ("quarantine",), _copied(60)),
    Defect("all ids changed", ("other_records",), _each(lambda row, _n: {**row, "deal_id": f"X{row['deal_id']}"})),
    Defect("won amounts restated", ("restated",), _each(_won(lambda row: _times(0.7)(row, 0)))),
    Defect("won deals called lost", ("restated",), _each(_some(2, _won(_now(stage_raw="Closed Lost"))))),
    Defect("won deals left out", ("restated",), _each(_some(3, _won(lambda _row: None)))),
    Defect("a column renamed", ("columns_gone", "columns_new", "required"),
           _header(lambda names: ["Zzz" if name == "amount" else name for name in names], "amount", "Zzz")),
    Defect("a column gone", ("columns_gone",), _header(lambda names: [name for name in names if name != "closed_at"])),
    Defect("a new column", ("columns_new",), _header(lambda names: [*names, "region"], "owner", "region")),
    Defect("amounts negative", ("amount_negative",), _each(_some(7, _times(-1)))),
    Defect("one enormous amount", ("amount_enormous",), _each(_some(10_000, _put(amount="99000000000")))),
    Defect("closed deals open again", ("reopened",), _each(_some(4, _won(_now(stage_raw="Proposal"))))),
    Defect("won in the future", ("won_in_future",), _each(_some(4, _won(_now(closed_at="2027-03-04 10:00"))))),
    Defect("half of the amounts blank", ("emptier",), _each(_some(2, _put(amount="")))),
    Defect("companies blank", ("unlinked",), _each(_some(4, _put(company_name="")))),
    Defect("amounts that are no numbers", ("quarantine",), _each(_some(20, _put(amount="12k-15k tbc")))),
    Defect("half of the addresses blank", ("emptier",),
           _people(lambda row, number: {**row, "email": ""} if number % 2 else row)),
    Defect("the people under the name of the deals", ("other_kind",), _as_deals),
    Defect("a sign-in page", ("refused",), _bytes(b"<!DOCTYPE html><html><title>Sign in</title></html>")),
    Defect("an empty file", ("refused",), _bytes(b"")),
)  # fmt: skip

"""Hundreds of exports spoilt in the ways real ones are: each reads as the rows put in, or is refused aloud."""

import os
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace

from scorecard.errors import IngestError
from tests.unit.read_in import read_bytes
from tests.unit.spoilt import Spoiler
from tests.unit.twisted import Twisted

SEEDS = int(os.environ.get("SCORECARD_POLLUTIONS", "500"))


def _plain(rows: list) -> list[tuple[str | None, ...]]:
    return [tuple(cell if cell is None else cell.strip().replace("\r\n", "\n") for cell in row) for row in rows]


def verdict(spoilt: Spoiler, tables: list) -> str:
    """right, flagged (not all of it, but the rows left out are named) or silently wrong."""
    if [seen.header for seen in tables] != [tuple(spoilt.header)]:
        return "silently wrong"
    (seen,) = tables
    found, put_in = _plain(seen.rows), _plain(spoilt.rows)
    if found == put_in and len(seen.refused) == spoilt.refusable:
        return "right"
    left_out = len(put_in) - len(found)
    named = len(seen.refused) - spoilt.refusable
    return "flagged" if 0 < left_out <= named and not Counter(found) - Counter(put_in) else "silently wrong"


def test_spoilt_exports_read_as_the_rows_that_were_put_in(record_property: Callable[[str, object], None]) -> None:
    seeds: dict[str, list[int]] = {"right": [], "flagged": [], "refused": [], "silently wrong": []}
    for seed in range(SEEDS):
        spoilt = Spoiler(seed)
        data = spoilt.bytes()
        try:
            seeds[verdict(spoilt, read_bytes(data))].append(seed)
        except IngestError:
            seeds["refused"].append(seed)
    record_property("spoilt exports", SEEDS)
    for name, found in seeds.items():
        record_property(name, len(found))
    assert seeds["silently wrong"] == []
    assert len(seeds["right"]) >= 0.99 * SEEDS, seeds


def test_the_verdict_sees_wrong_and_missing_rows() -> None:
    spoilt = Spoiler(1)
    spoilt.rows, spoilt.refusable = [["1", "a"], ["2", "b"]], 0
    spoilt.header = ["Id", "Name"]

    def judge(rows: list, refused: int, header: tuple[str, ...] = ("Id", "Name")) -> str:
        return verdict(spoilt, [SimpleNamespace(header=header, rows=rows, refused=[None] * refused)])

    assert judge([("1", "a"), ("2", "b")], 0) == "right"
    assert judge([("1", "a")], 1) == "flagged"
    assert judge([("1", "a")], 0) == "silently wrong"
    assert judge([("1", "b")], 1) == "silently wrong"
    assert judge([("1", "a"), ("2", "b"), ("2", "b")], 0) == "silently wrong"
    assert judge([("1", "a"), ("2", "b")], 0, ("Id", "column_2")) == "silently wrong"


def twisted_verdict(spoilt: Twisted, tables: list) -> str:
    """As `verdict`; a row that was spoilt itself may differ as long as a note or a refusal speaks of it."""
    found = sorted(tables, key=lambda seen: seen.table.header_line)
    said = any(seen.table.notes or seen.refused for seen in found)
    header = tuple(f"column_{at}" for at in range(1, len(spoilt.header) + 1)) if spoilt.names_missing else None
    if not found or found[0].header != (header or tuple(spoilt.header)):
        return "flagged" if said and spoilt.further and len(found) == 1 else "silently wrong"
    rows, put_in = _plain(found[0].rows), _plain(spoilt.rows)
    further = [(seen.header, len(seen.rows)) for seen in found[1:]]
    if rows == put_in and further == spoilt.further and not found[0].refused:
        return "right"
    missing, more = Counter(put_in) - Counter(rows), Counter(rows) - Counter(put_in)
    loose = Counter(put_in[at] for at in spoilt.loose)
    if not said or missing - loose or (not spoilt.further and more.total() > 2 * loose.total()):
        return "silently wrong"
    return "flagged"


def test_twisted_exports_read_as_the_rows_that_were_put_in(record_property: Callable[[str, object], None]) -> None:
    seeds: dict[str, list[str]] = {"right": [], "flagged": [], "refused": [], "silently wrong": []}
    for seed in range(SEEDS):
        spoilt = Twisted(seed)
        data = spoilt.bytes()
        answers = {"file.csv.header_line": "none"} if spoilt.names_missing else None
        try:
            found = twisted_verdict(spoilt, read_bytes(data, answers=answers))
        except IngestError:
            found = "refused"
        seeds[found].append(f"{seed} {spoilt.twist.__name__}")
    record_property("twisted exports", SEEDS)
    for name, each in seeds.items():
        record_property(name, len(each))
    assert seeds["silently wrong"] == []
    assert len(seeds["refused"]) <= 0.02 * SEEDS, seeds["refused"]
    assert len(seeds["right"]) >= 0.8 * SEEDS, seeds["flagged"]

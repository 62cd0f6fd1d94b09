"""What a file of deals would do to the deals held: reopened, restated, in another unit, with odd dates or amounts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from scorecard import warehouse_compare as compared

SCALED_SHARE, SCALED_DEALS = 0.2, 5
MOVED_SHARE, MOVED_DEALS = 0.02, 3

Rows = Sequence[dict[str, Any]]


class DealFinding(NamedTuple):
    """One thing that is odd, with its deals."""

    check: str
    severity: Literal["warn", "block"]
    sentence: str
    cases: int
    rows: Rows


def deal_findings(cursor: compared.Cursor, tells_of: datetime) -> Iterator[DealFinding]:
    """Asked of the deals laid side by side (`warehouse_compare.deal_changes`)."""
    scaled = compared.found(cursor, "contract_amount_scale")
    if len(scaled) >= SCALED_DEALS and len(scaled) >= SCALED_SHARE * scaled[0]["pairs"]:
        times = _times(scaled)
        sentence = f"{len(scaled):,} of {scaled[0]['pairs']:,} amounts are {times} what is held: is it in another unit?"
        yield DealFinding("amount_scale", "block", sentence, len(scaled), _without(scaled, "pairs"))
    yield from _restated(compared.found(cursor, "contract_restated"))
    yield from _listed(cursor, "reopened", "{cases:,} closed {deals} open again: {named}.")
    yield from _odd_amounts(compared.found(cursor, "contract_amount_odd"))
    yield from _listed(cursor, "closed_before_created", "{cases:,} {deals} closed before created: {named}.")
    future = compared.found(cursor, "contract_won_in_future", tells_of=tells_of)
    if future:
        day = f"{tells_of:%Y-%m-%d}"
        sentence = f"{_deals(len(future))} won after {day}, the day the export tells of: {_named(future)}."
        yield DealFinding("won_in_future", "warn", sentence, len(future), future)
    moved = compared.found(cursor, "contract_created_moved")
    if len(moved) >= MOVED_DEALS and len(moved) >= MOVED_SHARE * moved[0]["pairs"]:
        sentence = f"{_deals(len(moved))} with another creation date than held: {_named(moved)}."
        yield DealFinding("created_moved", "warn", sentence, len(moved), _without(moved, "pairs"))


def _listed(cursor: compared.Cursor, name: str, sentence: str) -> Iterator[DealFinding]:
    rows = compared.found(cursor, f"contract_{name}")
    if rows:
        deals = "deal is" if len(rows) == 1 else "deals are"
        yield DealFinding(
            name, "warn", sentence.format(cases=len(rows), deals=deals, named=_named(rows)), len(rows), rows
        )


def _restated(rows: Rows) -> Iterator[DealFinding]:
    if not rows:
        return
    months = {row["month_start"]: (row["month_before"], row["month_after"]) for row in rows}
    largest = max(months, key=lambda month: abs(months[month][1] - months[month][0]))
    before, after = months[largest]
    others = f" and of {len(months) - 1} more months" if len(months) > 1 else ""
    sentence = f"Closed Won of {largest:%Y-%m} moves from {before:,.0f} to {after:,.0f}{others}: {_named(rows)}."
    yield DealFinding("restated", "warn", sentence, len(rows), _without(rows, "month_before", "month_after"))


def _odd_amounts(rows: Rows) -> Iterator[DealFinding]:
    for what in ("negative", "enormous"):
        found = [row for row in rows if row["what"] == what]
        if found:
            sentence = f"{len(found):,} new {what} {'amount' if len(found) == 1 else 'amounts'}: {_named(found)}."
            yield DealFinding(f"amount_{what}", "warn", sentence, len(found), _without(found, "what"))


def _times(rows: Rows) -> str:
    middle = sorted(abs(row["ratio"]) for row in rows)[len(rows) // 2]
    return f"{middle:,.0f} times" if middle > 1 else f"one {1 / middle:,.0f}th of"


def _deals(count: int) -> str:
    return f"{count:,} deal" if count == 1 else f"{count:,} deals"


def _named(rows: Rows) -> str:
    """The first few by name, for the end of a sentence."""
    names = list(dict.fromkeys(str(row["deal_name"] or row["deal_id"]) for row in rows))
    return ", ".join(names[:3]) + (" and more" if len(names) > 3 else "")


def _without(rows: Rows, *columns: str) -> Rows:
    return [{name: value for name, value in row.items() if name not in columns} for row in rows]

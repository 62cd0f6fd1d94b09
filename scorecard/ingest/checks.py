"""Checks of a file against itself: its own total rows, and how many of its ids repeat."""

import re
from collections.abc import Mapping, Sequence

from scorecard.ingest import numbers
from scorecard.ingest.readings import Table
from scorecard.ingest.report import Question, Reconciliation

# Only these add up; a total of averages or of unique people is another number.
ADDITIVE = frozenset(
    [
        "cost",
        "amount",
        "amount_home",
        "budget",
        "actual_cost",
        "margin",
        "impressions",
        "clicks",
        "platform_conversions",
        "loads",
        "plays",
        "watch_s",
        "identified",
        "finishes",
        "value",
    ]
)
DUPLICATE_SHARE = 0.01
DUPLICATE_ROWS = 10
_CENT = 0.005
_GRAND = re.compile(
    r"(grand )?totals?$|grand totals?\b|total ?: ?(account|all\b.*|campaigns|ads|ad groups|keywords"
    r"|compte|campagnes|cuenta|campañas|conta|campanhas|campagne)$",
    re.IGNORECASE,
)
_DIGITS = str.maketrans("012345678", "999999999")
_FACTORS = {"minutes": 60, "hours": 3600, "micros": 1e-6}


def additive(table: Table) -> list[str]:
    """The columns of a table that its total rows can be compared with."""
    return [name for name in table.numbers if name in ADDITIVE and name in table.mapped]


def reconcile(
    table: Table,
    mapping: Mapping[str, str],
    totals: Sequence[Mapping[str, str]],
    sums: Mapping[str, float],
    units: Mapping[str, str],
    row_count: int,
) -> tuple[list[Reconciliation], list[str]]:
    """Each grand total of the file beside the sum of the rows, and a sentence for each pair that differs."""
    found: list[Reconciliation] = []
    notes: list[str] = []
    for total in totals:
        label = next((text for text in total.values() if text and "total" in text.casefold()), "Total")
        if not _GRAND.match(label.strip()):
            continue  # the total of a part: "Total: Display"
        for name in additive(table):
            text = total.get(mapping.get(name, ""), "")
            said = read_number(text, table.numbers[name][1]) if text else None
            if said is None:
                continue
            factor = _FACTORS.get(units.get(name, ""), 1)
            found.append(Reconciliation(name, said * factor, sums[name], label))
            summed = sums[name] / factor
            # each row may be rounded by half a cent, but never so many that a real gap hides
            allowed = min(_CENT * (row_count + 1), max(_CENT, 1e-5 * abs(said)))
            if abs(said - summed) > allowed:
                notes.append(f"{mapping[name]}: the file’s “{label}” says {said:,.2f}, its rows say {summed:,.2f}.")
    return found, list(dict.fromkeys(notes))


def read_number(text: str, decimal: str) -> float | None:
    """A total cell as a number, written as its column is."""
    kind = numbers.read_shape(text.strip().translate(_DIGITS))
    if kind is None or kind.decimal not in (None, "", decimal):
        return None
    digits = "".join(char for char in text.replace(kind.token, "") if char.isdigit() or char == decimal)
    value = float(digits.replace(decimal, ".")) * kind.scale
    return -value if kind.negative else value


def too_many_duplicates(quarantined: int, rows: int, accepted: str | None) -> Question | None:
    """The contract on ids: a handful of contradicting copies is set aside, more stops the load."""
    if quarantined <= max(DUPLICATE_ROWS, DUPLICATE_SHARE * rows) or (accepted or "").casefold() == "accept":
        return None
    text = (
        f"{quarantined:,} of {rows:,} rows share their id with a row that says something else. "
        "Set them all aside and load the rest?"
    )
    return Question("contract.duplicate_ids", text, ("accept",))

"""Ids as every export writes them, made comparable; and the key of a row that has none."""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from scorecard.ingest import sql
from scorecard.ingest.profile import Cells

# Object prefixes of Salesforce ids: account, contact, user, opportunity, lead, campaign member, task, event, campaign.
_SALESFORCE = "^(001|003|005|006|00Q|00v|00T|00U|00G|701|500|a0[A-Za-z0-9])[A-Za-z0-9]{12}"
_EXCEL = r"^[0-9](\.[0-9]+)?E\+[0-9]{2}$"
_FLOAT = r"^[0-9]+\.0$"
_ZOHO = "^zcrm_[0-9]+$"
_GUID = r"^\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?$"
_CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
Name = TypeVar("Name", bound=Hashable)
_UNIT, _NOTHING = "chr(31)", "chr(30)"


@dataclass(frozen=True)
class IdPlan:
    """How an id column is read, the condition under which a cell is useless, and what to tell."""

    expression: str
    failure: str
    notes: tuple[str, ...] = ()


def plan_ids(
    cells: Cells, columns: Mapping[Name, str], many: Sequence[Name] = (), key: Name | None = None
) -> dict[Name, IdPlan]:
    """A plan for each (column -> header); `many` = columns that hold several ids joined by ';'."""
    if not columns:
        return {}
    values = {name: cells.cell(header, is_id=True) for name, header in columns.items()}
    tests = ["{} is not null", _match("{}", _SALESFORCE + "$"), _match("{}", _SALESFORCE + "[A-Z0-9]{3}$"),
             _match("{}", _FLOAT), _match("{}", _EXCEL), "contains({}, ';')", _match("{}", _ZOHO),
             _match("{}", _GUID)]  # fmt: skip
    inner = ", ".join(f"{value} as v{index}" for index, value in enumerate(values.values()))
    outer = ", ".join(f"count_if({test.replace('{}', f'v{index}')})" for index in range(len(values)) for test in tests)
    counts = cells.ask(f"select {outer} from (select {inner} from {{rows}})")[0]
    plans = {}
    for index, (name, value) in enumerate(values.items()):
        found = counts[index * len(tests) : (index + 1) * len(tests)]
        filled, short, long, floats, damaged, lists, zoho, guids = (int(count or 0) for count in found)
        is_salesforce = bool(short) and short + long >= 0.9 * filled
        whole = bool(floats) and floats == filled
        if filled and zoho == filled:  # the module's export writes zcrm_123 where other tables write 123
            value = f"substr({value}, 6)"
        elif filled and guids == filled:
            value = f"lower(trim({value}, '{{}}'))"
        several = lists > 0 and name not in many and name != key
        if several:
            value = f"nullif(trim(split_part({value}, ';', 1)), '')"
        plans[name] = _plan(value, columns[name], is_salesforce, whole, damaged, name in many)
        if several:
            note = f"“{columns[name]}”: {lists:,} rows name several, joined by “;”; the first was taken."
            plans[name] = replace(plans[name], notes=(*plans[name].notes, note))
    return plans


def _plan(value: str, header: str, is_salesforce: bool, whole: bool, damaged: int, many: bool) -> IdPlan:
    notes = []
    expression = value
    if is_salesforce:
        expression = f"case when length({value}) = 15 then concat({value}, {_suffix(value)}) else {value} end"
        notes.append(f"“{header}”: 15-character Salesforce ids were completed to 18 characters.")
    if whole:
        expression = f"regexp_replace({value}, '\\.0$', '')"
        notes.append(f"“{header}”: ids such as 101.0 were read as 101.")
    if many:
        expression = f"nullif(trim(regexp_replace({expression}, '[ ]*[;|][;| ]*', ';', 'g'), ';'), '')"
    failure = ""
    if damaged:
        failure = _match(value, _EXCEL)
        expression = f"case when {failure} then null else {expression} end"
        notes.append(
            f"“{header}”: {damaged:,} ids were shortened by Excel (such as 1.00235E+17) and cannot be used; "
            "export again without opening the file in Excel."
        )
    return IdPlan(expression, failure, tuple(notes))


def _match(value: str, pattern: str) -> str:
    return f"regexp_matches({value}, {sql.literal(pattern)})"


def _suffix(value: str) -> str:
    """The three check characters Salesforce appends: one for each five characters, by which of them are capitals."""
    parts = []
    for chunk in range(3):
        bits = " + ".join(
            f"{2**position} * (substr({value}, {chunk * 5 + position + 1}, 1) between 'A' and 'Z')::integer"
            for position in range(5)
        )
        parts.append(f"substr('{_CHECKSUM}', 1 + {bits}, 1)")
    return ", ".join(parts)


def complete_salesforce_id(short: str) -> str:
    """The 18-character form of a 15-character id, as the SQL computes it."""
    chunks = [short[start : start + 5] for start in (0, 5, 10)]
    return short + "".join(
        _CHECKSUM[sum(2**position for position, char in enumerate(chunk) if re.match("[A-Z]", char))]
        for chunk in chunks
    )


def hash_of(columns: Sequence[str], mapped: frozenset[str] | set[str]) -> str:
    """md5 over columns in order; an unmapped column is nothing, so more mapping later changes only rows that gain."""
    parts = [f"coalesce({sql.name(name)}::varchar, {_NOTHING})" if name in mapped else _NOTHING for name in columns]
    return f"md5(concat_ws({_UNIT}, {', '.join(parts or [_NOTHING])}))"


def change_hash(columns: Sequence[str]) -> str:
    """A quick hash over the values of a row, to see whether a record has changed; no identity, for it may collide."""
    return f"hash({', '.join(sql.name(name) for name in columns) or '1'})::varchar"

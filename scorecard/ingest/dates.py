"""One date format per column, decided from all of its values and said in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scorecard.ingest import sql
from scorecard.ingest.date_shapes import DateShape, read_shape, replacements

Order = Literal["dmy", "mdy", "ymd"]
ORDERS: tuple[Order, ...] = ("dmy", "mdy")
SPOKEN = {"dmy": "Day first", "mdy": "Month first", "ymd": "Year first"}
# Rows that cannot be read go to quarantine when they are few; when they are many, a person is asked.
FEW_ROWS = 3
FEW_SHARE = 0.2


@dataclass(frozen=True)
class ShapeCount:
    """How many values have a shape, with the first of them."""

    shape: str
    count: int
    example: str


@dataclass(frozen=True)
class DateColumn:
    """All values of one date column, summed up. `day_first` = rows that can only be day first, and so on;
    `year_last` = of two-digit years it is plain that they stand last."""

    header: str
    shapes: tuple[ShapeCount, ...]
    day_first: int = 0
    month_first: int = 0
    year_last: bool = False

    @property
    def readable(self) -> list[tuple[ShapeCount, DateShape]]:
        """The shapes that are read: ISO beside one other family, or the commonest family alone."""
        known = [(item, kind) for item in self.shapes if (kind := read_shape(item.shape))]
        counts: dict[str, int] = {}
        for item, kind in known:
            counts[_group(kind)] = counts.get(_group(kind), 0) + item.count
        others = sorted((group for group in counts if group != "iso"), key=lambda group: -counts[group])
        kept = {"iso", *others[:1]}
        if others and others[0] == "plain number":
            kept = {max(counts, key=lambda group: counts[group])}
        return [(item, kind) for item, kind in known if _group(kind) in kept]

    @property
    def numeric(self) -> list[tuple[ShapeCount, DateShape]]:
        return [(item, kind) for item, kind in self.readable if kind.family == "numeric"]

    @property
    def needs_order(self) -> bool:
        return bool(self.numeric)

    @property
    def short_year(self) -> bool:
        """Whether the year has two digits and could be any of the three numbers."""
        return not self.year_last and any(kind.short_year for _, kind in self.numeric)


@dataclass(frozen=True)
class OrderChoice:
    """The order of day and month, or None when only a person can say."""

    order: Order | None
    note: str = ""


@dataclass(frozen=True)
class DatePlan:
    """How one column is read: its expression and what to tell."""

    expression: str
    notes: tuple[str, ...] = ()


def _group(kind: DateShape) -> str:
    return "plain number" if kind.family in ("unix_s", "unix_ms", "excel", "compact") else kind.family


def parts_expression(value: str, part: int) -> str:
    """First (1) or second (2) number of a date written with numbers."""
    return f"try_cast(split_part(translate({value}, '-.', '//'), '/', {part}) as integer)"


def from_values(column: DateColumn) -> OrderChoice:
    """What the column's own values say about its order."""
    if column.short_year:
        return OrderChoice(None)
    if column.day_first and column.month_first:
        few, many = sorted((column.day_first, column.month_first))
        if few > max(FEW_ROWS, many * FEW_SHARE) or few == many:
            return OrderChoice(None)
    if column.day_first > column.month_first:
        return OrderChoice("dmy", f"“{column.header}”: day first, because {_rows(column.day_first)} a day above 12.")
    if column.month_first > column.day_first:
        return OrderChoice(
            "mdy", f"“{column.header}”: month first, because {_rows(column.month_first)} a day above 12."
        )
    return OrderChoice(None)


def from_siblings(column: DateColumn, decided: Sequence[tuple[str, Order]]) -> OrderChoice:
    """What other columns of the file say: they were written by the same program."""
    orders = {order for _, order in decided}
    if column.short_year or len(orders) != 1 or (column.day_first and column.month_first):
        return OrderChoice(None)
    other, order = decided[0]
    return OrderChoice(order, f"“{column.header}”: {SPOKEN[order].lower()}, like “{other}” in the same file.")


def from_dots(column: DateColumn) -> OrderChoice:
    """Nobody writes the month first between dots."""
    if not column.short_year and all("." in kind.pattern[:3] for _, kind in column.numeric):
        return OrderChoice("dmy", f"“{column.header}”: day first, as dates with dots are written.")
    return OrderChoice(None)


def _rows(count: int) -> str:
    return "1 row has" if count == 1 else f"{count:,} rows have"


def plan(column: DateColumn, value: str, order: Order | None, zone: str, value_zone: str = "") -> DatePlan:
    """The SQL that reads the column. `zone`: the business's; `value_zone`: the zone the header or file names."""
    by_family: dict[str, list[tuple[ShapeCount, DateShape]]] = {}
    for item, kind in column.readable:
        reader = kind.family if not kind.pattern else "zoned text" if _is_utc(kind, value_zone) else "text"
        by_family.setdefault(reader, []).append((item, kind))
    if not by_family:
        return DatePlan("null::timestamp")
    parts = []
    for reader, members in by_family.items():
        expression = _read(reader, members, value, order, zone, value_zone)
        complete = sum(map(len, by_family.values())) == len(column.shapes) and len(by_family) == 1
        shapes = sql.literals(item.shape for item, _ in members)
        parts.append((f"{sql.shape(value)} in ({shapes})", expression) if not complete else ("", expression))
    if len(parts) == 1 and not parts[0][0]:
        expression = parts[0][1]
    else:
        expression = "case " + " ".join(f"when {test} then {read}" for test, read in parts) + " end"
    expression = f"cast({expression} as timestamp)"
    return DatePlan(
        f"case when {expression} >= timestamp '1900-01-01' then {expression} end", _notes(column, zone, value_zone)
    )


def _is_utc(kind: DateShape, value_zone: str) -> bool:
    return kind.zoned or (kind.has_time and value_zone == "UTC")


def _ordered(pattern: str, order: Order) -> str:
    if order == "ymd":  # only for two-digit years: 26/03/15
        return pattern.replace("%y", "%d").format("%y", "%m")
    return pattern.format(*(("%d", "%m") if order == "dmy" else ("%m", "%d")))


def to_local(utc: str, zone: str) -> str:
    """A naive UTC expression as naive local time of the business."""
    return utc if zone.upper() == "UTC" else f"timezone({sql.literal(zone)}, timezone('UTC', {utc}))"


def _read(
    reader: str,
    members: list[tuple[ShapeCount, DateShape]],
    value: str,
    order: Order | None,
    zone: str,
    value_zone: str,
) -> str:
    """The expression for values of one family of shapes."""
    if reader in ("unix_s", "unix_ms"):
        factor = 1_000_000 if reader == "unix_s" else 1_000
        return to_local(f"make_timestamp(try_cast({value} as bigint) * {factor})", zone)
    if reader == "excel":
        # 45000 = 2023-03-15; the fraction is the time of day, rounded to the second
        return f"make_timestamp(try_cast(round((try_cast({value} as double) - 25569) * 86400) as bigint) * 1000000)"
    if reader == "quarter":
        year = f"try_cast(regexp_extract({value}, '[0-9]{{4}}') as integer)"
        quarter = f"try_cast(regexp_extract({value}, '(?i)q([1-4])', 1) as integer)"
        return f"try_cast(concat({year}, '-', {quarter} * 3 - 2, '-01') as timestamp)"
    if reader == "iso":
        return _read_iso(members, value, zone, value_zone)
    text = value
    for found, becomes in replacements(tuple(sorted({word for _, kind in members for word in kind.words}))):
        text = f"regexp_replace({text}, {sql.literal(found)}, {sql.literal(becomes)}, 'g')"
    patterns = dict.fromkeys(
        _ordered(kind.pattern, order or "dmy") if kind.family == "numeric" else kind.pattern for _, kind in members
    )
    parsed = f"try_strptime({text}, [{sql.literals(patterns)}])"
    return to_local(parsed, zone) if reader == "zoned text" else parsed


def _read_iso(members: list[tuple[ShapeCount, DateShape]], value: str, zone: str, value_zone: str) -> str:
    """ISO moments; only a cast to TIMESTAMPTZ heeds an offset, and the session's zone is UTC."""
    local = f"try_cast({value} as timestamp)"
    utc = [item.shape for item, kind in members if _is_utc(kind, value_zone)]
    if not utc:
        return local
    text = f"replace(replace({value}, ' +', '+'), ' -', '-')" if any(" +" in s or " -" in s for s in utc) else value
    moment = f"timezone({sql.literal(zone)}, try_cast({text} as timestamptz))"
    if len(utc) == len(members):
        return moment
    return f"case when {sql.shape(value)} in ({sql.literals(utc)}) then {moment} else {local} end"


def _notes(column: DateColumn, zone: str, value_zone: str) -> tuple[str, ...]:
    notes = []
    readable = column.readable
    families = {kind.family for _, kind in readable}
    if len(families) > 1:
        examples = {kind.family: item.example for item, kind in reversed(readable)}
        listed = " and ".join(f"“{example}”" for example in examples.values())
        notes.append(f"“{column.header}” mixes ways of writing dates, such as {listed}; all were read.")
    if "excel" in families:
        notes.append(f"“{column.header}” holds Excel day numbers (45000 is 15 March 2023).")
    if families & {"unix_s", "unix_ms"}:
        notes.append(f"“{column.header}” holds UNIX time, read as {zone} time.")
    elif any(kind.zoned or (kind.has_time and value_zone == "UTC") for _, kind in readable) and zone.upper() != "UTC":
        notes.append(f"“{column.header}” is written in UTC or with an offset and was turned into {zone} time.")
    if any(kind.short_year for _, kind in readable):
        notes.append(f"“{column.header}” has two-digit years: 26 was read as 2026.")
    return tuple(notes)

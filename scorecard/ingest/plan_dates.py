"""Settling the order of day and month for every date column of a file, together."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from scorecard.ingest import date_shapes, dates, profile, sql
from scorecard.ingest.answers import Answers
from scorecard.ingest.dates import DateColumn, Order, OrderChoice
from scorecard.ingest.profile import Cells

# The first of a pair never happens after the second.
_BEFORE = (
    ("created_at", "closed_at"), ("created_at", "modified_at"), ("created_at", "first_response_at"),
    ("created_at", "mql_at"), ("created_at", "assigned_at"), ("start_at", "end_at"), ("period_start", "period_end"),
    ("entered_at", "exited_at"), ("sent_at", "opened_at"), ("created_at", "customer_at"),
)  # fmt: skip
_PAST = ("created_at", "modified_at", "entered_at", "at")
MANY_DAYS = 8
_DIGITS = str.maketrans("012345678", "999999999")


def profile_column(cells: Cells, header: str) -> DateColumn:
    """All values of one column, summed up for reading them as dates."""
    value = cells.cell(header)
    column = DateColumn(header, profile.shapes(cells, value))
    if not column.needs_order:
        return column
    shapes = sql.literals(item.shape for item, _ in column.numeric)
    first, second = dates.parts_expression("value", 1), dates.parts_expression("value", 2)
    third = "try_cast(regexp_extract(value, '^[0-9]+[-./][0-9]+[-./]([0-9]+)', 1) as integer)"
    day_first, month_first, firsts, thirds, above = cells.ask(
        f"select count_if({first} > 12 and {second} <= 12), count_if({second} > 12 and {first} <= 12), "
        f"count(distinct {first}), count(distinct {third}), count_if({third} > 31) "
        f"from (select {value} as value from {{rows}}) where {sql.shape('value')} in ({shapes})"
    )[0]
    # 25/03/15: a second number above 12 or a third above 31 rules out a year in front; so do days that come and go
    # while the last number hardly changes.
    year_last = bool(month_first or above) or (firsts >= MANY_DAYS and thirds * 4 <= firsts)
    return DateColumn(header, column.shapes, int(day_first or 0), int(month_first or 0), year_last)


def bystanders(cells: Cells, sampled: Mapping[str, Sequence[str]], used: set[str]) -> list[DateColumn]:
    """Columns nobody mapped that hold dates written with numbers: they too show how this program writes dates."""
    found = []
    for header, values in sampled.items():
        if header in used or not values:
            continue
        kinds = [date_shapes.read_shape(value.translate(_DIGITS)) for value in values[:200]]
        if sum(kind is not None and kind.family == "numeric" for kind in kinds) >= 0.9 * len(kinds):
            found.append(profile_column(cells, header))
    return found


def settle(
    cells: Cells,
    columns: Mapping[str, DateColumn],
    others: Sequence[DateColumn],
    answers: Answers,
    now: datetime,
    period: tuple[str, str] | None = None,
) -> tuple[dict[str, Order], list[str]]:
    """The order of each canonical column that needs one, with the sentences that say why; opens questions."""
    orders: dict[str, Order] = {}
    notes: list[str] = []
    certain: list[tuple[str, Order]] = []
    for name, column in columns.items():
        choice = dates.from_values(column) if column.needs_order else OrderChoice(None)
        if choice.order:
            orders[name] = choice.order
            certain.append((column.header, choice.order))
            notes.append(choice.note)
    for column in others:
        choice = dates.from_values(column)
        if choice.order:
            certain.append((column.header, choice.order))
    undecided = {name: column for name, column in columns.items() if column.needs_order and name not in orders}
    for name, column in list(undecided.items()):
        choice = _answered(name, column, answers)
        choice = choice if choice.order else dates.from_siblings(column, certain)
        choice = choice if choice.order else dates.from_dots(column)
        if choice.order:
            orders[name] = choice.order
            notes.append(choice.note)
            del undecided[name]
    if undecided:
        order, note = _within(cells, undecided, period) if period else (None, "")
        if not order:
            order, note = _causality(cells, columns, undecided, orders, now)
        for name, column in undecided.items():
            if order and not column.short_year and not (column.day_first and column.month_first):
                orders[name] = order
                notes.append(f"“{column.header}”: {note}")
            else:
                _ask(name, column, answers)
    return orders, [note for note in notes if note]


def _answered(name: str, column: DateColumn, answers: Answers) -> OrderChoice:
    answer = (answers.find(f"{name}.date_order") or "").strip().casefold()
    allowed = (*dates.ORDERS, "ymd") if column.short_year else dates.ORDERS
    for order in allowed:
        if answer == order:
            spoken = dates.SPOKEN[order].lower()
            return OrderChoice(order, f"“{column.header}”: {spoken}, as answered.")  # pyright: ignore[reportArgumentType]
    return OrderChoice(None)


def _ask(name: str, column: DateColumn, answers: Answers) -> None:
    example = column.numeric[0][0].example
    if column.short_year:
        text = f"How are the dates in “{column.header}” written, such as {example}: day, month, year in which order?"
        answers.ask(f"{name}.date_order", text, ("dmy", "mdy", "ymd"))
    elif column.day_first and column.month_first:
        text = (
            f"“{column.header}” mixes orders: {column.day_first:,} rows can only be day first, "
            f"{column.month_first:,} only month first. Which is right? The others are set aside."
        )
        answers.ask(f"{name}.date_order", text, dates.ORDERS)
    else:
        text = (
            f"Is {example} in “{column.header}” written day first (dmy) or month first (mdy)? "
            "No row has a day above 12."
        )
        answers.ask(f"{name}.date_order", text, dates.ORDERS)


def _within(cells: Cells, undecided: Mapping[str, DateColumn], period: tuple[str, str]) -> tuple[Order | None, str]:
    """The only order under which every date lies in the period that the report names."""
    outside: dict[Order, int] = {}
    for order in dates.ORDERS:
        read = [dates.plan(c, cells.cell(c.header), order, "UTC").expression for c in undecided.values()]
        start, end = (f"timestamp {sql.literal(day)}" for day in period)
        outside[order] = sum(
            profile.count_where(cells, [f"({one}) < {start} or ({one}) >= {end} + interval 1 day" for one in read])
        )
    if min(outside.values()) or not max(outside.values()):
        return None, ""
    order = "dmy" if outside["dmy"] == 0 else "mdy"
    return order, f"{dates.SPOKEN[order].lower()}, for only so its dates lie within {period[0]} to {period[1]}."


def _causality(
    cells: Cells,
    columns: Mapping[str, DateColumn],
    undecided: Mapping[str, DateColumn],
    orders: Mapping[str, Order],
    now: datetime,
) -> tuple[Order | None, str]:
    """The order under which nothing is closed before it was created and nothing was created in the future."""
    counts: dict[Order, int] = {}
    for order in dates.ORDERS:
        read = {
            name: dates.plan(column, cells.cell(column.header), orders.get(name, order), "UTC").expression
            for name, column in columns.items()
        }
        tests = [
            f"({read[a]}) > ({read[b]}) + interval 1 day"
            for a, b in _BEFORE
            if a in read and b in read and (a in undecided or b in undecided)
        ]
        tests += [f"({read[name]}) > {sql.literal(now.isoformat())}::timestamp + interval 1 day"
                  for name in _PAST if name in undecided]  # fmt: skip
        counts[order] = sum(profile.count_where(cells, tests))
    wrong, right = max(counts.values()), min(counts.values())
    if right or wrong < 2:
        return None, ""
    order: Order = "dmy" if counts["dmy"] == 0 else "mdy"
    other = "month first" if order == "dmy" else "day first"
    why = f"because read {other} {wrong:,} rows would close before they were created or lie in the future."
    return order, f"{dates.SPOKEN[order].lower()}, {why}"

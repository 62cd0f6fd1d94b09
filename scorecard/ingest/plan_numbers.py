"""Settling how numbers are written in every number column of a file, together."""

from collections.abc import Mapping, Sequence

from scorecard.ingest import numbers, profile, sql
from scorecard.ingest.answers import Answers
from scorecard.ingest.numbers import COMMA, LOCALES, POINT, NumberColumn
from scorecard.ingest.profile import Cells

# Counts have no decimals: 12,345 impressions are twelve thousand.
COUNTS = frozenset({"employees", "impressions", "clicks", "loads", "plays", "uniques", "identified", "finishes"})
_DIGITS = str.maketrans("012345678", "999999999")


def profile_column(cells: Cells, header: str) -> NumberColumn:
    """All values of one column, summed up for reading them as numbers."""
    value = cells.cell(header)
    column = NumberColumn(header, profile.shapes(cells, value))
    if not column.ambiguous:
        return column
    shapes = sql.literals(item.shape for item, _ in column.ambiguous)
    leading = cells.ask(
        f"select count(*) from (select {value} as value from {{rows}}) "
        f"where {sql.shape('value')} in ({shapes}) and regexp_matches(value, '(^|[^0-9])0[.,]')"
    )[0][0]
    return NumberColumn(header, column.shapes, int(leading))


def bystanders(sampled: Mapping[str, Sequence[str]], used: set[str]) -> list[tuple[str, str]]:
    """(header, decimal separator) of unmapped columns whose samples show how this program writes numbers."""
    found = []
    for header, values in sampled.items():
        if header in used or not values:
            continue
        kinds = [numbers.read_shape(value.translate(_DIGITS)) for value in values[:500]]
        decimals = {kind.decimal for kind in kinds if kind and kind.decimal}
        if all(kinds) and len(decimals) == 1:
            found.append((header, decimals.pop()))
    return found


def settle(
    columns: Mapping[str, NumberColumn], others: Sequence[tuple[str, str]], answers: Answers
) -> tuple[dict[str, str], list[str]]:
    """The decimal separator of each canonical column, with the sentences that say why; opens questions."""
    decimals: dict[str, str] = {}
    notes: list[str] = []
    certain: list[tuple[str, str]] = []
    for name, column in columns.items():
        choice = numbers.from_values(column, name in COUNTS)
        if choice.decimal:
            decimals[name] = choice.decimal
            notes.append(choice.note)
            if choice.certain:
                certain.append((column.header, choice.decimal))
    siblings = certain or others
    for name, column in columns.items():
        if name in decimals:
            continue
        answered = _answered(name, answers)
        choice = numbers.from_siblings(column, siblings)
        if answered:
            decimals[name] = answered
            notes.append(f"“{column.header}” was read like {LOCALES[answered]}, as answered.")
        elif choice.decimal:
            decimals[name] = choice.decimal
            notes.append(choice.note)
        else:
            decimals[name] = POINT
            _ask(name, column, answers)
    return decimals, [note for note in notes if note]


def _answered(name: str, answers: Answers) -> str | None:
    answer = (answers.find(f"{name}.number_format") or "").strip()
    return next((decimal for decimal, example in LOCALES.items() if example == answer), None)


def _ask(name: str, column: NumberColumn, answers: Answers) -> None:
    ambiguous = column.ambiguous
    if ambiguous:
        example = ambiguous[0][0].example
        text = f"Is {example} in “{column.header}” a number of thousands, or has it three decimals?"
    else:
        text = f"“{column.header}” mixes ways of writing numbers. Which is right? The others are set aside."
    answers.ask(f"{name}.number_format", f"{text} Thousands are written 1,234.56 or 1.234,56.", tuple(LOCALES.values()))


def percent_factor(cells: Cells, column: NumberColumn, number: str, unit: str) -> tuple[str, str]:
    """(divisor expression, note) that turns a percent column into shares of 1."""
    signed = [item.shape for item, kind in column.readable if kind.percent]
    if unit == "percent" or signed:
        return "100", ""
    if unit == "1":
        return "1", ""
    top, fractions, whole = cells.ask(
        f"select max(abs(value)), count_if(value <> round(value)), count_if(abs(value) > 1) "
        f"from (select {number} as value from {{rows}})"
    )[0]
    if unit == "100" and not (top is not None and top <= 1 and fractions):
        return "100", ""  # what the vendor documents, unless the values are plainly shares: 0.97 of a video
    if top is None or top <= 1 or (top <= 3 and fractions > 0 and fractions >= whole):
        return "1", f"“{column.header}” was read as shares of 1 (0.5 is 50 %)."
    return "100", f"“{column.header}” was read as percent (50 is 50 %)."


__all__ = ["COMMA", "COUNTS", "bystanders", "percent_factor", "profile_column", "settle"]

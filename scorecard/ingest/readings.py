"""How every canonical column of one table is read from the file: expression, failures, notes and questions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from scorecard.errors import IngestError
from scorecard.ingest import dates, evidence, identity, numbers, plan_dates, plan_numbers, sql
from scorecard.ingest.answers import Answers
from scorecard.ingest.headers import CURRENCY_CODES, read_header
from scorecard.ingest.kinds import Feed
from scorecard.ingest.numbers import LOCALES, NumberColumn
from scorecard.ingest.profile import Cells
from scorecard.ingest.report import Known
from scorecard.schema import SQL_TYPES, Column, ColumnType

Sources = Mapping[str, tuple[str, ...]]
NUMBER_TYPES: tuple[ColumnType, ...] = ("money", "number", "integer", "percent", "duration")
_DURATION_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600}
_WORDED = (
    "(pt)?([0-9.]+ *(h|hr|hrs|hour|hours)[ ,]*)?([0-9.]+ *(m|min|mins|minute|minutes)[ ,]*)?"
    "([0-9.]+ *(s|sec|secs|second|seconds))?"
)
# The money column whose currency the table's `currency` column names.
MONEY_OF = {
    "deals": "amount",
    "spend": "cost",
    "campaigns": "actual_cost",
    "products": "list_price",
    "revenue": "amount",
}


@dataclass(frozen=True)
class Reading:
    """One canonical column: its SQL, and the condition under which a cell could not be read ('' = cannot happen)."""

    column: Column
    expression: str
    failure: str = ""
    value: str = ""  # SQL of the text that failed
    header: str = ""


@dataclass(frozen=True)
class Table:
    """All readings of one feed, in schema order; columns nobody feeds are absent."""

    feed: Feed
    readings: Mapping[str, Reading]
    mapped: tuple[str, ...]
    numbers: Mapping[str, tuple[NumberColumn, str]]  # money and number columns with their decimal separator


@dataclass
class Planner:
    """Plans the columns of one file; what was decided for a header holds for every table the file feeds."""

    cells: Cells
    known: Known
    answers: Answers
    sampled: Mapping[str, Sequence[str]]
    facts: Mapping[str, str]
    notes: list[str] = field(default_factory=list)
    _dates: dict[str, dates.DateColumn] = field(default_factory=dict)
    _numbers: dict[str, NumberColumn] = field(default_factory=dict)
    _date_orders: dict[str, dates.Order] = field(default_factory=dict)
    _decimals: dict[str, str] = field(default_factory=dict)

    def plan(self, feed: Feed, sources: Sources, constants: Mapping[str, str]) -> Table:
        """Readings for every column of the feed that the file or a constant fills."""
        sources = {name: texts for name, texts in sources.items() if name not in constants}
        self._settle_dates(feed, sources)
        decimals = self._settle_numbers(feed, sources)
        ids = self._plan_ids(feed, sources)
        readings: dict[str, Reading] = {}
        for column in feed.schema.columns:
            if column.name in constants:
                readings[column.name] = self._constant(column, constants[column.name])
            elif column.name in ids:
                readings[column.name] = ids[column.name]
            elif column.name in sources:
                parts = [self._read(feed, column, header) for header in sources[column.name]]
                readings[column.name] = _joined(column, parts)
        mapped = tuple(readings)
        number_columns = {
            name: (self._numbers[sources[name][0]], decimal) for name, decimal in decimals.items() if name in sources
        }
        self._fill_currency(feed, readings, number_columns, sources)
        return Table(feed, readings, mapped, number_columns)

    def said(self, sources: Sources) -> dict[str, str]:
        """How dates and numbers were read, in the words of answers, so that rows mended later are read alike."""
        said = {}
        for name, headers in sources.items():
            if headers[0] in self._date_orders:
                said[f"{name}.date_order"] = str(self._date_orders[headers[0]])
            if headers[0] in self._decimals:
                said[f"{name}.number_format"] = LOCALES[self._decimals[headers[0]]]
        return said

    def note(self, *sentences: str) -> None:
        """Keep each sentence once."""
        self.notes += [sentence for sentence in sentences if sentence and sentence not in self.notes]

    def _settle_dates(self, feed: Feed, sources: Sources) -> None:
        columns: dict[str, dates.DateColumn] = {}
        for name, headers in sources.items():
            if feed.schema.column(name).type != "timestamp":
                continue
            for header in headers:
                fresh = header not in self._dates
                if fresh:
                    self._dates[header] = plan_dates.profile_column(self.cells, header)
                if fresh or header not in self._date_orders:
                    columns[name if header == headers[0] else f"{name} ({header})"] = self._dates[header]
        asking = {name: column for name, column in columns.items() if column.header not in self._date_orders}
        if not any(column.needs_order for column in asking.values()):
            return
        others = plan_dates.bystanders(self.cells, self.sampled, set(self._dates))
        others += [column for header, column in self._dates.items() if all(c.header != header for c in asking.values())]
        start, end = self.facts.get("period_start"), self.facts.get("period_end")
        period = (start, end) if start and end else None
        orders, notes = plan_dates.settle(self.cells, asking, others, self.answers, self.known.now, period)
        for name, order in orders.items():
            self._date_orders[asking[name].header] = order
        self.note(*notes)

    def _settle_numbers(self, feed: Feed, sources: Sources) -> dict[str, str]:
        columns: dict[str, NumberColumn] = {}
        for name, headers in sources.items():
            if feed.schema.column(name).type not in NUMBER_TYPES:
                continue
            if feed.units.get(name) == "leading":
                continue
            for header in headers:
                if header not in self._numbers:
                    self._numbers[header] = plan_numbers.profile_column(self.cells, header)
                columns[name if header == headers[0] else f"{name} ({header})"] = self._numbers[header]
        fresh = {name: column for name, column in columns.items() if column.header not in self._decimals}
        if fresh:
            others = plan_numbers.bystanders(self.sampled, set(self._numbers))
            decimals, notes = plan_numbers.settle(fresh, others, self.answers)
            self._decimals |= {fresh[name].header: decimal for name, decimal in decimals.items()}
            self.note(*notes)
        return {name: self._decimals[column.header] for name, column in columns.items()}

    def _plan_ids(self, feed: Feed, sources: Sources) -> dict[str, Reading]:
        kind = feed.schema
        columns = {
            (name, header): header
            for name, headers in sources.items()
            if kind.column(name).type in ("id", "ids")
            for header in headers
        }
        many = [key for key in columns if kind.column(key[0]).type == "ids"]
        named = {name for name, _ in columns if kind.name in ("users", "products") and name == kind.key}
        own = next((key for key in columns if key[0] == kind.key), None)
        parts: dict[str, list[Reading]] = {}
        for (name, header), plan in identity.plan_ids(self.cells, columns, many, own).items():
            self.note(*plan.notes)
            value = self.cells.cell(header, is_id=name not in named)
            reading = Reading(kind.column(name), plan.expression, plan.failure, value, header)
            parts.setdefault(name, []).append(reading)
        return {name: _joined(kind.column(name), found) for name, found in parts.items()}

    def _read(self, feed: Feed, column: Column, header: str) -> Reading:
        value = self.cells.cell(header, column.name)
        if column.type == "timestamp":
            zone = self._zone(header)
            plan = dates.plan(self._dates[header], value, self._date_orders.get(header), self.known.time_zone, zone)
            self.note(*plan.notes)
            return self._failing(column, plan.expression, value, header)
        if column.type in NUMBER_TYPES:
            return self._read_number(feed, column, header, value)
        if column.type == "boolean":
            true, false = sql.literals(sorted(evidence.TRUE_WORDS)), sql.literals(sorted(evidence.FALSE_WORDS))
            expression = (
                f"case when lower({value}) in ({true}) then true when lower({value}) in ({false}) then false end"
            )
            return self._failing(column, expression, value, header)
        if column.type == "email":
            return Reading(column, f"nullif(lower(trim(split_part({value}, ';', 1))), '')", header=header)
        if column.name == "currency":
            return self._read_currency(column, value, header)
        return Reading(column, value, header=header)

    def _zone(self, header: str) -> str:
        """`UTC` where the header says so, or the report does and no header says it for itself."""
        units = {name: read_header(name).unit for name in self.cells.header}
        if any(unit.startswith("zone:") for unit in units.values()):
            return units[header].removeprefix("zone:") if units[header].startswith("zone:") else ""
        return "UTC" if self.facts.get("zone", "").upper() in ("UTC", "GMT") else ""

    @staticmethod
    def _failing(column: Column, expression: str, value: str, header: str) -> Reading:
        return Reading(column, expression, f"({value}) is not null and ({expression}) is null", value, header)

    def _read_number(self, feed: Feed, column: Column, header: str, value: str) -> Reading:
        if feed.units.get(column.name) == "leading":
            number = f"try_cast(regexp_extract({value}, '^[0-9]+') as double)"
            return self._failing(column, number, value, header)
        profile, decimal = self._numbers[header], self._decimals[header]
        number, _ = numbers.number_expression(profile, value, decimal)
        unit = feed.units.get(column.name) or read_header(header).unit
        sql_type = SQL_TYPES[column.type]
        if column.type == "percent":
            divisor, note = plan_numbers.percent_factor(self.cells, profile, number, unit)
            self.note(note)
            number = f"cast({number} as double) / {divisor}"
        elif column.type == "duration":
            factor = _DURATION_UNITS.get(unit, 1)
            number = _duration(value, f"cast({number} as double) * {factor}", profile)
        elif column.type == "integer":
            number = f"round({number})"
        elif unit == "micros":  # ad platforms count money in millionths
            number = f"({number}) / 1000000"
        return self._failing(column, f"try_cast({number} as {sql_type})", value, header)

    def _read_currency(self, column: Column, value: str, header: str) -> Reading:
        """ISO codes as they are; symbols and what follows a code (`USD - US Dollar`) become the code."""
        found = [row[0] for row in self.cells.ask(f"select distinct {value} from {{rows}} limit 300") if row[0]]
        odd = {text: code for text in found if (code := self._code(text)) != text}
        unknown = sorted(text for text, code in odd.items() if not code)
        if unknown:
            self.note(f"“{header}”: “{unknown[0]}” is no currency we know; it was left empty.")
        cases = " ".join(
            f"when {sql.literal(text)} then {sql.literal(code) if code else 'null'}" for text, code in odd.items()
        )
        return Reading(column, f"case {value} {cases} else {value} end" if odd else value, header=header)

    def _code(self, text: str) -> str:
        folded = text.strip().casefold()
        if folded in numbers.currency_names():
            return numbers.currency_names()[folded]
        if folded in numbers.SYMBOLS:
            return self.dollar if numbers.SYMBOLS[folded] == "$" else numbers.SYMBOLS[folded]
        code = text.strip()[:3].upper()
        return code if code in CURRENCY_CODES and not text.strip()[3:4].isalpha() else ""

    @property
    def dollar(self) -> str:
        """What a bare `$` means: the reporting currency where that is a dollar."""
        currency = self.known.reporting_currency
        return currency if currency in ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD") else "USD"

    def _fill_currency(
        self,
        feed: Feed,
        readings: dict[str, Reading],
        number_columns: Mapping[str, tuple[NumberColumn, str]],
        sources: Sources,
    ) -> None:
        """The currency named by the values, the header or the report itself, where no column names it."""
        money = MONEY_OF.get(feed.table, "")
        money = money if money in sources else "budget" if feed.table == "campaigns" and "budget" in sources else ""
        if not money:
            return
        header, column = sources[money][0], feed.schema.column("currency")
        named = numbers.currencies(number_columns[money][0], self.dollar)
        unit = read_header(header).unit
        value = self.cells.cell(header)
        given = readings.get("currency")
        written = " ".join(
            f"when {sql.shape(value)} in ({sql.literals(shapes)}) then {sql.literal(code)}"
            for code, shapes in named.items()
        )
        stated = unit.removeprefix("currency:") if unit.startswith("currency:") else self.facts.get("currency", "")
        if given and (given.header or given.value):
            if written and not set(named) <= {self.dollar}:
                self._note_conflict(header, written, given)
                readings["currency"] = Reading(
                    column, f"coalesce(case {written} end, {given.expression})", header=given.header
                )
            return
        if given:
            return  # --set currency=...
        if written:
            only = next(iter(named)) if len(named) == 1 else ""  # "$100" above "200": one column, one currency
            fallback = sql.literal(stated or only) if stated or only else "null"
            readings["currency"] = Reading(column, f"case {written} else {fallback} end")
            self.note(f"“{header}” is in {' and '.join(sorted(named))}, as its values say.")
            self._note_bare(header, number_columns[money][0], stated or only)
        elif word := "" if stated else numbers.shared_word(number_columns[money][0]):
            text = f"“{header}” is in “{word}”, the money of several countries. Of which?"
            choice = self.answers.choose(f"{money}.currency", text, numbers.SHARED_WORDS[word.casefold()])
            readings["currency"] = Reading(column, sql.literal(choice) if choice else "null")
        elif stated:
            readings["currency"] = Reading(column, sql.literal(stated))
            self.note(f"“{header}” is in {stated}, as the file says.")
        else:
            self.note(f"No currency in this file: money was taken as {self.known.reporting_currency}.")

    def _note_bare(self, header: str, column: NumberColumn, taken: str) -> None:
        """Say what amounts without a sign were taken for, where others have one."""
        bare = sum(item.count for item, kind in column.readable if not kind.token)
        if bare:
            count = "1 row" if bare == 1 else f"{bare:,} rows"
            self.note(f"“{header}”: {count} without a sign taken as {taken or self.known.reporting_currency}.")

    def _note_conflict(self, header: str, written: str, given: Reading) -> None:
        """Say so when the sign on a number contradicts the currency column beside it."""
        rows = self.cells.ask(
            f"select by_sign, by_column, count(*) as n from (select case {written} end as by_sign, "
            f"{given.expression} as by_column from {{rows}}) where by_sign <> by_column group by all order by n desc"
        )
        if rows:
            sign, column, _ = rows[0]
            count = sum(row[2] for row in rows)
            self.note(
                f"“{header}” says {sign} where “{given.header}” says {column} ({count:,} rows): the sign was believed."
            )

    def _constant(self, column: Column, value: str) -> Reading:
        sql_type = SQL_TYPES[column.type]
        try:
            self.cells.ask(f"select cast({sql.literal(value)} as {sql_type})")
        except duckdb.Error as error:
            raise IngestError(f"“{value}” is no {column.type} for {column.name}.") from error
        return Reading(column, f"cast({sql.literal(value)} as {sql_type})")


def _joined(column: Column, parts: Sequence[Reading]) -> Reading:
    """Several headers for one column: the first that has a value; of lists of ids, all."""
    if len(parts) == 1:
        return parts[0]
    listed = ", ".join(part.expression for part in parts)
    expression = f"nullif(concat_ws(';', {listed}), '')" if column.type == "ids" else f"coalesce({listed})"
    if column.type == "money":  # an actual revenue of 0 is one that is not known yet
        expression = f"coalesce({', '.join(f'nullif({part.expression}, 0)' for part in parts)}, {listed})"
    failures = [f"({part.failure})" for part in parts if part.failure]
    value = f"coalesce({', '.join(part.value for part in parts if part.value)})" if failures else ""
    return Reading(column, expression, " or ".join(failures), value, parts[0].header)


def _duration(value: str, number: str, profile: NumberColumn) -> str:
    """Seconds of `1:02:03`, `2:03`, `1h 2m 3s` or a plain number."""
    if any(re.search("[hms]", item.shape, re.IGNORECASE) for item in profile.shapes):
        worded = " + ".join(
            f"coalesce(try_cast(regexp_extract(lower({value}), '([0-9.]+) *{unit}', 1) as double), 0) * {seconds}"
            for unit, seconds in (("h", 3600), ("m", 60), ("s", 1))
        )
        number = f"case when regexp_full_match(lower({value}), {sql.literal(_WORDED)}) then {worded} else {number} end"
    if all(":" not in item.shape for item in profile.shapes):
        return number
    part = [f"try_cast(split_part({value}, ':', {position}) as double)" for position in (1, 2, 3)]
    long = f"{part[0]} * 3600 + {part[1]} * 60 + {part[2]}"
    return (
        f"case when {value} like '%:%:%' then {long} "
        f"when {value} like '%:%' then {part[0]} * 60 + {part[1]} else {number} end"
    )

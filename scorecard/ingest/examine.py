"""Examining files: what each one is, what of it can be loaded, and what must be asked first. Changes nothing."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from scorecard import faults
from scorecard.errors import IngestError, NotInThisFileError
from scorecard.ingest import asof, checks, derive, evidence, profile, sql, told, typed
from scorecard.ingest.answers import Answers
from scorecard.ingest.headers import read_header, signature_of
from scorecard.ingest.kinds import ExportKind
from scorecard.ingest.mapping import by_kind, constants_of
from scorecard.ingest.profile import Cells
from scorecard.ingest.reading import read_file
from scorecard.ingest.readings import Planner, Sources, Table
from scorecard.ingest.recognise import Recognised, is_skip, recognise
from scorecard.ingest.report import FileReport, Known, LoadOptions, Question, TypedTable
from scorecard.ingest.rows import TextTable
from scorecard.schema import KINDS

Progress = Callable[[str], None]


def examine(
    paths: Sequence[Path],
    options: LoadOptions,
    known: Known,
    work: Path,
    *,
    names: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> list[FileReport]:
    """A report for every table of every file; typed rows are left as Parquet in `work`.

    A column named for several files holds for those that have it, and is refused where none has.
    """
    reports: list[FileReport] = []
    for number, path in enumerate(paths):
        name = names[number] if names else path.name
        if progress:
            progress(name)
        reports += _examine_file(path, name, options, known, work / f"file{number}", len(paths) > 1)
    if len(paths) > 1:
        told.refuse_unused(options, reports)
    return _share_as_of(reports, options)


def _examine_file(
    path: Path, name: str, options: LoadOptions, known: Known, work: Path, among_others: bool
) -> list[FileReport]:
    sha256 = ""
    try:
        sha256 = _digest(path)
        tables = read_file(path, work / "text", name=name, answers=options.answers)
        examiners = [
            _Examiner(table, path, sha256, options, known, work / f"table{number}", len(tables) > 1)
            for number, table in enumerate(tables)
        ]
        return [_as_far_as_it_fits(one) if among_others else one.report() for one in examiners]
    except IngestError as error:
        return [FileReport(name, None, path, sha256, "refused", error=str(error))]
    except OSError as error:
        if faults.sentence(error) == faults.FULL:
            raise  # no fault of the file: nobody may put it away for a full disk
        return [FileReport(name, None, path, sha256, "refused", error=f"{name} cannot be opened: {error.strerror}.")]


def _as_far_as_it_fits(examiner: "_Examiner") -> FileReport:
    """A file among others, without what was named for columns that only the others have."""
    left: list[str] = []
    while True:
        try:
            report = examiner.report()
            return replace(report, notes=(*report.notes, f"Not for this file: {', '.join(left)}.")) if left else report
        except NotInThisFileError as error:
            left.append(told.written(examiner.options, error.column))
            examiner = replace(examiner, options=told.without(examiner.options, error.column))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass
class _Examiner:
    """One table of one file on its way to a report."""

    table: TextTable
    path: Path
    sha256: str
    options: LoadOptions
    known: Known
    work: Path
    one_of_many: bool

    def __post_init__(self) -> None:
        if self.known.facts:
            self.table = replace(self.table, facts={**self.known.facts, **self.table.facts})

    def report(self) -> FileReport:
        connection = sql.connect(self.work)
        try:
            return self._report(connection)
        finally:
            connection.close()

    def _report(self, connection: duckdb.DuckDBPyConnection) -> FileReport:
        relation, params = self.table.source.relation()
        cells = Cells(connection, relation, params, self.table.header, self.table.row_count)
        headers = [read_header(text) for text in self.table.header]
        sampled = profile.sample(cells)
        weighed = {header: evidence.weigh(values) for header, values in sampled.items()}
        signature = signature_of(self.table.header)
        subject = self.table.file
        if self.one_of_many and self.table.sheet:
            subject = f"{self.table.file}/{self.table.sheet}"
        answers = Answers(subject, self.options.answers)
        base = self._base(signature, profile.examples(sampled))
        asked = answers.find("kind")
        if is_skip(asked):
            return self._not_used(base, "skipped", "Left out, as answered.")
        if not self.table.row_count:
            return self._not_used(base, "skipped", "The table has a header and no rows.")
        found = recognise(headers, weighed, self.options, self.known, signature, asked, self.table.file)
        base = replace(base, proposals=found.proposals, notes=(*base.notes, *found.notes))
        if found.kind is None:
            return self._unknown(base, found, answers)
        kind = found.kind
        answers.aliases = (kind.stem, kind.main.table) if kind.feeds else (kind.stem,)
        base = replace(base, kind=kind.stem, title=kind.title, system=kind.system)
        if kind.unused:
            return self._not_used(
                base, "unused", f"{kind.title} are recognised but not used. {kind.why_unused}".strip()
            )
        if found.saved:
            answers.saved = found.saved.answers
        cells = replace(cells, null_tokens=kind.null_tokens, zero_is_null=kind.zero_is_null)
        sampled = profile.without(sampled, kind.null_tokens)
        return self._typed(base, cells, kind, found, answers, sampled)

    def _base(self, signature: str, samples: Mapping[str, tuple[str, ...]]) -> FileReport:
        table = self.table
        notes = list(table.notes)
        if self.sha256 in self.known.loaded:
            notes.append(f"The very same file was loaded before: {self.known.loaded[self.sha256]}")
        return FileReport(
            file=table.file,
            sheet=table.sheet,
            path=self.path,
            sha256=self.sha256,
            status="ready",
            rows_read=table.rows_read,
            rows_loaded=table.row_count,
            rows_quarantined=len(table.refused),
            rows_not_data=len(table.set_aside),
            header=table.header,
            samples=samples,
            signature=signature,
            notes=tuple(notes),
            refused=table.refused,
            set_aside=table.set_aside,
            facts=table.facts,
            full=self.options.is_full(signature),
            delimiter=table.dialect.get("delimiter", ","),
        )

    def _not_used(self, base: FileReport, status: str, note: str) -> FileReport:
        """Nothing of the table is loaded: all its rows are no data to us."""
        return replace(
            base,
            status=status,  # pyright: ignore[reportArgumentType]
            rows_loaded=0,
            rows_quarantined=0,
            rows_not_data=base.rows_read,
            notes=(*base.notes, note),
        )

    def _unknown(self, base: FileReport, found: Recognised, answers: Answers) -> FileReport:
        if self.options.skip_unknown:
            return self._not_used(base, "skipped", "Not a file we know: left out.")
        likely = [choice for choice in found.choices if choice != "skip"][:2]
        text = f"What does {answers.subject} hold? It looks most like {' or '.join(likely)}."
        choices = tuple(dict.fromkeys((*found.choices, *KINDS, "skip")))
        return replace(base, status="question", questions=(Question(f"{answers.subject}.kind", text, choices),))

    def _typed(
        self,
        base: FileReport,
        cells: Cells,
        kind: ExportKind,
        found: Recognised,
        answers: Answers,
        sampled: Mapping[str, Sequence[str]],
    ) -> FileReport:
        constants = self._constants(kind, found)
        sources = self._require(kind, dict(found.sources), constants, answers)
        planner = Planner(cells, self.known, answers, sampled, self.table.facts)
        tables = self._plan(planner, kind, sources, constants, found.unused)
        outcome = self._decide_rows(cells, tables, answers, kind.planned)
        written = tuple(self._write(cells, kind, table, constants) for table in tables)
        notes = [*base.notes, *planner.notes, *outcome.notes]
        reconciliation = self._reconcile(cells, tables[0], written[0], sources, notes)
        at = self._as_of(cells, written, notes, answers)
        refused = (*base.refused, *outcome.refused)
        not_data = base.rows_not_data + len(outcome.left_out)
        used = {text for texts in sources.values() for text in texts}
        first = {column: texts[0] for column, texts in sources.items() if column not in constants}
        return replace(
            base,
            status="question" if answers.open else "ready",
            system=constants.get("system", kind.system),
            rows_loaded=base.rows_read - len(refused) - not_data,
            rows_quarantined=len(refused),
            rows_not_data=not_data,
            set_aside=(*base.set_aside, *outcome.left_out),
            mapping=first,
            constants=dict(constants),
            unmapped=tuple(header for header in cells.header if header not in used),
            notes=tuple(dict.fromkeys(notes)),
            questions=tuple(answers.open),
            refused=refused,
            tables=written,
            as_of=at.at if at else None,
            as_of_origin=at.origin if at else "",
            full=base.full if base.full is not None else (found.saved.full if found.saved else None),
            reconciliation=tuple(reconciliation),
            answers=answers.used,
            remembered=found.saved is not None,
            given=found.given,
            reading=planner.said(sources),
        )

    def _plan(
        self,
        planner: Planner,
        kind: ExportKind,
        sources: Sources,
        constants: Mapping[str, str],
        unused: frozenset[str],
    ) -> list[Table]:
        """How each table the file feeds is read; the main one first."""
        headers = [read_header(text) for text in planner.cells.header if text not in unused]
        tables: list[Table] = []
        for feed in kind.feeds:
            is_main = feed is kind.main
            fed = sources if is_main else by_kind(feed, headers, {})
            given = constants_of(feed, fed)
            table = planner.plan(feed, fed, {**given, **constants} if is_main else given)
            table = derive.complete(planner, table, fed, self.table.facts, self.table.file)
            if not is_main and feed.where not in table.readings:
                continue
            if is_main and derive.period_missing(feed, table):
                self._ask_period(planner.answers)
            tables.append(table)
        return tables

    def _decide_rows(
        self, cells: Cells, tables: Sequence[Table], answers: Answers, planned: Mapping[str, Sequence[str]]
    ) -> typed.Outcome:
        """Which rows are set aside, for a cell that cannot be read or an id that contradicts another row."""
        delimiter = self.table.dialect.get("delimiter", ",")
        outcome = typed.Outcome()
        strict = [reading for table in tables for reading in typed.find_unreadable(cells, table, answers, outcome)]
        typed.set_aside_unreadable(cells, strict, delimiter, outcome)
        typed.leave_out_deleted(cells, delimiter, outcome)
        typed.leave_out_planned(cells, planned, delimiter, outcome)
        doubled = typed.settle_duplicates(cells, tables[0], delimiter, outcome)
        accepted = self.options.answers.get("contract.duplicate_ids")
        contract = checks.too_many_duplicates(doubled, self.table.row_count, accepted)
        if contract:
            answers.open.append(contract)
        return outcome

    def _constants(self, kind: ExportKind, found: Recognised) -> dict[str, str]:
        given = {**(found.saved.constants if found.saved else {}), **self.options.constants}
        allowed = {*kind.main.schema.column_names, "system", "object"}
        for name in given:
            if name not in allowed:
                listed = ", ".join(kind.main.schema.column_names)
                text = f"{self.table.file}: {kind.main.table} has no column “{name}”. Its columns are: {listed}."
                raise NotInThisFileError(text, name)
        return given

    def _require(
        self, kind: ExportKind, sources: dict[str, tuple[str, ...]], constants: dict[str, str], answers: Answers
    ) -> dict[str, tuple[str, ...]]:
        """Ask for each required column nobody fills; an answer names a header."""
        schema = kind.main.schema
        wanted = [(column.name,) for column in schema.columns if column.required]
        wanted += list(schema.needs_one_of)
        for names in wanted:
            named = {*sources, *(["name"] if {"first_name", "last_name"} & sources.keys() else [])}
            derived = {name for name, origin in kind.main.derive.items() if origin in named}
            filled = {*sources, *constants, *kind.main.constants, *derived}
            if any(name in filled for name in names):
                continue
            topic = f"{names[0]}.required"
            spoken = " or ".join(names)
            text = f"Which column of {answers.subject} is {spoken} ({schema.column(names[0]).doc})?"
            choice = answers.choose(topic, text, self.table.header)
            if choice:
                sources[names[0]] = (choice,)
        return sources

    def _ask_period(self, answers: Answers) -> None:
        text = (
            f"Which days is the spend in {answers.subject} for? Give --set period_start=YYYY-MM-DD and "
            "--set period_end=YYYY-MM-DD, or say which column is the day."
        )
        answers.ask("period_start.required", text, self.table.header)

    def _write(self, cells: Cells, kind: ExportKind, table: Table, constants: Mapping[str, str]) -> TypedTable:
        system = constants.get("system", kind.system)
        object_ = constants.get("object", table.feed.object) if table.feed is kind.main else table.feed.object
        target = self.work / f"{table.feed.table}.parquet"
        return typed.write(cells, table, typed.Lineage(system, object_), target)

    def _reconcile(self, cells: Cells, table: Table, written: TypedTable, sources: Sources, notes: list[str]) -> list:
        if not self.table.totals:
            return []
        sums = typed.totals_of(cells, written, checks.additive(table))
        mapping = {name: texts[0] for name, texts in sources.items()}
        units = {name: table.feed.units.get(name) or read_header(header).unit for name, header in mapping.items()}
        found, sentences = checks.reconcile(table, mapping, self.table.totals, sums, units, written.row_count)
        notes += sentences
        return found

    def _as_of(
        self, cells: Cells, written: tuple[TypedTable, ...], notes: list[str], answers: Answers
    ) -> asof.AsOf | None:
        at = asof.said(self.options.as_of, self.table.facts, self.table.file, self.known.now)
        if not at:
            answer = answers.find("as_of")
            at = asof.said(None, {"as_of": answer or ""}, "", self.known.now)
        at = at or asof.newest_record(cells.connection, written[0], self.known.now)
        if not at and written[0].kind in asof.LISTS:
            at = asof.AsOf(self.known.now, "load date", "A list without dates: taken as it is on the day of loading.")
        if at and at.note:
            notes.append(at.note)
        if not at:
            answers.ask("as_of", f"Which day does {answers.subject} tell of? It holds no date. Answer YYYY-MM-DD.")
        return at


def _share_as_of(reports: list[FileReport], options: LoadOptions) -> list[FileReport]:
    """A file without any date tells of the same day as the dated files it came with."""
    dated = [report.as_of for report in reports if report.as_of and report.as_of_origin != "load date"]
    if not dated or options.as_of:
        return reports
    newest = max(dated)
    shared = []
    for report in reports:
        asks = [question for question in report.questions if question.key.endswith(".as_of")]
        if asks or report.as_of_origin == "load date":
            rest = tuple(question for question in report.questions if question not in asks)
            note = f"Taken as of {newest:%Y-%m-%d}, like the files loaded with it."
            notes = tuple(text for text in report.notes if "on the day of loading" not in text)
            status = "question" if rest else "ready"
            report = replace(
                report, status=status, questions=rest, as_of=newest, as_of_origin="other files", notes=(*notes, note)
            )
        shared.append(report)
    return shared

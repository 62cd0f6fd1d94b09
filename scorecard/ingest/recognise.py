"""What kind of file this is: by a saved mapping, by the vendor's headers, by our own column names, or by its words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from scorecard.ingest import mapping, remembered
from scorecard.ingest.evidence import Evidence
from scorecard.ingest.headers import Header, key_of
from scorecard.ingest.kinds import ExportKind, find_kind, own_kind, vendor_kinds
from scorecard.ingest.report import Known, LoadOptions, Proposal, SavedMapping
from scorecard.schema import KINDS, Kind

OWN_SHARE = 0.6
CLEAR_LEAD = 1.25  # the best kind of an unknown file must weigh this much more than the second
CLEAR_SHARE = 0.4
CLEAR_COLUMNS = 3
UNIQUE_SHARE = 0.95
NOT_QUITE = "Its columns are not quite those of the file accepted before; the ones both have were read as then."
COLUMNS_FED = 3
SURE = 0.95
_NAMED = frozenset({"email", "name", "first_name", "last_name"})
_MONEY = {"deals": "amount", "spend": "cost"}
CLEARLY_MORE = 2  # columns that another vendor's list must explain for the question whose it is
_TELLING: dict[str, tuple[frozenset[str], ...]] = {
    "people": (frozenset({"email", "company_name"}), frozenset({"email", "source_raw"})),
    "companies": (frozenset({"name", "industry"}), frozenset({"name", "domain"})),
    "deals": (frozenset({"stage_raw", "amount"}),),
    "deal_people": (frozenset({"deal_id", "person_id"}),),
    "stage_events": (frozenset({"entity_id", "stage", "entered_at"}),),
    "activities": (frozenset({"at", "type"}),),
    "touches": (frozenset({"at", "channel"}),),
    "campaigns": (frozenset({"name", "start_at", "actual_cost"}),),
    "spend": (frozenset({"period_start", "cost"}),),
    "video_views": (frozenset({"at", "pct"}),),
    "surveys": (frozenset({"at", "score"}),),
    "revenue": (frozenset({"month", "amount"}),),
    "targets": (frozenset({"period", "metric", "value"}),),
}
# A synced history table holds every version of each record: only a kind that asks for the mark reads it.
_HISTORY = "fivetranstart"

Sources = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Recognised:
    """The kind and what fills its main table; with `kind` None a person must say, and `choices` are the candidates."""

    kind: ExportKind | None
    sources: Sources = field(default_factory=dict)
    proposals: tuple[Proposal, ...] = ()
    choices: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    saved: SavedMapping | None = None
    unused: frozenset[str] = frozenset()  # headers a person chose not to use
    given: Mapping[str, str] = field(default_factory=dict)  # the mapping a person gave, now or earlier


def recognise(
    headers: Sequence[Header],
    evidence: Mapping[str, Evidence],
    options: LoadOptions,
    known: Known,
    signature: str,
    asked_kind: str | None,
    file: str,
) -> Recognised:
    """The file's kind and mapping; what the caller asked for wins, then what was accepted before."""
    wanted = asked_kind or options.kind
    saved = known.mappings.get(signature)
    said = options.said(signature)
    if saved and (not wanted or find_kind(wanted).stem == saved.kind):
        kind = find_kind(saved.kind)
        given = remembered.merged(saved.mapping, said)
        return _mapped(kind, headers, evidence, given, file, ("Its columns were read as accepted last time.",), saved)
    vendor = _vendors(headers)
    if wanted:
        kind = _wanted_kind(wanted, vendor)
        return _mapped(kind, headers, evidence, said, file)
    same = _as_before(known, vendor, headers)
    if same:
        kind = find_kind(same.kind)
        note = f"Most of its columns are those of the {kind.title} loaded before, so it was read as these."
        given = remembered.merged(remembered.present(same.mapping, headers), said)
        return _mapped(kind, headers, evidence, given, file, (note,))
    own = _own(headers, OWN_SHARE)
    if len(own) == 1 and (not vendor or _own(headers, 1.0)):
        return _mapped(own[0], headers, evidence, said, file)
    if len(vendor) == 1 and (rival := _rival(vendor[0], headers)):
        return _tied((rival, vendor[0]), headers, evidence)
    if len(vendor) == 1:
        notes = [f"Recognised as {vendor[0].title} by its column names."]
        chosen = remembered.choices(vendor[0].stem, known.earlier, headers)
        if chosen:
            notes.append(f"{', '.join(chosen)}: taken as accepted for an earlier file of this kind.")
        return _mapped(vendor[0], headers, evidence, remembered.merged(chosen, said), file, tuple(notes))
    if alike := remembered.alike(known.earlier, headers):
        given = remembered.merged(remembered.present(alike.mapping, headers), said)
        return _mapped(find_kind(alike.kind), headers, evidence, given, file, (NOT_QUITE,))
    if own or vendor:
        return _tied(own or vendor, headers, evidence)
    return _unknown(headers, evidence, options, said, file)


def _tied(kinds: Sequence[ExportKind], headers: Sequence[Header], evidence: Mapping[str, Evidence]) -> Recognised:
    """Nothing tells these kinds apart: a person does; the columns of the first are proposed."""
    choices = tuple(kind.stem for kind in kinds)
    return Recognised(None, proposals=_proposals_of(kinds[0], headers, evidence), choices=choices)


def _as_before(known: Known, vendor: Sequence[ExportKind], headers: Sequence[Header]) -> SavedMapping | None:
    """The earlier file of a vendor whose columns these mostly are, where the headers alone say less or something else.

    Three renamed columns must not turn one vendor's deals into another's, which would count them all twice.
    """
    same = remembered.same_source(known.earlier, headers)
    if same is None or same.kind in KINDS or same.kind in {kind.stem for kind in vendor}:
        return None
    fed = len(mapping.by_kind(find_kind(same.kind).main, headers, {}))
    others = [len(mapping.by_kind(kind.main, headers, {})) for kind in vendor if not kind.unused]
    return same if fed >= COLUMNS_FED and fed > max(others, default=0) else None


def _rival(kind: ExportKind, headers: Sequence[Header]) -> ExportKind | None:
    """A vendor whose list of the same sort explains clearly more of the columns, although its mark is missing."""
    keys = {header.key for header in headers}
    marks = keys | {f"={header.text.strip()}" for header in headers}

    def explained(other: ExportKind) -> int:
        return sum(any(key in keys for key in names) for names in other.main.columns.values())

    if kind.unused or {_HISTORY} & keys:
        return None
    alike = [
        other
        for other in vendor_kinds().values()
        if not other.unused and other.main.table == kind.main.table and not other.never & marks
    ]
    best = max(alike, key=explained)
    return best if explained(best) >= explained(kind) + CLEARLY_MORE else None


def _wanted_kind(wanted: str, vendor: Sequence[ExportKind]) -> ExportKind:
    """`--as deals` on a file that plainly is HubSpot's keeps HubSpot's columns and ids apart from others'."""
    asked = find_kind(wanted)
    if asked.system == "own":
        for kind in vendor:
            if not kind.unused and kind.main.table == asked.stem:
                return kind
    return asked


def _mapped(
    kind: ExportKind,
    headers: Sequence[Header],
    evidence: Mapping[str, Evidence],
    given: Mapping[str, str],
    file: str,
    notes: tuple[str, ...] = (),
    saved: SavedMapping | None = None,
) -> Recognised:
    """The mapping of a kind that is settled: what was given, then the kind's own, then what the words make certain."""
    if kind.unused:
        return Recognised(kind, notes=notes, saved=saved)
    sources = mapping.by_kind(kind.main, headers, evidence)
    proposals = mapping.by_words(kind.main.schema, headers, evidence)
    if kind.system == "own" and not saved:
        used = {text for texts in sources.values() for text in texts}
        for proposal in proposals:
            column = proposal.canonical
            if column and proposal.score >= mapping.ACCEPT and column not in sources and proposal.header not in used:
                sources[column] = (proposal.header,)
        _plain_id(kind.main.schema, sources, headers, evidence)
    elif kind.system != "own":
        _needed(kind, sources, proposals)
        notes = (*notes, *_without_fail(kind, sources, proposals))
    explicit = mapping.resolve(kind.main.table, given, headers, file)
    moved = {text for texts in explicit.values() for text in texts}
    unused = {text for column, texts in explicit.items() if not texts for text in sources.get(column, ())} - moved
    settled = {column: texts for column, texts in sources.items() if not moved & set(texts)} | explicit
    sources = {column: texts for column, texts in settled.items() if texts}
    final = _final(proposals, sources, kind.main.table, unused)
    return Recognised(kind, sources, final, notes=notes, saved=saved, unused=frozenset(unused), given=dict(given))


def _needed(kind: ExportKind, sources: Sources, proposals: Sequence[Proposal]) -> None:
    """A needed column that the vendor's own names do not fill is filled by a header that plainly names it."""
    schema = kind.main.schema
    used = {text for texts in sources.values() for text in texts}
    filled = {*sources, *kind.main.constants, *kind.main.derive}
    for names in [*((column.name,) for column in schema.columns if column.required), *schema.needs_one_of]:
        for proposal in proposals:
            plain = proposal.canonical in names and proposal.score >= mapping.ACCEPT and proposal.header not in used
            if proposal.canonical and plain and not filled & set(names):
                sources[proposal.canonical] = (proposal.header,)
                filled.add(proposal.canonical)


def _without_fail(kind: ExportKind, sources: Sources, proposals: Sequence[Proposal]) -> list[str]:
    """Money under a name that any program uses is better than none, when the vendor's own name for it is not there."""
    notes = []
    used = {text for texts in sources.values() for text in texts}
    for proposal in proposals:
        column = proposal.canonical
        if column != _MONEY.get(kind.main.table) or column in sources or proposal.header in used:
            continue
        if proposal.score >= SURE and column is not None:
            sources[column] = (proposal.header,)
            notes.append(f"“{proposal.header}” was taken as {column}: {kind.title} usually call it otherwise.")
    return notes


def _plain_id(kind: Kind, sources: Sources, headers: Sequence[Header], evidence: Mapping[str, Evidence]) -> None:
    """A column just called `id` whose values all differ is the record's own id."""
    if not kind.key or kind.key in sources or kind.name in ("users", "products"):
        return
    for header in headers:
        free = all(header.text not in texts for texts in sources.values())
        if header.key == "id" and free and evidence[header.text].distinct == 1:
            sources[kind.key] = (header.text,)


def _final(
    proposals: Sequence[Proposal], sources: Sources, table: str, unused: Collection[str]
) -> tuple[Proposal, ...]:
    """Proposals as they stand after the mapping is settled."""
    fed = {text: column for column, texts in sources.items() for text in texts}
    taken = set(sources)
    settled = []
    for proposal in proposals:
        if proposal.header in fed:
            settled.append(Proposal(proposal.header, fed[proposal.header], 1.0, "mapped", table))
        elif proposal.header in unused:
            settled.append(Proposal(proposal.header, None, 0.0, "not used, as somebody chose", table))
        elif proposal.canonical in taken:
            settled.append(Proposal(proposal.header, None, 0.0, f"{proposal.canonical} is already filled", table))
        else:
            settled.append(proposal)
    return tuple(settled)


def _vendors(headers: Sequence[Header]) -> list[ExportKind]:
    """The vendor kinds whose headers these are; several only when nothing tells them apart."""
    plain = {header.key for header in headers}
    written = {f"={header.text.strip()}" for header in headers}
    history = {_HISTORY} & plain
    scored = []
    for kind in vendor_kinds().values():
        keys = plain if kind.unused or not kind.main.prefixes else set(mapping.keys_in(kind.main, headers))
        marks = keys | written
        matched = [_strength(signature) for signature in kind.signatures if history <= signature <= marks]
        if not matched or kind.never & marks:
            continue
        fed = 0 if kind.unused else sum(any(key in keys for key in names) for names in kind.main.columns.values())
        scored.append(((max(matched) if kind.unused else max(matched) + fed), kind))
    outranked = {stem for _, kind in scored for stem in kind.outranks}
    scored = [(score, kind) for score, kind in scored if kind.stem not in outranked]
    best = max((score for score, _ in scored), default=0)
    return [kind for score, kind in scored if score == best]


def _strength(signature: frozenset[str]) -> int:
    """How telling a matched signature is: a header in the vendor's very own spelling counts for three."""
    return sum(3 if mark.startswith("=") else 1 for mark in signature)


def _own(headers: Sequence[Header], share: float) -> list[ExportKind]:
    """Our own kinds whose column names the headers are; several only when nothing tells them apart."""
    written = [header.text.strip() for header in headers]
    # "Cost" is a word, "cost" and "DEAL_ID" are column names.
    names = {text.casefold() if text == text.casefold() or "_" in text else text for text in written}
    scored = []
    for kind in KINDS.values():
        matched = names & set(kind.column_names)
        if len(matched) < min(2, len(names)) or len(matched) < share * len(names) or not complete(kind, matched):
            continue
        has_key = 1 if kind.key is None else 2 * (kind.key in matched)
        telling = any(_owners(name) <= 2 for name in matched) or any(
            columns <= matched for columns in _TELLING.get(kind.name, ())
        )
        if not has_key and not telling:
            continue  # name, type, status: every list has those
        if not has_key and kind.name == "people" and not matched & _NAMED:
            continue  # a score and a day are not a person
        required = sum(column.required for column in kind.columns)
        scored.append(((len(matched), has_key, required), kind))
    best = max((score for score, _ in scored), default=None)
    return [own_kind(kind.name) for score, kind in scored if score == best]


def _owners(column: str) -> int:
    """How many of our kinds have a column of that name."""
    return sum(column in kind.column_names for kind in KINDS.values())


def complete(kind: Kind, mapped: set[str]) -> bool:
    """Whether every required column is there."""
    required = {column.name for column in kind.columns if column.required}
    return required <= mapped and all(any(name in mapped for name in names) for names in kind.needs_one_of)


def _unknown(
    headers: Sequence[Header],
    evidence: Mapping[str, Evidence],
    options: LoadOptions,
    said: Mapping[str, str],
    file: str,
) -> Recognised:
    """The kind the words and values make clear, or a question with the likeliest kinds first."""
    weighed = sorted(((_weight(kind, headers, evidence), kind) for kind in KINDS.values()), key=lambda pair: -pair[0])
    (best, kind), (second, _) = weighed[0], weighed[1]
    recognised = _mapped(own_kind(kind.name), headers, evidence, {}, file)
    certain = [p for p in recognised.proposals if p.canonical and p.score >= mapping.ACCEPT]
    mapped = set(recognised.sources) | {column for column in said if said[column]} | set(options.constants)
    clear = (
        best >= CLEAR_LEAD * second
        and complete(kind, mapped)
        and len(certain) >= CLEAR_COLUMNS
        and len(certain) >= CLEAR_SHARE * len(headers)
        and _telling(kind, recognised.sources, evidence)
    )
    if clear:
        note = f"Taken for {kind.title.lower()}, judging by its column names and values."
        return _mapped(own_kind(kind.name), headers, evidence, said, file, (note,))
    choices = tuple(kind.name for weight, kind in weighed if weight > 0) or tuple(KINDS)
    rest = tuple(name for name in KINDS if name not in choices)
    return Recognised(None, proposals=recognised.proposals, choices=(*choices, *rest, "skip"))


def _telling(kind: Kind, sources: Sources, evidence: Mapping[str, Evidence]) -> bool:
    """Whether a row of the file is plainly one of the kind: its id is there and differs from row to row, or,
    without an id, the columns that only such a list has together."""
    if kind.key and kind.key in sources:
        says_more = any(kind.column(name).type not in ("id", "ids", "timestamp") for name in sources)
        return says_more and evidence[sources[kind.key][0]].distinct >= UNIQUE_SHARE
    return any(columns <= set(sources) for columns in _TELLING.get(kind.name, ()))


def _weight(kind: Kind, headers: Sequence[Header], evidence: Mapping[str, Evidence]) -> float:
    """How much of the file only this kind explains: a header that every kind knows says nothing."""
    total = 0.0
    fed: set[str] = set()
    for header in headers:
        columns = [
            column
            for column in mapping.exact_columns(kind.name, header)
            if evidence[header.text].fits(kind.column(column).type, column) >= 0.6
        ]
        if not columns:
            continue
        knowing = sum(bool(mapping.exact_columns(other, header)) for other in KINDS)
        fed.update(columns[:1])
        total += 1 / knowing
        if kind.key in columns and len(columns) == 1:
            total += 0.5
    return total if complete(kind, fed) else total / 2


def _proposals_of(
    kind: ExportKind, headers: Sequence[Header], evidence: Mapping[str, Evidence]
) -> tuple[Proposal, ...]:
    return () if kind.unused else _mapped(kind, headers, evidence, {}, "").proposals


def is_skip(answer: str | None) -> bool:
    """Whether a person chose to leave the file out."""
    return answer is not None and key_of(answer) == "skip"

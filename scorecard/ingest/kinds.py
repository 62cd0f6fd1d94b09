"""The exports we know by their headers: one TOML file per vendor and object in scorecard/kinds/."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from scorecard.errors import IngestError
from scorecard.ingest.headers import key_of
from scorecard.schema import KINDS, Kind

KINDS_DIR = Path(__file__).parent.parent / "kinds"
SYNONYMS = Path(__file__).parent / "synonyms.toml"
_OBJECTS = {
    "people": "person", "companies": "company", "deals": "deal", "deal_people": "deal_person",
    "stage_events": "stage_event", "activities": "activity", "touches": "touch", "campaigns": "campaign",
    "spend": "spend", "videos": "video", "video_views": "video_view", "video_period": "video_period",
    "surveys": "survey", "revenue": "revenue", "users": "user", "products": "product", "targets": "target",
}  # fmt: skip


@dataclass(frozen=True)
class Feed:
    """One canonical table that a file fills: which headers go where, and what is the same for every row."""

    table: str
    object: str
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # canonical -> header keys, best first
    first_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # several headers; the first with a value
    constants: Mapping[str, str] = field(default_factory=dict)
    derive: Mapping[str, str] = field(default_factory=dict)  # canonical <- other canonical column
    # canonical -> pattern of a header that states a question, where no header is called so
    like: Mapping[str, str] = field(default_factory=dict)
    when_like: Mapping[str, str] = field(default_factory=dict)  # what is the same for every row if one was found so
    where: str = ""  # canonical column that must have a value for the row to be in this table
    prefixes: tuple[str, ...] = ()  # written before a column's own name by some exports: "Opportunity: Stage"
    ignore: frozenset[str] = frozenset()  # header keys that are called like a column of ours and are not it
    # canonical -> what 1.0 means: percent = 100 or 1; duration = seconds, minutes or hours; money = micros;
    # `leading` = the number a label begins with ("10 - Extremely likely")
    units: Mapping[str, str] = field(default_factory=dict)
    # canonical -> the parts it is put together from, each with the headers that may carry it
    made: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def schema(self) -> Kind:
        return KINDS[self.table]


@dataclass(frozen=True)
class ExportKind:
    """One kind of export. The first feed is the main table; a kind without feeds is recognised but not used."""

    stem: str
    title: str
    system: str
    signatures: tuple[frozenset[str], ...]  # header keys that must all be there; `=TEXT` = exactly so written
    feeds: tuple[Feed, ...]
    never: frozenset[str] = frozenset()  # a header that shows it is another kind; `=TEXT` as above
    outranks: frozenset[str] = frozenset()  # kinds whose signatures it has too, and more
    null_tokens: tuple[str, ...] = ()
    zero_is_null: bool = False
    why_unused: str = ""
    planned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # header key -> words of what is not done yet

    @property
    def unused(self) -> bool:
        return not self.feeds

    @property
    def main(self) -> Feed:
        return self.feeds[0]


@cache
def vendor_kinds() -> dict[str, ExportKind]:
    """Every vendor kind by its file's stem."""
    return {path.stem: _parse(path) for path in sorted(KINDS_DIR.glob("*.toml"))}


@cache
def own_kind(table: str) -> ExportKind:
    """Our own column names, and whatever a person maps by hand, for one canonical table."""
    kind = KINDS[table]
    columns = {column.name: (key_of(column.name),) for column in kind.columns}
    return ExportKind(table, kind.title, "own", (), (Feed(table, _OBJECTS[table], columns),))


@cache
def synonyms() -> dict[str, dict[str, tuple[str, ...]]]:
    """Table -> canonical column -> header keys that mean it in any program."""
    with SYNONYMS.open("rb") as file:
        parsed = tomllib.load(file)
    return {
        table: {column: tuple(key_of(name) for name in names) for column, names in columns.items()}
        for table, columns in parsed.items()
    }


def find_kind(name: str) -> ExportKind:
    """The kind of that name: one of our tables (`deals`) or a vendor's (`hubspot_deals`)."""
    if name in KINDS:
        return own_kind(name)
    if name in vendor_kinds():
        return vendor_kinds()[name]
    listed = ", ".join([*KINDS, *vendor_kinds()])
    raise IngestError(f"There is no kind of file called “{name}”. Choose one of: {listed}.")


def _parse(path: Path) -> ExportKind:
    with path.open("rb") as file:
        data = tomllib.load(file)
    feeds = () if data.get("unused") else (_feed(data), *(_feed(feed) for feed in data.get("feeds", [])))
    return ExportKind(
        stem=path.stem,
        title=data["title"],
        system=data["system"],
        signatures=tuple(_marks(names) for names in data["signatures"]),
        feeds=feeds,
        never=_marks(data.get("never", [])),
        outranks=frozenset(data.get("outranks", [])),
        null_tokens=tuple(data.get("null_tokens", [])),
        zero_is_null=data.get("zero_is_null", False),
        why_unused=data.get("why", ""),
        planned={
            key_of(name): tuple(word.casefold() for word in words) for name, words in data.get("planned", {}).items()
        },
    )


def _marks(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name if name.startswith("=") else key_of(name) for name in names)


def _feed(data: Mapping) -> Feed:
    columns: Mapping[str, Iterable[str]] = data.get("columns", {})
    return Feed(
        table=data["table"],
        object=data.get("object", _OBJECTS[data["table"]]),
        columns={column: tuple(map(key_of, names)) for column, names in columns.items()},
        first_of={column: tuple(map(key_of, names)) for column, names in data.get("first_of", {}).items()},
        constants={column: str(value) for column, value in data.get("constants", {}).items()},
        derive=dict(data.get("derive", {})),
        like=dict(data.get("like", {})),
        when_like={column: str(value) for column, value in data.get("when_like", {}).items()},
        where=data.get("where", ""),
        prefixes=tuple(prefix.casefold() for prefix in data.get("prefixes", [])),
        ignore=frozenset(map(key_of, data.get("ignore", []))),
        units={column: str(value) for column, value in data.get("units", {}).items()},
        made={
            column: {part: tuple(map(key_of, names)) for part, names in parts.items()}
            for column, parts in data.get("made", {}).items()
        },
    )

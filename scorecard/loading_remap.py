"""What is remembered about the columns of each source, and changing it later: files are read again, never uploaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from scorecard import loading, loading_state
from scorecard.book import MappingEntry
from scorecard.errors import StoreError
from scorecard.imports import ImportRecord
from scorecard.ingest.remembered import merged
from scorecard.store import Store
from scorecard.store_snapshots import SnapshotInfo
from scorecard.store_work import WorkFolder

_SHORTEST = 6  # letters of a signature that name it


@dataclass(frozen=True)
class Remembered:
    """How files with one header are read, and the files in effect that were read so."""

    entry: MappingEntry
    records: tuple[ImportRecord, ...]  # oldest first

    @property
    def signature(self) -> str:
        return self.entry.signature

    @property
    def title(self) -> str:
        """What the files hold."""
        return self.records[-1].title if self.records else self.entry.kind

    @property
    def file(self) -> str:
        """The newest file's name; '' when none is in effect."""
        return self.records[-1].file if self.records else ""

    @property
    def header(self) -> tuple[str, ...]:
        """The columns such a file has, as far as they are known."""
        if self.records and self.records[-1].header:
            return self.records[-1].header
        return tuple(dict.fromkeys(header for header in self.mapping.values() if header))

    @property
    def mapping(self) -> Mapping[str, str]:
        """Our column -> theirs, as the newest file was read; '' = not used."""
        unused = {column: "" for column, header in self.entry.mapping.items() if not header}
        return {**unused, **(self.records[-1].mapping if self.records else self.entry.mapping)}

    def as_json(self) -> dict[str, Any]:
        """What `mappings --json` prints."""
        return {
            "signature": self.signature,
            "kind": self.entry.kind,
            "title": self.title,
            "files": [record.file for record in self.records],
            "mapping": dict(self.mapping),
            "said": dict(self.entry.mapping),
            "constants": dict(self.entry.constants),
            "answers": dict(self.entry.answers),
            "full": self.entry.full,
        }


def remembered(store: Store) -> list[Remembered]:
    """Every remembered source, by title and file."""
    _, held = loading_state.state(store)
    own = [record for record in held if not record.mends]
    found = [
        Remembered(entry, tuple(record for record in own if record.signature == signature))
        for signature, entry in store.book.mappings().items()
    ]
    return sorted(found, key=lambda item: (item.title, item.file, item.signature))


def find(store: Store, named: str) -> Remembered:
    """The source a file name or the beginning of a signature names."""
    known = remembered(store)
    found = [item for item in known if named in {record.file for record in item.records}]
    if not found and len(named) >= _SHORTEST:
        found = [item for item in known if item.signature.startswith(named)]
    if len(found) != 1:
        hint = "several files of that name have different columns" if found else "nothing is remembered of it"
        raise StoreError(f"{named}: {hint}. `python -m scorecard mappings` lists what is remembered.")
    return found[0]


def forget(store: Store, signature: str, now: datetime, who: str) -> bool:
    """The next file with this header is read afresh; files already loaded stay as they were read."""
    with store.lock():
        return store.book.remove("mappings", (signature,), who, now)


def remap(
    store: Store,
    signature: str,
    changes: Mapping[str, str],
    now: datetime,
    who: str,
    answers: Mapping[str, str] | None = None,
    progress: loading.Progress | None = None,
) -> SnapshotInfo | None:
    """Read every file with this header again from raw with these columns changed, and publish once.

    changes: our column -> theirs; '' = not used any more. None where no such file is in effect: then it is only
    remembered. When a file cannot be read so, an error says why and nothing is changed.
    """
    with store.lock():
        entry = store.book.mappings().get(signature)
        if entry is None:
            raise StoreError("Nothing is remembered for files with these columns. Load one first.")
        given = merged(entry.mapping, changes)
        _, held = loading_state.state(store)
        old = [record for record in held if record.signature == signature]
        wanted = replace(entry, mapping=given, answers={**entry.answers, **(answers or {})})
        if not old:
            store.book.save_mapping(wanted, who, now)
            return None
        kept_raw = set(store.raw.iterdir())
        added: list[ImportRecord] = []
        work = WorkFolder(store.work_folder)
        try:
            added += _read_all(store, old, given, answers or {}, work, now, progress)
            kept = [record for record in held if record not in old]
            info = loading_state.publish(store, [*kept, *added], now, None, who, "columns mapped anew", progress)
        except BaseException:
            loading.undo(store, added, kept_raw)
            raise
        finally:
            work.close()
        newest = max((record for record in added if not record.mends), key=lambda record: record.order)
        store.book.save_mapping(replace(wanted, mapping=newest.given), who, now)
        store.book.back_up()
    return info


def _read_all(
    store: Store,
    old: Sequence[ImportRecord],
    given: Mapping[str, str],
    answers: Mapping[str, str],
    work: WorkFolder,
    now: datetime,
    progress: loading.Progress | None,
) -> list[ImportRecord]:
    """New records in place of the old ones; they keep their order, and rows mended stay mended."""
    fresh: list[ImportRecord] = []
    ids: dict[str, str] = {}
    for number, record in enumerate(old):
        told = replace(record, given=dict(given), answers={**record.answers, **answers})
        again = loading_state.read_again(store, told, work.path / str(number), progress, anew=True)
        ids[record.id] = store.new_import_id(now)
        again = replace(
            again,
            id=ids[record.id],
            loaded_at=record.loaded_at + timedelta(microseconds=1),  # so that it is known to replace the old one
            mends=ids.get(record.mends, record.mends),
            mended=tuple((ids.get(import_id, import_id), line) for import_id, line in record.mended),
        )
        fresh.append(store.add_import(again))
    return fresh

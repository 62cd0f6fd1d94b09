"""The store: raw files, imports and immutable snapshots, of which CURRENT names the one that is shown."""

import fcntl
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from scorecard import faults, files, sealed, store_kept, warehouse
from scorecard.book import Book, BookCopy, copy_of
from scorecard.errors import StoreError
from scorecard.imports import ImportRecord
from scorecard.store_snapshots import ID_PATTERN, SnapshotInfo, as_built, damage, forget, new_id
from scorecard.store_work import sweep, sweep_orphans, take_lock

LOCK_WAIT_S = 5.0


class Store:
    """One folder on disk. Reading changes nothing in it; writing goes through `lock()`."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)
        self.raw = self.root / "raw"
        self.imports_folder = self.root / "imports"
        self.snapshots_folder = self.root / "snapshots"
        self.work_folder = self.root / "work"
        self.pointer = self.root / "CURRENT"
        self.book = Book(self.root / "book.sqlite", lambda: store_kept.find_book(self.snapshots_folder))

    # -- writing

    def prepare(self) -> None:
        """The folders exist and are private."""
        for folder in (self.root, self.raw, self.imports_folder, self.snapshots_folder, self.work_folder):
            try:
                files.make_private_folder(folder)
            except OSError as error:
                raise StoreError(f"The store {self.root} cannot be written: {error.strerror}.") from error

    @contextmanager
    def lock(self, wait_s: float = LOCK_WAIT_S, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
        """Hold the store for writing; StoreBusyError when another process keeps it longer than `wait_s`."""
        self.prepare()
        path = self.root / "lock"
        with faults.said(), path.open("a") as handle:
            path.chmod(files.PRIVATE_FILE)
            take_lock(handle.fileno(), wait_s, on_wait)
            try:
                self._sweep()
                yield
            finally:
                fcntl.flock(handle, fcntl.LOCK_UN)

    def _sweep(self) -> None:
        """Remove what a killed load left half written; nothing refers to it."""
        for folder in (self.root, self.raw, self.imports_folder, self.snapshots_folder):
            for leftover in (*folder.glob(".*.new*"), *folder.glob(".building-*")):
                files.remove(leftover)
        sweep(self.work_folder)
        manifests = {snapshot_id: self._manifest(snapshot_id) for snapshot_id in self._ids()}
        sweep_orphans(self.snapshots_folder, self.imports_folder, manifests, self._wanted()[0])

    def add_raw(self, source: Path, expected_sha256: str | None = None) -> str:
        """Keep the bytes for ever under their sha256, which is returned."""
        name = files.sha256(source)
        if expected_sha256 and name != expected_sha256:
            raise StoreError(f"{source.name} changed while it was being read. Load it again.")
        target = self.raw / name
        if not self.has_raw(name):
            files.copy_file(source, target, files.READ_ONLY_FILE)
        return name

    def has_raw(self, name: str) -> bool:
        """The bytes of that sha256 are there, undamaged."""
        try:
            return files.sha256(self.raw / name) == name
        except OSError:
            return False

    def add_import(self, record: ImportRecord) -> ImportRecord:
        """Take the record's Parquet files over and write its JSON; in effect once a manifest names it."""
        stem = record.id if not self._import_path(record.id).exists() else f"{record.id}.{secrets.token_hex(3)}"

        taken: list[Path] = []

        def take(path: Path, what: str) -> Path:
            taken.append(self.imports_folder / f"{stem}.{what}.parquet")
            files.take_file(path, taken[-1])
            return taken[-1]

        try:
            kept = replace(
                record,
                tables=tuple(table._replace(path=take(table.path, table.kind)) for table in record.tables),
                refused=take(record.refused, "refused") if record.refused else None,
                set_aside=take(record.set_aside, "set_aside") if record.set_aside else None,
            )
            kept = replace(kept, checksums={path.name: files.checksum(path) for path in kept.files})
            files.write_text(self._import_path(record.id), sealed.to_text(kept.as_json()))
        except BaseException:
            for path in taken:
                path.unlink(missing_ok=True)
            raise
        return kept

    def new_import_id(self, now: datetime) -> str:
        """An id after those of all earlier imports."""
        return new_id((path.stem for path in self.imports_folder.glob("*.json")), now)

    def remove_files(self, record: ImportRecord) -> None:
        """Drop Parquet files that no import names any more."""
        named = {path.name for path in self.import_record(record.id).files}
        for path in record.files:
            if path.name not in named:
                path.unlink(missing_ok=True)

    def remove_import(self, record: ImportRecord) -> None:
        """Forget an import that was never published."""
        self._import_path(record.id).unlink(missing_ok=True)
        for path in record.files:
            path.unlink(missing_ok=True)

    def publish(
        self,
        records: Sequence[ImportRecord],
        now: datetime,
        *,
        base: SnapshotInfo | None = None,
        who: str = "",
        reason: str = "load",
        progress: Callable[..., None] | None = None,
    ) -> SnapshotInfo:
        """Build, verify and publish a snapshot of these imports, under `lock()`; if it fails the old numbers stay."""
        snapshot_id = new_id(self._ids(), now)
        building = self.snapshots_folder / f".building-{snapshot_id}.duckdb"
        ordered = sorted(records, key=lambda record: record.order)
        try:
            tables = self.book.tables()
            book = copy_of(tables)
            built = warehouse.build(building, base.path if base else None, ordered, book, now, progress=progress)
            warehouse.verify(building, built)
            manifest = {
                **asdict(built),
                "id": snapshot_id,
                "published_at": now.isoformat(),
                "as_of": built.as_of.isoformat() if built.as_of else None,
                "base": base.id if base else None,
                "who": who,
                "reason": reason,
                "bytes": building.stat().st_size,
                "checksum": files.checksum(building),
            }
            self._put_in_place(building, manifest, ordered, tables)
        except BaseException:
            for leftover in self.snapshots_folder.glob(f"{building.stem}*"):
                files.remove(leftover)
            raise
        return replace(self._info(manifest), is_current=True)

    def _put_in_place(
        self, building: Path, manifest: Mapping[str, Any], records: Sequence[ImportRecord], book: store_kept.Tables
    ) -> None:
        """Snapshot, what it was built from, manifest, pointer, in this order: what CURRENT names is complete."""
        snapshot_id = manifest["id"]
        try:
            files.move_in(building, self._snapshot_path(snapshot_id))
            store_kept.write(self._kept_path(snapshot_id), records, book)
            files.write_text(self._manifest_path(snapshot_id), sealed.to_text(manifest))
            files.write_text(self.pointer, snapshot_id + "\n")
        except BaseException:
            if self._wanted()[0] != snapshot_id:
                for path in (self._manifest_path, self._kept_path, self._snapshot_path):
                    path(snapshot_id).unlink(missing_ok=True)
            raise

    def use(self, snapshot_id: str) -> SnapshotInfo:
        """Show this snapshot from now on: back or forward. The next load starts from its imports."""
        self.snapshot(snapshot_id)
        with self.lock():
            info = self.snapshot(snapshot_id)
            files.write_text(self.pointer, info.id + "\n")
        return replace(info, is_current=True)

    # -- reading

    def current(self) -> SnapshotInfo | None:
        """The snapshot to show; None in a store without any.

        When the chosen one is damaged or CURRENT is, the newest sound one comes back with a `problem` to show;
        StoreError when there are snapshots but none is sound.
        """
        wanted, problem = self._wanted()
        ids = self._ids()
        if not ids and (wanted is None or not any(self.imports_folder.glob("*.json"))):
            return None
        if not self.pointer.exists() and not any(self._manifest_path(one).exists() for one in ids):
            return None  # a first load was killed while it published
        if wanted:
            info, trouble = self._examine(wanted)
            if info:
                return replace(info, is_current=True)
            problem = f"The newest numbers could not be opened ({trouble})."
        for snapshot_id in sorted(set(ids) - {wanted}, reverse=True):
            info, _ = self._examine(snapshot_id)
            if info:
                shown = f"{problem} You see those published on {info.published_at:%Y-%m-%d %H:%M}."
                return replace(info, is_current=True, problem=shown)
        raise StoreError(
            f"{problem} No earlier ones can be opened either. Build them again from the uploaded files: "
            "python -m scorecard rebuild."
        )

    def snapshots(self) -> list[SnapshotInfo]:
        """All published snapshots, oldest first."""
        try:
            current = self.current()
        except StoreError:
            current = None
        found = []
        for snapshot_id in self._ids():
            manifest = self._manifest(snapshot_id)
            if manifest:
                info = self._info(manifest)
                found.append(replace(info, is_current=current is not None and info.id == current.id))
        return found

    def snapshot(self, snapshot_id: str) -> SnapshotInfo:
        """The snapshot of that id (or of a unique beginning of one), found sound."""
        matches = [known for known in self._ids() if known == snapshot_id or known.startswith(snapshot_id)]
        if len(matches) != 1 or not snapshot_id:
            hint = "more than one snapshot begins so" if matches else "there is no such snapshot"
            raise StoreError(f"{snapshot_id!r}: {hint}. `python -m scorecard snapshots` lists them.")
        info, trouble = self._examine(matches[0])
        if info is None:
            raise StoreError(f"Snapshot {matches[0]} cannot be opened ({trouble}).")
        return replace(info, is_current=self._wanted()[0] == info.id)

    def published(self, snapshot_id: str) -> SnapshotInfo | None:
        """What the manifest of that id tells, whether or not the file is there."""
        manifest = self._manifest(snapshot_id) if ID_PATTERN.fullmatch(snapshot_id) else None
        return self._info(manifest) if manifest else None

    def drop_file(self, snapshot_id: str) -> bool:
        """Under `lock()`: the file of a snapshot goes, all that it was built from stays."""
        there = self._snapshot_path(snapshot_id).exists() and self._kept_path(snapshot_id).exists()
        if there:
            self._snapshot_path(snapshot_id).unlink()
        return there

    def put_back(self, info: SnapshotInfo, build: Callable[[Path, BookCopy], None]) -> SnapshotInfo:
        """Under `lock()`: the file of a snapshot again, built with the book of its day."""
        kept = store_kept.book_of(self._kept_path(info.id))
        if kept is None:
            raise StoreError(f"Snapshot {info.id} cannot be built again: what it was built with is damaged.")
        building = self.snapshots_folder / f".building-{info.id}.duckdb"
        try:
            build(building, copy_of(kept))
            manifest = {**info.manifest, "bytes": building.stat().st_size, "checksum": files.checksum(building)}
            files.move_in(building, self._snapshot_path(info.id))
            files.write_text(self._manifest_path(info.id), sealed.to_text(manifest))
        except BaseException:
            for leftover in self.snapshots_folder.glob(f"{building.stem}*"):
                files.remove(leftover)
            raise
        return self.snapshot(info.id)

    def verify(self, snapshot_id: str) -> str | None:
        """Look again at every byte of the snapshot and at its counts; a sentence if something is wrong."""
        manifest = self._manifest(snapshot_id)
        path = self._snapshot_path(snapshot_id)
        if manifest is None:
            return "its manifest is missing or damaged"
        if not path.exists():
            return "its file is missing"
        forget(path)
        trouble = damage(path, manifest)
        if trouble is None:
            try:
                warehouse.verify(path, as_built(manifest))
            except StoreError as error:
                return str(error)
        return trouble

    def imports(self, info: SnapshotInfo | None) -> list[ImportRecord]:
        """The imports a snapshot was built from, in the order they apply."""
        if info is None:
            return []
        return sorted((self.import_record(import_id) for import_id in info.import_ids), key=lambda item: item.order)

    def settings_of(self, info: SnapshotInfo) -> dict[str, str]:
        """The settings this snapshot was built with."""
        return dict(self.book_of(info).settings)

    def book_of(self, info: SnapshotInfo) -> BookCopy:
        """The book this snapshot was built with."""
        kept = store_kept.book_of(self._kept_path(info.id))
        return self.book.copy() if kept is None else copy_of(kept)

    def import_record(self, import_id: str) -> ImportRecord:
        """The import of that id."""
        try:
            said = sealed.from_text(self._import_path(import_id).read_bytes())
            return ImportRecord.from_json(said, self.imports_folder)
        except (OSError, ValueError, KeyError, TypeError) as error:
            copy = store_kept.find_record(self.snapshots_folder, import_id, self.imports_folder)
            if copy:
                return copy
            raise StoreError(
                f"What was decided about import {import_id} is missing or damaged, and so is its copy. "
                "The numbers stay as published; go back to a snapshot without it (python -m scorecard snapshots), "
                "then load its file again."
            ) from error

    def last_known_imports(self) -> list[ImportRecord]:
        """The imports of the chosen or else the newest readable manifest; without any manifest, all there are."""
        wanted, _ = self._wanted()
        every = sorted(path.stem for path in self.imports_folder.glob("*.json"))
        for snapshot_id in [wanted, *sorted(self._ids(), reverse=True)]:
            manifest = self._manifest(snapshot_id) if snapshot_id else None
            ids = manifest["import_ids"] if manifest else store_kept.import_ids(self._kept_path(snapshot_id or ""))
            if ids:
                if wanted and snapshot_id != wanted:  # what came after it was published by the one that is lost
                    ids = [*ids, *(later for later in every if later > max(ids))]
                return sorted((self.import_record(import_id) for import_id in ids), key=lambda item: item.order)
        ids = every
        return sorted((self.import_record(import_id) for import_id in ids), key=lambda item: item.order)

    # -- inside

    def _import_path(self, import_id: str) -> Path:
        return self.imports_folder / f"{import_id}.json"

    def _snapshot_path(self, snapshot_id: str) -> Path:
        return self.snapshots_folder / f"{snapshot_id}.duckdb"

    def _manifest_path(self, snapshot_id: str) -> Path:
        return self.snapshots_folder / f"{snapshot_id}.json"

    def _kept_path(self, snapshot_id: str) -> Path:
        return self.snapshots_folder / f"{snapshot_id}{store_kept.SUFFIX}"

    def _ids(self) -> list[str]:
        """Ids of everything that looks like a snapshot, sound or not."""
        try:
            found = [path.name for path in self.snapshots_folder.iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(
                f"The store {self.root} cannot be read: {error.strerror}. Give this user the right to it, or name "
                "another store with SCORECARD_STORE."
            ) from error
        names = {name.removesuffix(".duckdb").removesuffix(".json") for name in found}
        return sorted(name for name in names if ID_PATTERN.fullmatch(name))

    def _wanted(self) -> tuple[str | None, str | None]:
        """The id in CURRENT, or what is wrong with CURRENT."""
        try:
            text = self.pointer.read_bytes()[:100].decode("ascii", "replace").strip()
        except FileNotFoundError:
            return None, "The pointer to the newest numbers is missing." if self._ids() else None
        except OSError as error:
            return None, f"The pointer to the newest numbers cannot be read ({error.strerror})."
        is_id = ID_PATTERN.fullmatch(text)
        return (text, None) if is_id else (None, "The pointer to the newest numbers is damaged.")

    def _manifest(self, snapshot_id: str) -> dict[str, Any] | None:
        try:
            found = sealed.from_text(self._manifest_path(snapshot_id).read_bytes())
            self._info(found)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return found if found["id"] == snapshot_id else None

    def _examine(self, snapshot_id: str) -> tuple[SnapshotInfo | None, str]:
        """The snapshot if its file is as it was published, else why not."""
        manifest = self._manifest(snapshot_id)
        if manifest is None:
            return None, "its manifest is missing or damaged"
        trouble = damage(self._snapshot_path(snapshot_id), manifest)
        return (None, trouble) if trouble else (self._info(manifest), "")

    def _info(self, manifest: Mapping[str, Any]) -> SnapshotInfo:
        as_of = manifest.get("as_of")
        return SnapshotInfo(
            id=manifest["id"],
            path=self._snapshot_path(manifest["id"]),
            published_at=datetime.fromisoformat(manifest["published_at"]),
            as_of=datetime.fromisoformat(str(as_of)) if as_of else None,
            import_ids=tuple(manifest["import_ids"]),
            rows={name: int(count) for name, count in manifest["row_counts"].items()},
            is_current=False,
            who=str(manifest.get("who", "")),
            reason=str(manifest.get("reason", "")),
            manifest=manifest,
        )

"""Files that are there whole or not at all: written aside, flushed to disk, renamed; private to their owner."""

import hashlib
import os
import shutil
import zlib
from pathlib import Path

CHUNK = 1 << 20
PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
READ_ONLY_FILE = 0o400


def make_private_folder(path: Path) -> None:
    """The folder exists and only its owner may look into it, whatever the umask says."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(PRIVATE_FOLDER)


def flush_folder(path: Path) -> None:
    """Renames inside this folder survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_file(path: Path) -> None:
    """The content of the file survives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def move_in(source: Path, target: Path, mode: int = PRIVATE_FILE) -> None:
    """Put a finished file of the same disk at its place."""
    source.chmod(mode)
    flush_file(source)
    source.replace(target)
    flush_folder(target.parent)


def aside(target: Path) -> Path:
    """Where a file is written before it gets its name."""
    return target.with_name(f".{target.name}.{os.getpid()}.new")


def write_text(target: Path, text: str) -> None:
    """Replace the file's content in one step."""
    temporary = aside(target)
    try:
        temporary.touch(PRIVATE_FILE)
        temporary.write_text(text, encoding="utf-8")
        move_in(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def copy_file(source: Path, target: Path, mode: int = PRIVATE_FILE) -> None:
    """Copy to a file that appears whole or not at all."""
    temporary = aside(target)
    try:
        temporary.touch(PRIVATE_FILE)
        shutil.copyfile(source, temporary)
        move_in(temporary, target, mode)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def take_file(source: Path, target: Path) -> None:
    """The file under a second name without copying where the disk can do so; it appears whole or not at all."""
    temporary = aside(target)
    try:
        os.link(source, temporary)
    except OSError:
        copy_file(source, target)
        return
    try:
        move_in(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def remove(path: Path) -> None:
    """The file or folder is gone."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """The name of this content."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def checksum(path: Path) -> str:
    """A fast checksum that finds damage by accident (not by intent: for that there is sha256)."""
    total = 0
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            total = zlib.crc32(chunk, total)
    return f"{total:08x}"

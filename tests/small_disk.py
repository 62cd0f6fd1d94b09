"""A real file system that is nearly full. It takes the right to mount one; without it the tests skip and say so."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """A mounted file system of a few megabytes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filler = path / "filler"

    @property
    def free(self) -> int:
        """Bytes that are left."""
        found = os.statvfs(self.path)
        return found.f_bavail * found.f_frsize

    def leave(self, room: int) -> None:
        """Fill it until only so many bytes are left."""
        self.clear()
        piece = b"x" * (1 << 16)
        with self._filler.open("wb", buffering=0) as file:
            while self.free > room:
                try:
                    file.write(piece[: max(self.free - room, 1)])
                except OSError:
                    break

    def clear(self) -> None:
        """Everything is free again."""
        self._filler.unlink(missing_ok=True)


@contextmanager
def small_disk(path: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A file system of that size at `path`."""
    path.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(path)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
        trouble = mounted.stderr.strip() if mounted.returncode else ""
    except OSError as error:
        trouble = str(error)
    if trouble:
        pytest.skip(f"no file system can be mounted here to be filled up ({trouble})")
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=False)


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    """The folder as if on a disk that takes no writing."""
    steps = (["mount", "--bind", str(path), str(path)], ["mount", "-o", "remount,ro,bind", str(path)])
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            subprocess.run(["umount", "--lazy", str(path)], capture_output=True, check=False)
            pytest.skip(f"no read-only file system can be mounted here ({done.stderr.strip()})")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=False)

"""Old Excel files are small file systems; one whose chains of sectors run in circles would be read for ever."""

import struct
from pathlib import Path

_HEADER = 512
_FREE = 0xFFFFFFFA  # from here on numbers mark ends and free sectors
_IN_HEADER = 109  # sectors of the table of chains that are named in the header


def is_sound(path: Path) -> bool:
    """Does every chain of sectors come to an end? The library that reads workbooks does not ask."""
    with path.open("rb") as file:
        data = file.read()
    if len(data) < _HEADER:
        return False
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        return False
    size = 1 << shift
    first_small, _, more, _ = struct.unpack_from("<4I", data, 60)
    tables = list(struct.unpack_from(f"<{_IN_HEADER}I", data, 76))
    seen: set[int] = set()
    while more < _FREE:
        entries = _sector(data, more, size)
        if more in seen or not entries:
            return False
        seen.add(more)
        tables += entries[:-1]
        more = entries[-1]
    chains = [entry for number in tables if number < _FREE for entry in _sector(data, number, size)]
    if _circles(chains):
        return False
    small: list[int] = []
    while first_small < len(chains):
        small += _sector(data, first_small, size)
        first_small = chains[first_small]
    return not _circles(small)


def _sector(data: bytes, number: int, size: int) -> tuple[int, ...]:
    start = (number + 1) * size
    whole = data[start : start + size]
    return struct.unpack(f"<{len(whole) // 4}I", whole[: len(whole) // 4 * 4])


def _circles(following: list[int]) -> bool:
    """Does any chain come back to where it was?"""
    done = bytearray(len(following))
    for start in range(len(following)):
        at, path = start, []
        while at < len(following) and not done[at]:
            done[at] = 1
            path.append(at)
            at = following[at]
        if at < len(following) and done[at] == 1:
            return True
        for each in path:
            done[each] = 2
    return False

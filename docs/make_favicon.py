"""Draw static/favicon.png: three rising bars and a target line, 64 x 64, no library needed."""

import struct
import zlib
from pathlib import Path

SIZE = 64
BLUE = (63, 96, 196, 255)
TEAL = (38, 156, 122, 255)
CLEAR = (0, 0, 0, 0)


def pixel(x: int, y: int) -> tuple[int, int, int, int]:
    """The colour of one point."""
    if 8 <= x < 56 and 12 <= y < 17:
        return TEAL
    for left, top in ((8, 42), (25, 32), (42, 22)):
        if left <= x < left + 14 and top <= y < 58:
            return BLUE
    return CLEAR


def chunk(kind: bytes, body: bytes) -> bytes:
    """One PNG chunk with its length and checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def main() -> None:
    """Write the file into static/."""
    rows = b"".join(b"\x00" + b"".join(bytes(pixel(x, y)) for x in range(SIZE)) for y in range(SIZE))
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    (Path(__file__).parents[1] / "static" / "favicon.png").write_bytes(png)


if __name__ == "__main__":
    main()

"""Whatever cells a CSV writer writes come back as they were, and no bytes make reading fail otherwise than in words."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scorecard.errors import IngestError
from scorecard.ingest.reading import read_file
from scorecard.ingest.rows import BLANKS
from tests.unit.read_in import read_one

LETTERS = st.sampled_from([*"abcXYZ019äé€ßж,;|\t\"'\n \\-.:@#/=()", "\r\n", '""', "Total", "é\n"])
CELL = st.lists(LETTERS, max_size=8).map("".join)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@example(rows=[("", "", "\\|")], delimiter="|", end="\n", everything=False)  # a backslash before a quoted delimiter
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n"]),
    everything=st.booleans(),
)
def test_cells_come_back(rows: list[tuple[str, str, str]], delimiter: str, end: str, everything: bool) -> None:
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if everything else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    # Ten plain rows say what the file is like; an id keeps every row a row.
    plain = [(f"r{at}", "plain", "row", "here") for at in range(10)]
    written = plain + [(f"id{at}", *row) for at, row in enumerate(rows)]
    writer.writerows([("Id", "First", "Second", "Third"), *written])
    seen = read_one(out.getvalue())
    assert seen.rows == [tuple(cell.strip(BLANKS) for cell in row) for row in written]
    assert not seen.table.refused


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.one_of(st.binary(max_size=400), st.text("ab1,;\t|\"'\\\n\r \0é<[{", max_size=300).map(str.encode)))
@example(data=b'"')
@example(data=b"\xff\xfe")
@example(data=b"PK\x03\x04")
@example(data=b"a,b\n1,2\n\n\n\nTotal")
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(data)
        try:
            tables = read_file(path, Path(folder) / "work")
        except IngestError as error:
            assert str(error).startswith("upload")
            return
        for table in tables:
            assert table.row_count + len(table.refused) + len(table.set_aside) == table.rows_read
            assert len(set(table.header)) == len(table.header)

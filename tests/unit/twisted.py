"""An export spoilt in one more way, chosen by its seed: what a table must survive beyond the everyday pollution."""

import csv
import io
import random
from collections.abc import Callable

from tests.unit.spoilt import Spoiler

LONG = ["||", ";;", ", ", "\t\t", "~|~", "|*|", "::"]
RARE = ["~", "^", "\x01", "\x1f"]
ONE_BYTE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1", "mac_roman"]
OTHER = {",": ";", ";": ",", "\t": ",", "|": ","}


class Twisted(Spoiler):
    """One clean export and one twist. `loose` rows may be wrong as long as something is said about them."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.dice = random.Random(seed * 7919 + 1)
        self.backslash = False
        self.loose: list[int] = []
        self.further: list[tuple[tuple[str, ...], int]] = []  # header and row count of tables below
        self.names_missing = False
        self.delimiter = self.dice.choice([",", ",", ";", "\t", "|"])
        self.twist: Callable[[list[str]], list[str]] = self.dice.choice(
            [
                self.long_delimiter,
                self.rare_delimiter,
                self.blank_delimiter,
                self.single_quotes,
                self.carriage_returns,
                self.title_cells,
                self.comments,
                self.separator_line,
                self.two_headers,
                self.no_header,
                self.name_too_many,
                self.cell_too_many,
                self.cell_lost,
                self.other_delimiter,
                self.other_quotes,
                self.quote_too_many,
                self.backslash_quotes,
                self.broken_over_lines,
                self.notes_below,
                self.table_below,
                self.table_right_below,
                self.zeros_behind,
                self.quoted_whole,
                self.drawn,
                self.total_below,
            ]
        )
        self.end = "\n"
        self.tail = ""

    def bytes(self) -> bytes:
        lines = self.twist([self.line(self.header), *(self.line(row) for row in self.rows)])
        return (self.end.join(lines) + self.end + self.tail).encode(self.dice.choice(ONE_BYTE))

    def line(self, cells: list) -> str:
        if len(self.delimiter) == 1:
            return super().line(cells)
        quoted = [f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in map(str, cells)]
        plain = self.quoting == csv.QUOTE_MINIMAL
        return self.delimiter.join(
            cell[1:-1] if plain and not set(cell[1:-1]) & set('"\n' + self.delimiter) else cell for cell in quoted
        )

    def _again(self) -> list[str]:
        return [self.line(self.header), *(self.line(row) for row in self.rows)]

    def _place(self, lines: list[str]) -> int:
        return self.dice.choice([1, len(lines) // 2, len(lines) - 1])

    def long_delimiter(self, lines: list[str]) -> list[str]:
        self.delimiter = self.dice.choice(LONG)
        return self._again()

    def rare_delimiter(self, lines: list[str]) -> list[str]:
        self.delimiter = self.dice.choice(RARE)
        return self._again()

    def blank_delimiter(self, lines: list[str]) -> list[str]:
        self.delimiter, self.quoting = self.dice.choice([" ", ":"]), csv.QUOTE_ALL
        return self._again()

    def single_quotes(self, lines: list[str]) -> list[str]:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.delimiter, quotechar="'", quoting=csv.QUOTE_ALL, lineterminator="\x00")
        writer.writerows([self.header, *self.rows])
        return out.getvalue().split("\x00")[:-1]

    def carriage_returns(self, lines: list[str]) -> list[str]:
        self.end = "\r"
        return lines

    def title_cells(self, lines: list[str]) -> list[str]:
        blank = self.delimiter * (len(self.header) - 1)
        above = [f"{title}{blank}" for title in ("Deals of the week", "Made for the board")]
        return [*above[: self.dice.randint(1, 2)], *([blank] if self.often(0.5) else []), *lines]

    def comments(self, lines: list[str]) -> list[str]:
        above = [f"# field {number}{self.delimiter} text" for number in range(self.dice.choice([1, 3, 45]))]
        return [*above, *lines]

    def separator_line(self, lines: list[str]) -> list[str]:
        return [f"sep={self.delimiter}", *lines]

    def two_headers(self, lines: list[str]) -> list[str]:
        return [lines[0], *lines]

    def no_header(self, lines: list[str]) -> list[str]:
        self.names_missing = True
        return lines[1:]

    def name_too_many(self, lines: list[str]) -> list[str]:
        place = self.dice.randint(0, len(self.header))
        names = [*self.header[:place], "", *self.header[place:]]
        return [self.line(names), *lines[1:]]

    def cell_too_many(self, lines: list[str]) -> list[str]:
        at, place = self._place(lines), self.dice.randint(0, len(self.header) - 1)
        row = self.rows[at - 1]
        lines[at] = self.line([*row[:place], "", *row[place:]])
        self.loose = [at - 1]
        return lines

    def cell_lost(self, lines: list[str]) -> list[str]:
        at, place = self._place(lines), self.dice.randint(0, len(self.header) - 1)
        row = self.rows[at - 1]
        lines[at] = self.line([*row[:place], *row[place + 1 :]])
        self.loose = [at - 1]
        return lines

    def other_delimiter(self, lines: list[str]) -> list[str]:
        at, own = self._place(lines), self.delimiter
        self.delimiter = OTHER[own]
        lines[at] = self.line(self.rows[at - 1])
        self.delimiter = own
        self.loose = [at - 1]
        return lines

    def other_quotes(self, lines: list[str]) -> list[str]:
        at = self._place(lines)
        cells = [str(cell).replace("'", "''") for cell in self.rows[at - 1]]
        lines[at] = self.delimiter.join(f"'{cell}'" for cell in cells)
        self.loose = [at - 1]
        return lines

    def quote_too_many(self, lines: list[str]) -> list[str]:
        self.quoting = csv.QUOTE_ALL
        lines = self._again()
        at, place = self._place(lines), self.dice.randint(0, len(self.header) - 1)
        cells = [str(cell).replace('"', '""') for cell in self.rows[at - 1]]
        cells[place] = '"' + cells[place]
        lines[at] = self.delimiter.join(f'"{cell}"' for cell in cells)
        self.loose = [at - 1]
        return lines

    def backslash_quotes(self, lines: list[str]) -> list[str]:
        at = self._place(lines)
        lines[at] = self.delimiter.join('"' + str(cell).replace('"', '\\"') + '"' for cell in self.rows[at - 1])
        self.loose = [at - 1]
        return lines

    def broken_over_lines(self, lines: list[str]) -> list[str]:
        at = self._place(lines)
        row = [str(cell).replace("\n", " ").replace('"', "").replace(self.delimiter, " ") for cell in self.rows[at - 1]]
        self.rows[at - 1] = [*row[:1], row[1].replace(" ", "\n", 1), *row[2:]]
        lines[at] = self.delimiter.join(str(cell) for cell in self.rows[at - 1])
        self.loose = [at - 1]
        return lines

    def notes_below(self, lines: list[str]) -> list[str]:
        blank = self.delimiter * (len(self.header) - 1)
        notes = [f"{note}{blank}" for note in ("Source: the CRM", "Note: amounts in thousands", "* without tax")]
        return [*lines, *([blank] if self.often(0.5) else []), *notes[self.dice.randint(0, 2) :]]

    def table_below(self, lines: list[str]) -> list[str]:
        return [*lines, "", *self._further()]

    def table_right_below(self, lines: list[str]) -> list[str]:
        return [*lines, *self._further()]

    def _further(self) -> list[str]:
        width = self.dice.choice([2, 3, len(self.header), 12])
        names = ["Day", "Channel", *(f"Measure {letter}" for letter in "abcdefghij")][:width]
        rows = [[f"2026-03-{day:02}", "Mail", *(str(day * at) for at in range(2, width))] for day in range(1, 9)]
        self.further = [(tuple(names), len(rows))]
        return [self.line(row) for row in (names, *rows)]

    def zeros_behind(self, lines: list[str]) -> list[str]:
        self.tail = "\0" * self.dice.choice([1, 100, 3000])
        return lines

    def quoted_whole(self, lines: list[str]) -> list[str]:
        return ['"' + line.replace('"', '""') + '"' for line in lines]

    def drawn(self, lines: list[str]) -> list[str]:
        plain = str.maketrans({"|": "/", "\n": " ", '"': None})
        for at, row in enumerate(self.rows):
            self.rows[at] = [str(cell).translate(plain) for cell in row]
        body = [f"| {' | '.join(str(cell) for cell in row)} |" for row in (self.header, *self.rows)]
        rule = "+".join(["", *["------"] * len(self.header), ""])
        return [rule, body[0], rule, *body[1:], rule]

    def total_below(self, lines: list[str]) -> list[str]:
        place = self.dice.choice([0, 1, 2])
        total = [*[""] * place, "Total", *[""] * (3 - place - 1), "999.00", *[""] * (len(self.header) - 4)]
        return [*lines, self.line(total)]

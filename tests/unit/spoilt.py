"""An export spoilt in the ways real ones are every day, all of it from one seed."""

import csv
import io
import random

COLUMNS = ["Record ID", "Deal Name", "Stage", "Amount", "Close Date", "Owner", "Note"]
NAMES = ["José Nuñez", "Zoë Müller", "Ann O'Neil", 'Bo "Ace" Smith', "Lee, Inc", "Total Wine", "Grand Hotel", "Plain"]
NOTES = ["", "a; b", "x|y", "line one\nline two", "tab\there", 'say "hi"', "50%, maybe"]
ABOVE = [
    ["Deal report", '"July 8, 2025 - July 31, 2025"'],
    ["Report Start: 09/01/2026, Report End: 09/02/2026", ""],
    ["Deals", "Owner: All", "", "Filters: none"],
]
BELOW = [
    "",
    "",
    '"Grand Totals (5 records)"',
    "",
    '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."',
]
ENCODINGS = ["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"]


def _row(dice: random.Random, number: int) -> list[str]:
    amount = dice.choice([f"{dice.randint(1, 99999)}.50", f"{dice.randint(1, 99)},{dice.randint(100, 999)}.00", ""])
    closed = f"2026-0{dice.randint(1, 9)}-{dice.randint(10, 28)}"
    stage, owner = dice.choice(["Closed won", "Open", "Lost"]), dice.choice(["Sam", "Ola", ""])
    return [str(1000 + number), f"{dice.choice(NAMES)} {number}", stage, amount, closed, owner, dice.choice(NOTES)]


class Spoiler:
    """One export and what was done to it, all from one seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.delimiter = self.dice.choice([",", ";", "\t", "|"])
        self.backslash = self.dice.random() < 0.15
        self.quoting = self.dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
        width = self.dice.choice([4, 5, 6, 7])
        self.header = COLUMNS[:width]
        self.rows: list[list[str | None]] = [
            [*_row(self.dice, number)[:width]] for number in range(self.dice.choice([5, 12, 60]))
        ]
        self.refusable = 0

    def line(self, cells: list) -> str:
        out = io.StringIO()
        escape = {"escapechar": "\\", "doublequote": False} if self.backslash else {}
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator="\n", quoting=self.quoting, **escape)  # pyright: ignore
        writer.writerow(cells)
        return out.getvalue()[:-1]

    def often(self, share: float = 0.15) -> bool:
        return self.dice.random() < share

    def body(self) -> list[str]:
        lines = [self.line(row) for row in self.rows]
        if self.often():
            lines = [line + self.delimiter for line in lines]
        if self.often() and self.delimiter == "," and not self.backslash:
            for at in self.dice.sample(range(len(lines)), len(lines) // 4):
                if "\n" not in lines[at]:
                    lines[at] = '"' + lines[at].replace('"', '""') + '"'
        if self.often():
            lines.insert(self.dice.randrange(len(lines) + 1), "")
        if self.often():
            lines.insert(self.dice.randrange(1, len(lines) + 1), self.line(self.header))
        if self.often():
            lines.append(self.line(self.rows[0][:-1]))
            self.rows.append([*self.rows[0][:-1], None])
        if self.often():
            lines.append(self.line([*self.rows[0], "x", "y"]))
            self.refusable += 1
        if self.often():
            lines.append(self.line(["Total", "", "", "999.00", *[""] * (len(self.header) - 4)]))
        return lines + BELOW if self.often() else lines

    def bytes(self) -> bytes:
        above = self.dice.choice(ABOVE) if self.often(0.3) else []
        lines = [*above, self.line(self.header), *self.body()]
        end = self.dice.choice(["\n", "\r\n"])
        if self.often(0.1):
            text = "".join(line + self.dice.choice(["\n", "\r\n"]) for line in lines)
        else:
            text = end.join(lines) + self.dice.choice([end, ""])
        return text.encode(self.dice.choice(ENCODINGS))

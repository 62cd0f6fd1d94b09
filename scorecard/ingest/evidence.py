"""What a column's values say about which canonical column it could be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scorecard.ingest import date_shapes, numbers
from scorecard.schema import ColumnType

_DIGITS = str.maketrans("012345678", "999999999")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_DURATION = re.compile(r"^\d{1,3}:\d{2}(:\d{2})?$")
TRUE_WORDS = frozenset(
    [
        "true",
        "yes",
        "y",
        "1",
        "t",
        "x",
        "ja",
        "oui",
        "sí",
        "si",
        "sim",
        "vero",
        "wahr",
        "vrai",
        "verdadero",
        "verdadeiro",
        "waar",
        "checked",
    ]
)
FALSE_WORDS = frozenset(
    ["false", "no", "n", "0", "f", "nein", "non", "não", "nao", "falso", "falsch", "faux", "nee", "onwaar", "unchecked"]
)
_NEUTRAL = 0.7
STAGE_WORDS = ("won", "lost", "negotiat", "propos", "qualif", "prospect", "demo", "contract", "discovery", "open")
STATUS_WORDS = frozenset(("open", "won", "lost", "closed won", "closed lost"))


@dataclass(frozen=True)
class Evidence:
    """Shares (0..1) of a column's sampled values that read as each sort of thing."""

    count: int
    date: float
    number: float
    email: float
    boolean: float
    duration: float
    distinct: float
    stage: float

    def fits(self, type_: ColumnType, column: str = "") -> float:
        """How well the values suit a type: 1 proves it, 0 rules it out, 0.7 is neither."""
        if not self.count:
            return _NEUTRAL
        if type_ == "timestamp":
            return self.date
        if type_ in ("money", "number", "integer", "percent"):
            return self.number
        if type_ == "duration":
            return max(self.number, self.duration)
        if type_ == "email":
            return self.email if self.email else 0.5 * _NEUTRAL
        if type_ == "boolean":
            return self.boolean
        return self._fits_text(type_, column)

    def _fits_text(self, type_: ColumnType, column: str) -> float:
        if column in ("stage_raw", "status", "stage") and self.stage > 0.3:
            return 1.0
        if self.email > 0.9 and column not in ("owner", "manager", "viewer_key", "anon_id"):
            return 0.2
        if type_ in ("id", "ids"):
            return _NEUTRAL
        looks_typed = self.date > 0.9 or (
            self.number > 0.9 and column in ("name", "company_name", "industry", "country")
        )
        return 0.2 if looks_typed else _NEUTRAL


def weigh(values: Sequence[str]) -> Evidence:
    """The evidence in a sample of a column's non-empty values."""
    if not values:
        return Evidence(0, 0, 0, 0, 0, 0, 0, 0)
    size = len(values)
    shapes: dict[str, int] = {}
    for value in values:
        shape = value.translate(_DIGITS)
        shapes[shape] = shapes.get(shape, 0) + 1
    date = sum(count for shape, count in shapes.items() if date_shapes.read_shape(shape))
    number = sum(count for shape, count in shapes.items() if numbers.read_shape(shape))
    folded = [value.casefold() for value in values]
    return Evidence(
        count=size,
        date=date / size,
        number=number / size,
        email=sum(bool(_EMAIL.match(value)) for value in values) / size,
        boolean=sum(value in TRUE_WORDS or value in FALSE_WORDS for value in folded) / size,
        duration=sum(bool(_DURATION.match(value)) for value in values) / size,
        distinct=len(set(values)) / size,
        stage=sum(any(word in value for word in STAGE_WORDS) for value in folded) / size,
    )

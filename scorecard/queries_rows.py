"""Rows of an answer with the sentences that belong to them."""

from collections.abc import Iterable, Mapping
from typing import Any


class Rows(list[dict[str, Any]]):
    """A list of rows; `notes`: what a reader must know, such as a model left out for want of journeys."""

    def __init__(self, rows: Iterable[Mapping[str, Any]] = (), notes: Iterable[str] = ()) -> None:
        super().__init__(dict(row) for row in rows)
        self.notes = tuple(notes)

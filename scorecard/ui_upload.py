"""What one browser session has dropped and decided about it, until it is published."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from scorecard import loading
from scorecard.ingest.report import LoadOptions
from scorecard.loading_records import CONTRACT
from scorecard.loading_trial import Trial
from scorecard.store_work import WorkFolder

STATE = "upload"
SKIP = "skip"
GO_TO = "go_to"


@dataclass
class Upload:
    """The files, answers and choices of one session; bytes dropped lie in a folder of ours under names of ours."""

    round: int = 0
    ids: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()
    names: tuple[str, ...] = ()
    work: WorkFolder | None = None
    inbox: Path | None = None  # where the files lie, when they were taken from the inbox
    answers: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)  # by header signature: ours -> theirs, '' unused
    declined: set[tuple[str, str]] = field(default_factory=set)  # likely columns somebody said no to
    whole: dict[str, bool] = field(default_factory=dict)
    asked: tuple[Any, ...] = ()
    preview: loading.Preview | None = None
    trial: Trial | None = None
    tried: tuple[Any, ...] = ()  # what the trial was of

    def options(self) -> LoadOptions:
        """What was decided, as the load takes it."""
        columns = {signature: dict(said) for signature, said in self.columns.items()}
        return LoadOptions(answers=dict(self.answers), columns=columns, whole=dict(self.whole))

    def keep_choices(self, other: "Upload") -> None:
        """Take over what was decided when a file was added or taken away; what let one drop pass is asked again."""
        self.columns, self.declined, self.whole = other.columns, other.declined, other.whole
        self.answers = {
            key: answer for key, answer in other.answers.items() if not key.startswith(CONTRACT) and answer != SKIP
        }

    def forget(self) -> None:
        """Drop the bytes, the preview and the uploader's own copy."""
        if self.preview:
            self.preview.close()
        if self.work:
            self.work.close()


def upload_state() -> Upload:
    """The session's upload."""
    return st.session_state.setdefault(STATE, Upload())


def begin(
    paths: Sequence[Path], names: Sequence[str], work: WorkFolder | None = None, inbox: Path | None = None
) -> None:
    """Look at these files next, in place of whatever was dropped; the uploader starts empty."""
    old = upload_state()
    old.forget()
    st.session_state[STATE] = Upload(old.round + 1, (), tuple(paths), tuple(names), work, inbox)


def finish() -> None:
    """Nothing is dropped any more."""
    old = upload_state()
    old.forget()
    st.session_state[STATE] = Upload(round=old.round + 1)


def go_to(tab: str) -> None:
    """Show this tab of the page in the next run."""
    st.session_state[GO_TO] = tab


def turn_to(key: str) -> None:
    """Open the tab somebody was sent to; before the tabs are drawn."""
    if tab := st.session_state.pop(GO_TO, None):
        st.session_state[key] = tab

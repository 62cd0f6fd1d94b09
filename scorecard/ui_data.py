"""The upload: drop files, see the account of every row, answer what is open, publish once."""

import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import streamlit as st

from scorecard import faults, loading, loading_aside
from scorecard.charts import formats
from scorecard.errors import IngestError, ScorecardError, StoreBusyError
from scorecard.export.tables import safe_csv
from scorecard.ingest.report import FileReport, LoadOptions, Question
from scorecard.schema import KINDS
from scorecard.store import Store
from scorecard.store_work import WorkFolder
from scorecard.ui_contract import broken_promises, money_difference
from scorecard.ui_frame import escape
from scorecard.ui_parts import table
from scorecard.ui_people import who_are_you
from scorecard.ui_state import ROOT, WANT_SAMPLE, store
from scorecard.ui_uploads import listed, release

STATE = "upload"
TYPES = ["csv", "tsv", "txt", "xlsx", "xls", "xlsm", "ods", "zip", "gz"]
GUIDES = ROOT / "docs" / "exports"
ICONS: dict[str, tuple[str, Literal["green", "orange", "red", "grey"]]] = {
    "ready": (":material/check_circle:", "green"),
    "question": (":material/help:", "orange"),
    "refused": (":material/cancel:", "red"),
    "skipped": (":material/skip_next:", "grey"),
    "unused": (":material/inventory_2:", "grey"),
}


@dataclass
class Upload:
    """What one browser session has dropped and decided; the bytes lie in a folder of ours under names of ours."""

    round: int = 0
    ids: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()
    names: tuple[str, ...] = ()
    work: WorkFolder | None = None
    answers: dict[str, str] = field(default_factory=dict)
    mapping: dict[str, str] = field(default_factory=dict)
    as_of: date | None = None
    full: bool | None = None
    asked: tuple[Any, ...] = ()
    preview: loading.Preview | None = None

    def options(self) -> LoadOptions:
        return LoadOptions(mapping=dict(self.mapping), answers=dict(self.answers), as_of=self.as_of, full=self.full)

    def forget(self) -> None:
        """Drop the bytes, the preview and the uploader's own copy."""
        if self.preview:
            self.preview.close()
        if self.work:
            self.work.close()


def _state() -> Upload:
    return st.session_state.setdefault(STATE, Upload())


def upload_panel() -> loading.Preview | None:
    """The uploader and, once files are there, what publishing them would do."""
    state = _state()
    dropped = st.file_uploader(
        "Drop the weekly exports: CSV, Excel or OpenDocument, as many as you like, as the vendor wrote them",
        accept_multiple_files=True,
        key=f"uploader_{state.round}",
        help="Nothing is shared and nothing changes until you publish. Large files: use the command line instead.",
    )
    try:
        with faults.said():
            _take(state, dropped or [], listed(f"uploader_{state.round}"))
        if not state.paths:
            return None
        _look(state)
    except StoreBusyError as error:
        st.warning(escape(str(error)))
    except ScorecardError as error:
        st.error(escape(str(error)), icon=":material/cancel:")
        return None
    if state.preview is None:
        return None
    for position, report in enumerate(state.preview.reports):
        _file_card(state, report, position)
    return state.preview


def _take(state: Upload, dropped: Sequence[Any], ids: tuple[str, ...]) -> None:
    """Copy new uploads into our folder. Their names are only shown, never used as a path."""
    if ids == state.ids:
        return
    taken = dict(zip(state.ids, zip(state.paths, state.names, strict=True), strict=True))
    work = state.work if ids else None
    if state.preview:
        state.preview.close()
    if state.work and not work:
        state.work.close()
    kept = Upload(round=state.round, ids=ids, work=work)
    state.__dict__.update(kept.__dict__)
    if not ids:
        return
    try:
        state.work = work or WorkFolder(None)
        for upload in dropped:
            if upload.file_id not in taken:
                path = state.work.path / f"upload-{secrets.token_hex(8)}"
                with path.open("wb") as target:
                    shutil.copyfileobj(upload, target)
                taken[upload.file_id] = (path, upload.name)
                release(upload)
    except OSError:
        state.forget()
        state.ids, state.work = (), None  # tried again at the next click
        raise
    state.paths = tuple(taken[one][0] for one in ids if one in taken)
    state.names = tuple(taken[one][1] for one in ids if one in taken)
    state.ids = tuple(one for one in ids if one in taken)


def _look(state: Upload) -> None:
    """Run the preview again when a file, an answer or a mapping changed."""
    asked = (state.ids, repr(state.options()))
    if asked == state.asked and state.preview is not None:
        return
    if state.preview:
        state.preview.close()
        state.preview = None
    with st.skeleton(height=160):
        state.preview = loading_aside.preview(store(), state.paths, state.options(), datetime.now(), names=state.names)
    state.asked = asked


def _file_card(state: Upload, report: FileReport, position: int) -> None:
    icon, color = ICONS[report.status]
    again = state.preview is not None and position in state.preview.again
    with st.container(border=True, key=f"file_{position}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            words = {"question": "question open", "unused": "recognised, not used"}
            word = "already loaded" if again else words.get(report.status, report.status)
            st.badge(word, icon=icon, color="grey" if again else color)
            st.text(report.file + (f" · {report.sheet}" if report.sheet else ""))
            if report.title:
                st.badge(escape(report.title), color="grey")
        if report.error:
            st.error(escape(report.error), icon=":material/cancel:")
        st.markdown(account(report))
        if state.preview is not None:
            broken_promises(state.preview.findings[position], report, position)
        for question in report.questions:
            _ask(state, report, question, position)
        _answered(state, report, position)
        _notes(report)
        _columns(state, report, position)


def account(report: FileReport) -> str:
    """Where every row of a file went."""
    parts = [f"**{formats.count(report.rows_read)}** rows read", f"**{formats.count(report.rows_loaded)}** to load"]
    if report.rows_quarantined:
        parts.append(f":orange[**{formats.count(report.rows_quarantined)}** to quarantine]")
    if report.rows_not_data:
        parts.append(f"{formats.count(report.rows_not_data)} no data (titles, totals, blank lines)")
    when = f" · tells of {_when(report)}" if report.as_of else ""
    return " · ".join(parts) + when


def _when(report: FileReport) -> str:
    on = report.as_of
    return "" if on is None else f"{formats.day(on.date())} {on.year} ({escape(report.as_of_origin)})"


def _ask(state: Upload, report: FileReport, question: Question, position: int) -> None:
    """One open question as a widget; the answer runs the preview again."""
    key = f"question_{position}_{question.key}_{state.round}"
    label = escape(question.text)
    if question.key.endswith(".as_of") and not question.choices:
        proposed = report.as_of.date() if report.as_of else None
        answer: Any = st.date_input(label, value=proposed, key=key)
        if answer and st.button("Use this date", key=f"{key}_go") and isinstance(answer, date):
            state.answers[question.key] = answer.isoformat()
            st.rerun()
        return
    if question.choices:
        answer = st.selectbox(label, question.choices, index=None, key=key, placeholder="Choose")
    else:
        answer = st.text_input(label, key=key)
    if answer and state.answers.get(question.key) != answer:
        state.answers[question.key] = str(answer)
        st.rerun()


def _answered(state: Upload, report: FileReport, position: int) -> None:
    """Answers given in this session, each of which can be taken back."""
    for key in [key for key in state.answers if key in report.answers]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text(f"{key}: {state.answers[key]}")
            if st.button("Change", key=f"undo_{position}_{key}", type="tertiary"):
                del state.answers[key]
                st.rerun()


def _notes(report: FileReport) -> None:
    lines = [f"· {note}" for note in report.notes[:12]]
    for line in report.reconciliation:
        sign = "agrees" if abs(line.file_says - line.rows_say) < 0.01 else "differs"
        lines.append(f"· Total of {line.column} {sign}: file {line.file_says:,.2f}, rows {line.rows_say:,.2f}")
    if lines:
        st.text("\n".join(lines))
    if report.refused:
        rows = pd.DataFrame(
            [(row.line, row.column or "", row.reason, row.raw) for row in report.refused[:200]],
            columns=["line", "column", "reason", "raw"],
        )
        with st.expander(f"{formats.count(len(report.refused))} rows to quarantine", icon=":material/rule:"):
            table(rows, f"refused_{report.sha256[:12]}_{report.sheet or ''}")


def _columns(state: Upload, report: FileReport, position: int) -> None:
    """Which column of the file is which of ours, with samples; a change runs the preview again."""
    if not report.header or report.status in ("skipped", "unused"):
        return
    ours = _canonical(report)
    by_header = {header: canonical for canonical, header in report.mapping.items()}
    scores = {proposal.header: proposal.score for proposal in report.proposals}
    rows = pd.DataFrame(
        {
            "header": report.header,
            "sample": [" · ".join(report.samples.get(header, ())[:3]) for header in report.header],
            "canonical": [by_header.get(header, "") for header in report.header],
            "match": [scores.get(header, 1.0 if header in by_header else 0.0) for header in report.header],
        }
    )
    label = f"{len(by_header)} of {len(report.header)} columns recognised"
    with st.expander(label, icon=":material/table_chart:", expanded=report.status == "question"):
        edited = st.data_editor(
            rows,
            key=f"columns_{position}_{state.round}_{len(state.mapping)}",
            hide_index=True,
            disabled=["header", "sample", "match"],
            column_config={
                "header": "Your column",
                "sample": "Sample",
                "canonical": st.column_config.SelectboxColumn("Maps to", options=["", *ours]),
                "match": st.column_config.ProgressColumn("Match", min_value=0.0, max_value=1.0, format="percent"),
            },
        )
    changed = {
        new: header
        for header, old, new in zip(rows["header"], rows["canonical"], edited["canonical"], strict=True)
        if new and new != old
    }
    if changed:
        state.mapping.update(changed)
        st.rerun()


def _canonical(report: FileReport) -> list[str]:
    """Our columns that the file's tables have."""
    kinds = [table.kind for table in report.tables] or [proposal.target_kind for proposal in report.proposals]
    names: dict[str, None] = {}
    for kind in dict.fromkeys(kinds):
        names.update(dict.fromkeys(KINDS[kind].column_names if kind in KINDS else ()))
    return list(names)


def commit_panel(preview: loading.Preview) -> None:
    """What changes, and the one button that publishes."""
    state = _state()
    if preview.changes:
        rows = pd.DataFrame(preview.changes)
        rows["kind"] = [KINDS[kind].title if kind in KINDS else kind for kind in rows["kind"]]
        totals = rows.groupby("kind", as_index=False)[["added", "changed", "same", "gone"]].sum()
        table(totals, "changes", {"kind": "Table", "gone": "Missing from the export"})
    money_difference(preview.money)
    if preview.blocked:
        st.info("Answer the open questions, or take the refused files out, to publish.", icon=":material/help:")
    elif not preview.fresh:
        st.info("There is nothing new in these files.", icon=":material/info:")
    own = store()
    name = who_are_you(own.book, "upload")
    ready = bool(name) and not preview.blocked and bool(preview.fresh)
    if st.button("Publish", type="primary", key="publish", disabled=not ready, icon=":material/publish:"):
        _publish(own, state, preview, name)
    if not name:
        st.caption("Give your name to publish: every load is kept with who and when.")


def _publish(own: Store, state: Upload, preview: loading.Preview, who: str) -> None:
    with st.status("Publishing…", expanded=True) as status:
        line = st.empty()
        bar = st.progress(0.0)

        def progress(text: str, share: float) -> None:
            line.text(text)
            bar.progress(min(max(share, 0.0), 1.0))

        try:
            info = loading_aside.commit(own, preview, datetime.now(), who, progress, lambda text: progress(text, 0.0))
        except (IngestError, ScorecardError) as error:
            status.update(label="Nothing was changed", state="error")
            st.error(escape(str(error)))
            return
        status.update(label="Published", state="complete")
    # The uploader keeps the bytes in memory until its key goes.
    state.forget()
    st.session_state[STATE] = Upload(round=state.round + 1)
    st.session_state[WANT_SAMPLE] = False
    st.session_state["published"] = info.id if info else ""
    st.rerun()


def templates() -> None:
    """An empty file per kind with our own column names, always accepted."""
    with st.container(horizontal=True, gap="small", key="templates"):
        for kind in KINDS.values():
            st.download_button(
                kind.title,
                data=safe_csv(pd.DataFrame(columns=list(kind.column_names))),
                file_name=f"{kind.name}.csv",
                mime="text/csv",
                key=f"template_{kind.name}",
                help=kind.doc,
                on_click="ignore",
                icon=":material/download:",
            )


def export_guides() -> None:
    """Which report to export from which vendor, click by click."""
    for path in sorted(GUIDES.glob("*.md")):
        with suppress(OSError):
            title, _, body = path.read_text(encoding="utf-8").partition("\n")
            with st.expander(title.lstrip("# ")):
                st.markdown(body)

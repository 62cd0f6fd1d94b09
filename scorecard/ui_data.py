"""The upload: drop files, see the account of every row, answer what is open, publish once."""

import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Literal

import pandas as pd
import streamlit as st

from scorecard import faults, loading, loading_aside
from scorecard.charts import formats
from scorecard.errors import ScorecardError, StoreBusyError
from scorecard.export.tables import safe_csv
from scorecard.ingest.report import FileReport, Question
from scorecard.schema import KINDS
from scorecard.store import Store
from scorecard.store_work import WorkFolder
from scorecard.ui_changes import what_changes
from scorecard.ui_columns import columns
from scorecard.ui_contract import broken_promises
from scorecard.ui_frame import escape
from scorecard.ui_inbox import clear_inbox, inbox_panel
from scorecard.ui_parts import download, table
from scorecard.ui_people import who_are_you
from scorecard.ui_state import ROOT, WANT_SAMPLE, store
from scorecard.ui_upload import SKIP, Upload, begin, finish, upload_state
from scorecard.ui_uploads import listed, release

LARGE = 100  # MB from which another way is named
GUIDES = ROOT / "docs" / "exports"
LISTS = ("people", "deals", "companies")  # kinds of which a file may be the whole list
WHOLE = "Yes, the whole list"
ADDITIONS = "No, only new and changed records"
COLUMN_CHECKS = frozenset({"columns_new", "columns_gone"})  # the card says which columns
TOTALS_DIFFER = "its rows say"  # in the note of a total that differs
LIKELY_WHOLE = 0.8  # of the records held, named by the file
ICONS: dict[str, tuple[str, Literal["green", "orange", "red", "grey"]]] = {
    "ready": (":material/check_circle:", "green"),
    "question": (":material/help:", "orange"),
    "refused": (":material/cancel:", "red"),
    "skipped": (":material/skip_next:", "grey"),
    "unused": (":material/inventory_2:", "grey"),
}


def upload_panel() -> loading.Preview | None:
    """The uploader and, once files are there, what publishing them would do."""
    state = upload_state()
    dropped = st.file_uploader(
        "Drop the weekly exports: CSV, Excel or OpenDocument, as many as you like, as the vendor wrote them",
        accept_multiple_files=True,
        key=f"uploader_{state.round}",
        help="Nothing is shared and nothing changes until you publish.",
    )
    _hint(dropped or [])
    try:
        with faults.said():
            state = _take(state, dropped or [], listed(f"uploader_{state.round}"))
        inbox_panel(state)
        if not state.paths:
            return None
        _look(state)
    except StoreBusyError as error:
        st.warning(escape(str(error)), icon=":material/hourglass_top:")
        st.button("Try again", key="try_again", icon=":material/refresh:")
    except ScorecardError as error:
        st.error(escape(str(error)), icon=":material/cancel:")
        return None
    if state.preview is None:
        return None
    _summary(state, state.preview)
    for position, report in enumerate(state.preview.reports):
        _file_card(state, report, position)
    return state.preview


def _hint(dropped: Sequence[Any]) -> None:
    """Where a large file is better off."""
    size = sum(upload.size for upload in dropped) / 1_000_000
    if size >= LARGE:
        limit = st.get_option("server.maxUploadSize")
        st.caption(
            f":material/info: {size:,.0f} MB is much for a browser (it takes up to {limit} MB a file). The inbox folder"
            " or `python -m scorecard load FILE` read files of any size."
        )


def _take(state: Upload, dropped: Sequence[Any], ids: tuple[str, ...]) -> Upload:
    """Copy new uploads into our folder and drop Streamlit's own copy. Names are only shown, never used as a path."""
    if ids == state.ids or (not ids and not state.ids):
        return state
    if not ids:
        finish()
        return upload_state()
    taken = dict(zip(state.ids, zip(state.paths, state.names, strict=True), strict=True)) if state.ids else {}
    work = state.work if taken and state.work else WorkFolder(None)
    fresh_ones = [upload for upload in dropped if upload.file_id not in taken]
    try:
        for upload in fresh_ones:
            path = work.path / f"upload-{secrets.token_hex(8)}"
            with path.open("wb") as target:
                shutil.copyfileobj(upload, target)
            taken[upload.file_id] = (path, upload.name)
    except OSError:
        if work is not state.work:
            work.close()
        raise  # tried again at the next click
    for upload in fresh_ones:
        release(upload)
    known = tuple(one for one in ids if one in taken)
    if work is state.work:
        state.work = None  # it goes on with the files that stay
    begin([taken[one][0] for one in known], [taken[one][1] for one in known], work)
    fresh = upload_state()
    fresh.round, fresh.ids = state.round, known  # the uploader that holds them stays
    fresh.keep_choices(state)
    return fresh


def _look(state: Upload) -> None:
    """Run the preview again when a file, an answer or a mapping changed."""
    asked = (state.ids, state.paths, repr(state.options()))
    if asked == state.asked and state.preview is not None:
        return
    if state.preview:
        state.preview.close()
        state.preview = None
    place = st.empty()
    with place.container(border=True, key="reading"):
        line, bar = st.empty(), st.progress(0.0)

        def progress(text: str, share: float) -> None:
            line.text(text)
            bar.progress(min(max(share, 0.0), 1.0))

        progress("Reading", 0.0)
        state.preview = loading_aside.preview(
            store(), state.paths, state.options(), datetime.now(), names=state.names, progress=progress
        )
    place.empty()
    state.asked = asked


def _summary(state: Upload, preview: loading.Preview) -> None:
    """What became of all files in one line, and one click that leaves out those that hold up the others."""
    refused = [report for report in preview.reports if report.status == "refused"]
    asking = [report for report in preview.reports if report.status == "question"]
    if len(preview.reports) < 2 and not refused:
        return
    parts = [f"{formats.counted(len(preview.reports), 'table')} read"]
    parts += [f"{len(asking)} with an open question"] if asking else []
    parts += [f"{len(refused)} refused"] if refused else []
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="upload_summary"):
        st.text(" · ".join(parts))
        if refused and len(refused) < len(preview.reports):
            label = f"Leave {escape(refused[0].file)} out" if len(refused) == 1 else "Leave the refused ones out"
            if st.button(label, key="leave_refused", icon=":material/skip_next:"):
                state.answers.update({f"{report.file}.kind": SKIP for report in refused})
                st.rerun()


def _file_card(state: Upload, report: FileReport, position: int) -> None:
    again = state.preview is not None and position in state.preview.again
    with st.container(border=True, key=f"file_{position}"):
        _title(state, report, position, again)
        if report.error:
            st.error(escape(report.error), icon=":material/cancel:")
            if state.columns and st.button("Undo the column choices", key=f"undo_all_{position}"):
                state.columns.clear()
                st.rerun()
        if report.rows_read or not report.error:
            st.markdown(account(report, again))
        if state.preview is not None:
            told = COLUMN_CHECKS if state.preview.columns[position] else frozenset()
            broken_promises(state.preview.findings[position], report, position, told)
        for question in report.questions:
            _ask(state, report, question, position)
        _answered(state, report, position)
        if not again:
            _whole(state, report, position)
            columns(state, report, position, state.preview.columns[position] if state.preview else None)
        _notes(report)


def _title(state: Upload, report: FileReport, position: int, again: bool) -> None:
    icon, color = ICONS[report.status]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words = {"question": "question open", "unused": "recognised, not used", "skipped": "left out"}
        word = "already loaded" if again else words.get(report.status, report.status)
        st.badge(word, icon=icon, color="grey" if again else color)
        st.text(report.file + (f" · {report.sheet}" if report.sheet else ""))
        if report.title:
            st.badge(escape(report.title), color="grey")
        key = f"{report.file}.kind"
        if state.answers.get(key) == SKIP:
            if st.button("Take it in again", key=f"take_{position}", type="tertiary"):
                del state.answers[key]
                st.rerun()
        elif (
            report.status in ("ready", "question", "refused")
            and not (again or report.mends)
            and st.button("Leave it out", key=f"leave_{position}", type="tertiary")
        ):
            state.answers[key] = SKIP
            st.rerun()


def _whole(state: Upload, report: FileReport, position: int) -> None:
    """Asked once for each source: whether records the file does not name are gone."""
    if report.status != "ready" or report.mends or not report.tables or report.tables[0].kind not in LISTS:
        return
    change = next(
        (
            change
            for change in (state.preview.changes if state.preview else ())
            if (change.file, change.sheet, change.kind) == (report.file, report.sheet, report.tables[0].kind)
        ),
        None,
    )
    held = change.changed + change.same + change.unnamed if change else 0
    likely = change is not None and (not held or (change.changed + change.same) / held >= LIKELY_WHOLE)
    guess = " Most likely yes." if likely and report.full is None else ""
    chosen = st.segmented_control(
        f"Is this the whole list of {report.tables[0].kind}? Asked once, kept for next week.{guess}",
        (WHOLE, ADDITIONS),
        default=None if report.full is None else WHOLE if report.full else ADDITIONS,
        key=f"whole_{position}_{state.round}",
        help="Of a whole list, records it does not name any more are gone and count nowhere. Said nothing: additions.",
    )
    if chosen and (chosen == WHOLE) != report.full:
        state.whole[report.signature] = chosen == WHOLE
        st.rerun()


def account(report: FileReport, again: bool = False) -> str:
    """Where every row of a file went; `again`: it went there at an earlier load."""
    load, refuse = ("loaded before", "in quarantine") if again else ("to load", "to quarantine")
    if report.status in ("skipped", "unused"):
        return f"**{formats.count(report.rows_read)}** {'row' if report.rows_read == 1 else 'rows'} read, none to load"
    rows = "row" if report.rows_read == 1 else "rows"
    parts = [f"**{formats.count(report.rows_read)}** {rows} read", f"**{formats.count(report.rows_loaded)}** {load}"]
    if report.rows_quarantined:
        parts.append(f":orange[**{formats.count(report.rows_quarantined)}** {refuse}]")
    if report.rows_not_data:
        parts.append(f"{formats.count(report.rows_not_data)} not data (titles, totals, blank lines)")
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
    for key in [key for key in state.answers if key in report.answers and state.answers[key] != SKIP]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text(f"{key}: {state.answers[key]}")
            if st.button("Change", key=f"undo_{position}_{key}", type="tertiary"):
                del state.answers[key]
                st.rerun()


def _notes(report: FileReport) -> None:
    off = [line for line in report.reconciliation if abs(line.file_says - line.rows_say) >= 0.01]
    for line in off:
        said = f"{line.label or 'Total'} of {line.column}: the file says {line.file_says:,.2f}, its rows add up to"
        st.warning(escape(f"{said} {line.rows_say:,.2f}. The rows are what counts."), icon=":material/calculate:")
    lines = [f"· {note}" for note in report.notes if not (off and TOTALS_DIFFER in note)][:12]
    agree: dict[str, list[str]] = {}  # columns by total: one total of a file may be right and another wrong
    for line in report.reconciliation:
        if line not in off:
            agree.setdefault(line.label or "Total", []).append(line.column)
    lines += [f"· {label}: {', '.join(columns)} agree with the rows." for label, columns in agree.items()]
    if lines:
        st.text("\n".join(lines))
    if report.refused:
        rows = pd.DataFrame(
            [(row.line, row.column or "", row.reason, row.raw) for row in report.refused[:2000]],
            columns=["line", "column", "reason", "raw"],
        )
        with st.expander(f"{formats.counted(len(report.refused), 'row')} to quarantine", icon=":material/rule:"):
            key = f"refused_{report.sha256[:12]}_{report.sheet or ''}"
            table(rows, key)
            download(rows, f"refused {report.file}", f"{key}_csv", published=False)


def commit_panel(preview: loading.Preview) -> None:
    """What changes, and the one button that publishes."""
    state, own = upload_state(), store()
    name = str(st.session_state.get("who_name") or "").strip()
    what_changes(state, preview, own, name)
    if preview.blocked:
        st.info("Answer the open questions, or leave those files out, to publish the others.", icon=":material/help:")
    elif not preview.fresh:
        st.info("There is nothing new in these files.", icon=":material/info:")
    name = who_are_you(own.book, "upload")
    ready = bool(name) and not preview.blocked and (bool(preview.fresh) or state.inbox is not None)
    files = len({report.dropped for report in preview.fresh})
    label = f"Publish {formats.counted(files, 'file')} as one" if files > 1 else "Publish"
    if state.inbox is not None and not preview.fresh:
        label = "Clear the inbox"
    if st.button(label, type="primary", key="publish", disabled=not ready, icon=":material/publish:"):
        _publish(own, state, preview, name)
    if not name:
        st.caption("Give your name to publish: every load is kept with who and when.")


def _publish(own: Store, state: Upload, preview: loading.Preview, who: str) -> None:
    with st.status("Publishing…", expanded=True) as status:
        line = st.empty()
        bar = st.progress(0.0)

        def progress(text: str, share: float) -> None:
            line.text(text)
            bar.progress(min(max(share, 0.0), 1.0), text=f"{min(max(share, 0.0), 1.0):.0%}")

        try:
            info = loading_aside.commit(own, preview, datetime.now(), who, progress, lambda text: progress(text, 0.0))
            clear_inbox(state, preview)
        except ScorecardError as error:
            status.update(label="Nothing was changed", state="error")
            st.error(escape(str(error)), icon=":material/cancel:")
            return
        except OSError as error:
            status.update(label="Published, but the inbox could not be cleared", state="error")
            st.error(f"{escape(error.strerror)}: move the files out of the inbox by hand.", icon=":material/cancel:")
            return
        status.update(label="Published", state="complete")
    finish()  # the uploader keeps the bytes in memory until its key goes
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

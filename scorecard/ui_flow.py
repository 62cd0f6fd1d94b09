"""What changed since an earlier snapshot: the open pipeline from then to now, its deals, leads and stages."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from scorecard import loading_back
from scorecard.charts import flow, formats
from scorecard.charts.frames import each
from scorecard.charts.plan import period_end
from scorecard.filters import Filters, quarter_start
from scorecard.queries_flow import sentences
from scorecard.store import SnapshotInfo
from scorecard.ui_frame import escape
from scorecard.ui_header import as_of, nothing_here, too_little
from scorecard.ui_parts import chart, clicked_in, download, fit, headline, table
from scorecard.ui_state import ONE_STATE, ask, missing, shown

BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
SINCE, CLOSING, BUCKET, CHART = "since", "closing", "bucket", "pipeline_flow"
PERIODS = ("This quarter", "Next quarter", "Any time")
ALL = "All changes"
LISTED = 1000


@dataclass(frozen=True)
class Compared:
    """The two snapshots, and the filters with the period in which the pipeline is to close."""

    before: SnapshotInfo
    after: SnapshotInfo
    filters: Filters
    closing: str

    @property
    def since(self) -> str:
        return _day(self.before)

    @property
    def scope(self) -> str:
        """Which open deals count, for a salesperson."""
        if self.closing == "Any time":
            return "Open pipeline: all open deals, whatever their close date."
        start, end = self.filters.period_start, self.filters.period_end
        return f"Open pipeline: open deals expected to close {formats.span(start, end)}." if start and end else ""

    def signed(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows with both snapshots named: what a file must carry to be understood later."""
        return rows.assign(compared_with=self.before.id, snapshot=self.after.id)


def _day(info: SnapshotInfo) -> str:
    return formats.day((info.as_of or info.published_at).date())


def compared(filters: Filters) -> Compared | None:
    """The row of choices; None, with a word on the page, where there is nothing to compare with."""
    view = shown()
    earlier = loading_back.earlier(view.store, view.info) if view.info else []
    if view.info is None or not earlier:
        nothing_here("Nothing to compare with yet", ONE_STATE)
        return None
    default = loading_back.compare_default(view.store, view.info)
    options = _labels(earlier)
    first = next((at for at, info in enumerate(options.values()) if default and info.id == default.id), 0)
    on = as_of(view)
    start = quarter_start(on, view.fiscal_start)
    end = period_end(start, "quarter")
    periods = {
        "This quarter": (start, end),
        "Next quarter": (end, period_end(end, "quarter")),
        "Any time": (None, None),
    }

    def within(closing: str) -> Filters:
        return replace(filters, period_start=periods[closing][0], period_end=periods[closing][1])

    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="flow_choices"):
        picked = st.selectbox("Compare with", list(options), index=first, key=SINCE, width=230, **BOUND)
        before = options.get(str(picked)) or earlier[0]
        usual = "Any time" if _mostly_undated(before, within("This quarter"), within("Any time")) else PERIODS[0]
        closing = st.segmented_control("Expected to close", PERIODS, default=usual, required=True, key=CLOSING, **BOUND)
    closing = str(closing or usual)
    return Compared(before, view.info, within(closing), closing)


def compared_with_last(filters: Filters) -> Compared | None:
    """The pair of the meeting: the numbers of the last one, and the open pipeline as it is usually looked at."""
    view = shown()
    before = loading_back.compare_default(view.store, view.info) if view.info else None
    if view.info is None or before is None:
        nothing_here("Nothing to compare with yet", ONE_STATE)
        return None
    on = as_of(view)
    start = quarter_start(on, view.fiscal_start)
    quarter = replace(filters, period_start=start, period_end=period_end(start, "quarter"))
    always = filters.at_any_time()
    if _mostly_undated(before, quarter, always):
        return Compared(before, view.info, always, "Any time")
    return Compared(before, view.info, quarter, PERIODS[0])


def _mostly_undated(before: SnapshotInfo, quarter: Filters, always: Filters) -> bool:
    """Most open deals tell no expected close: then a quarter holds too few of them to begin with."""
    facts = ask("pipeline_flow_facts", quarter, compare_to=before.id)
    undated = int(facts.loc[facts["fact"] == "no_close_date", "deals"].sum())
    if not undated:
        return False
    rows = ask("pipeline_flow", always, compare_to=before.id)
    return undated * 2 > int(rows.loc[rows["bucket"] == "end", "deals"].sum())


def _labels(earlier: list[SnapshotInfo]) -> dict[str, SnapshotInfo]:
    """Names that stay the same when newer numbers come, so that an address keeps its meaning."""
    days = [(info.as_of or info.published_at).date() for info in earlier]
    return {
        f"{formats.day(on)} {on.year}" + (f", published {info.published_at:%H:%M}" if days.count(on) > 1 else ""): info
        for on, info in zip(days, earlier, strict=True)
    }


def pipeline(two: Compared) -> None:
    """The waterfall and the deals behind its bars."""
    found = pipeline_chart(two, key=CHART)
    if not found:
        return
    if words := beside(two):
        st.caption(escape(words))
    _deals(two, found, _names(two, found))


def _names(two: Compared, found: list[flow.Step]) -> dict[str, str]:
    names = {step.bucket: step.name for step in found}
    return names | {"start": f"Start, {_day(two.before)}", "end": f"End, {_day(two.after)}"}


def pipeline_chart(two: Compared, key: str, *, height: float = 400, clicks: bool = True) -> list[flow.Step]:
    """The waterfall with its headline, a click opening a bar's deals; its bars, none where there is no pipeline."""
    look = shown().look
    rows = ask("pipeline_flow", two.filters, compare_to=two.before.id)
    if rows.empty or not rows["deals"].sum():
        nothing_here("No open pipeline here", "Clear the filters, or choose another time to close.", why=missing(rows))
        return []
    found = flow.steps(rows)
    of = "" if two.closing == "Any time" else f"for {two.closing.lower()}"
    said = flow.headline(rows, two.since, look.currency, of)
    headline(said, f"{two.scope} Every deal is in one bar; start and bars add up to the end.{_apart(two)}", of=rows)
    counted = int(rows.loc[rows["bucket"].isin(flow.ENDS), "deals"].max())
    if counted < formats.FEW:
        too_little(counted, "open deals")
    drawn, begins = flow.waterfall(
        found, look, _day(two.before), _day(two.after), row_height=min(46.0, height / len(found))
    )
    names = _names(two, found)

    def open_bar() -> None:
        if (bucket := clicked_in(st.session_state[key])) in names:
            st.session_state[BUCKET] = names[bucket]

    chart(
        drawn,
        key=key,
        alt=f"{said}. " + "; ".join(f"{step.name} {step.amount:,.0f} ({step.deals} deals)" for step in found),
        caption=f"{begins} Click a bar for its deals.".strip() if clicks else begins,
        select=open_bar if clicks else False,
    )
    return found


def beside(two: Compared, most: int = 99) -> str:
    """What no bar shows, in sentences, the first ones."""
    found = ask("pipeline_flow_facts", two.filters, compare_to=two.before.id)
    facts = {
        str(row.fact): (int(row.deals), float(row.amount) if formats.known(row.amount) else 0.0) for row in each(found)
    }
    return " ".join(sentences(facts, lambda value: formats.money(value, shown().look.currency))[:most])


def _apart(two: Compared) -> str:
    before, after = ((info.as_of or info.published_at).date() for info in (two.before, two.after))
    weeks, rest = divmod((after - before).days, 7)
    if after <= before:
        return " Both tell of the same day." if after == before else ""
    return f" {formats.words(weeks).capitalize()} week{'' if weeks == 1 else 's'} apart." if not rest and weeks else ""


def _deals(two: Compared, found: list[flow.Step], names: dict[str, str]) -> None:
    """The deals of one bar, or of all but the first and last, with what they were and are."""
    options = [ALL, *names.values()]
    # The address follows what a click chooses only where the value was there the run before.
    st.session_state.setdefault(BUCKET, st.query_params.get(BUCKET, ALL))
    if st.session_state.get(BUCKET, ALL) not in options:
        st.session_state[BUCKET] = ALL
    picked = str(st.selectbox("Deals behind", options, key=BUCKET, width=280, **BOUND) or ALL)
    buckets = [name for name, label in names.items() if label == picked] or [
        name for name in names if name not in flow.ENDS
    ]
    if not buckets:
        st.caption("No deal changed.")
        return
    deals = ask("pipeline_flow_deals", two.filters, compare_to=two.before.id, bucket=buckets)
    deals = deals.iloc[deals["amount"].astype(float).abs().sort_values(ascending=False, kind="stable").index]
    total = sum(step.amount for step in found if step.bucket in buckets)
    _re_adds(deals, total, picked)
    listed = deals.head(LISTED).assign(bucket=[names[name] for name in deals.head(LISTED)["bucket"]])
    same = picked != ALL
    date = st.column_config.DateColumn
    number = st.column_config.NumberColumn
    columns = [
        "deal_name", *([] if same else ["bucket"]), "amount", "amount_before", "amount_after", "stage_before",
        "stage_after", "closes_before", "closes_after", "owner", "memo",
    ]  # fmt: skip
    table(
        listed[columns],
        "flow_deals",
        {
            "deal_name": st.column_config.TextColumn("Deal", pinned=True),
            "bucket": "What happened",
            "amount": number(
                "Change" if picked not in (names["start"], names["end"]) else "Amount", format="localized"
            ),
            "amount_before": number("Amount before", format="localized"),
            "amount_after": number("Amount now", format="localized"),
            "stage_before": "Stage before",
            "stage_after": "Stage now",
            "closes_before": date("Close before", format="D MMM YYYY"),
            "closes_after": date("Close now", format="D MMM YYYY"),
            "memo": st.column_config.TextColumn("Also", width="medium"),
        },
        height=fit(len(listed), 360),
    )
    download(two.signed(deals), f"what_changed_{two.before.id}_{two.after.id}", "flow_csv")


def _re_adds(deals: pd.DataFrame, total: float, picked: str) -> None:
    """Whether the deals listed add up to their bar."""
    money = formats.money(total, shown().look.currency)
    if abs(float(deals["amount"].fillna(0).sum()) - total) >= 0.005:
        st.caption(":material/warning: These deals do not add up to the bar. Please report this.")
        return
    what = "bars" if picked == ALL else "bar"
    more = f" The first {formats.count(LISTED)} are listed; the file has all." if len(deals) > LISTED else ""
    counted = formats.counted(len(deals), "deal") + (" adds" if len(deals) == 1 else " add")
    st.caption(f":material/check: {escape(counted)} up to the {what}: {escape(money)}.{more}")


def leads_and_stages(two: Compared) -> None:
    """Open leads by stage from then to now, and the moves of deals from stage to stage."""
    left, right = st.columns((1, 1), gap="large")
    with left:
        _leads(two)
    with right:
        _stages(two)


def _leads(two: Compared) -> None:
    anybody = replace(two.filters, period_start=None, period_end=None)
    rows = ask("lead_flow", anybody, compare_to=two.before.id)
    if rows.empty or not rows["leads"].abs().sum():
        headline("Open leads", missing(rows) or "No open leads with these filters.", of=rows)
        return
    headline(
        flow.leads_headline(rows, two.since),
        "People not yet won or lost, by the stage they reached; each column adds up from start to end.",
        of=rows,
    )
    wide = rows.pivot_table(index="bucket", columns="stage", values="leads", sort=False).astype(int)
    wide.insert(len(wide.columns), "All", wide.sum(axis=1))
    kept = wide[(wide != 0).any(axis=1) | wide.index.isin(flow.ENDS)]
    labels = {"start": _day(two.before), "end": _day(two.after)}
    listed = pd.DataFrame({"what": [labels.get(name) or flow.LEAD_BUCKETS[str(name)][0] for name in kept.index]})
    for stage in kept.columns:
        listed[stage] = [_signed(value, bucket) for bucket, value in kept[stage].items()]
    titles = {name: st.column_config.TextColumn(name) for name in listed.columns} | {"what": "Open leads"}
    table(listed, "lead_flow", titles, height=fit(len(listed), 600))
    people = ask("lead_flow_people", anybody, compare_to=two.before.id)
    download(two.signed(people), f"leads_changed_{two.before.id}_{two.after.id}", "lead_flow_csv", "Download the leads")


def _signed(value: int, bucket: Any) -> str:
    if bucket in flow.ENDS:
        return formats.count(value)
    return formats.signed(formats.count(value)) if value else ""


def _stages(two: Compared) -> None:
    rows = ask("stage_moves", two.filters, compare_to=two.before.id)
    moved = flow.moved_stage(rows) if len(rows) else rows
    if moved.empty:
        headline("From stage to stage", missing(rows) or "No deal changed its stage.", of=rows)
        return
    first = next(iter(each(moved)))
    headline(
        f"{formats.counted(int(moved['deals'].sum()), 'deal')} left their stage; most from"
        f" {first.stage_from} to {first.stage_to}",
        f"{two.scope} Amounts as they are now.",
        of=rows,
    )
    chart(
        flow.stage_bars(rows, shown().look),
        key="stage_moves",
        alt="Moves between stages: "
        + "; ".join(f"{row.stage_from} to {row.stage_to} {row.deals} deals" for row in each(moved.head(8))),
        caption=f"{formats.count(rows.loc[rows['direction'] == 'stayed', 'deals'].sum())} stayed in their stage,"
        f" {formats.count(rows.loc[rows['direction'] == 'new', 'deals'].sum())} are new.",
    )
    panel = st.expander("Every move", icon=":material/grid_on:", key="stage_matrix", on_change="rerun")
    if panel.open:
        with panel:
            table(
                rows[["stage_from", "stage_to", "deals", "amount"]],
                "stage_table",
                {
                    "stage_from": "From stage",
                    "stage_to": "To stage",
                    "deals": st.column_config.NumberColumn("Deals", format="localized"),
                    "amount": st.column_config.NumberColumn("Amount", format="localized"),
                },
                height=fit(len(rows), 420),
            )
            download(two.signed(rows), "stage_moves", "stage_csv")

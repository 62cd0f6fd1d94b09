"""Coverage against what is needed: how many times open pipeline covers what the target still lacks."""

from typing import Any

from scorecard.charts import formats
from scorecard.charts.parts import bar, behind, margin_for, names_axis
from scorecard.charts.theme import BLUE, GREY, SHADE, STROKE, Figure, Look, figure
from scorecard.queries_coverage import ENOUGH, MET, NO_DATES, NO_TARGET


def sentence(row: Any, until: str, currency: str) -> str:
    """Open deals due by 31 Dec cover what is missing 2.1 times; 3.8 times would be needed."""
    if row.standing == NO_TARGET:
        return "Pipeline coverage: no target for this part of the business"
    if row.standing == MET:
        return f"The target of {formats.money(row.target, currency)} is met: nothing is left to be covered"
    if row.standing == NO_DATES:
        return "Pipeline coverage: no open deal has an expected close date"
    said = f"Open deals due by {until} cover what is missing {formats.times(row.coverage)}"
    if not formats.known(row.needed_coverage):
        return f"{said}; how much is needed is not known yet"
    needed = formats.times(row.needed_coverage)
    return f"{said}; {needed} is needed" if row.standing == ENOUGH else f"{said}; {needed} would be needed"


def parts(row: Any, currency: str) -> str:
    """$2.25M missing = $4.40M target − $2.15M won. $4.78M due in 146 open deals."""
    money = [formats.money(value, currency) if formats.known(value) else "" for value in (row.gap, row.target, row.won)]
    missing = f"{money[0]} missing = {money[1]} target − {money[2]} won. " if money[0] and row.gap else ""
    if not formats.known(row.open_amount):
        return missing.strip()
    due = f"{formats.money(row.open_amount, currency)} due in {formats.counted(row.open_deals, 'open deal')}"
    if not formats.known(row.weighted_amount):
        return f"{missing}{due}."
    return f"{missing}{due}; times their chances {formats.money(row.weighted_amount, currency)}."


def bullet(row: Any, look: Look) -> Figure:
    """A bar on a track as long as what is needed: by amount, and with each deal times its chance, where 1 is enough."""
    rows = [("By amount", float(row.coverage), row.needed_coverage)]
    if formats.known(row.weighted_coverage):
        rows.append(("Times chance", float(row.weighted_coverage), 1.0))
    needs = [float(needed) if formats.known(needed) else 0.0 for _, _, needed in rows]
    names, values = [name for name, _, _ in rows], [value for _, value, _ in rows]
    reach = [max(pair) for pair in zip(values, needs, strict=True)]
    texts = [_said(value, needed) for value, needed in zip(values, needs, strict=True)]
    return figure(
        [
            bar(names, needs, SHADE, 0.62),
            bar(names, values, [BLUE if value >= need else GREY for value, need in zip(values, needs, strict=True)],
                0.34, [f"{name}: {formats.times(value)}" for name, value in zip(names, values, strict=True)]),
        ],
        look,
        len(rows) * 44 + 12,
        barmode="overlay",
        hovermode="closest",
        annotations=behind(reach, texts),
        shapes=[_tick(need, at) for at, need in enumerate(needs) if need],
        margin=margin_for(look, reach, texts),
        xaxis={"range": [0, (max(reach) or 1.0) * 1.02], "visible": False},
        yaxis=names_axis(names),
    )  # fmt: skip


def _said(value: float, needed: float) -> str:
    said = f"<b>{formats.times(value)}</b>"
    return f"{said} of {formats.times(needed)} needed" if needed else said


def _tick(needed: float, at: int) -> dict[str, object]:
    line = {"color": STROKE, "width": 3}
    return {"type": "line", "x0": needed, "x1": needed, "y0": at - 0.31, "y1": at + 0.31, "line": line}

"""The meeting as slides: native tables and charts that anybody can edit, definition and n in the speaker notes."""

import io
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Inches

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.charts.funnel import CRM_STEPS
from scorecard.charts.theme import BLUE, GOOD, OFF, SIDE_COLOURS, STROKE, TEAL, colours_for
from scorecard.export.blocks import Block
from scorecard.export.slides_parts import (
    CHART_PT,
    EDGE,
    FOOTER_PT,
    HEIGHT,
    INK,
    MUTED,
    TEXT_PT,
    TITLE_PT,
    WIDTH,
    Place,
    bars,
    box,
    label,
    line,
    quiet,
    rgb,
    style,
    table,
    write,
)
from scorecard.export.stamp import Stamp

MIME = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
NEAR = "#8A5300"
STATUS = {"on": GOOD, "near": NEAR, "off": OFF}
BODY: Place = (EDGE, 1.75, WIDTH - 2 * EDGE, 4.95)


def slides(blocks: Sequence[Block], stamp: Stamp, heading: str, currency: str) -> bytes:
    """One slide a block behind a title slide; a block without numbers says which file would bring them."""
    show = Presentation()
    show.slide_width, show.slide_height = Inches(WIDTH), Inches(HEIGHT)
    show.core_properties.title, show.core_properties.author = heading, "Joint revenue scorecard"
    _title_slide(show, stamp, heading)
    for block in blocks:
        slide = _slide(show, block.title, stamp)
        _notes(slide, block, stamp)
        if block.missing:
            box(slide, BODY, block.missing, 20, colour=MUTED)
            continue
        _note(slide, block.note)
        DRAW[block.key](slide, block, currency)
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def _slide(show: Any, title: str, stamp: Stamp) -> Any:
    """A slide with a sentence as title and the stamp as footer."""
    slide = show.slides.add_slide(show.slide_layouts[5])
    place = slide.shapes.title
    place.left, place.top = Inches(EDGE), Inches(0.3)
    place.width, place.height = Inches(WIDTH - 2 * EDGE), Inches(0.95)
    place.text_frame.margin_left = place.text_frame.margin_right = 0
    place.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    write(place.text_frame, title, TITLE_PT if len(title) <= 58 else TITLE_PT - 6, bold=True)
    box(slide, (EDGE, HEIGHT - 0.5, WIDTH - 2 * EDGE, 0.35), _cut(stamp.line(), 170), FOOTER_PT, colour=MUTED)
    return slide


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _note(slide: Any, text: str) -> None:
    """Period, clock and n under the title; what is longer is in the speaker notes whole."""
    sentences, short = text.split(". "), ""
    for sentence in sentences:
        longer = f"{short}. {sentence}" if short else sentence
        if len(longer) > 190:
            break
        short = longer
    said = short or _cut(text, 190)
    box(slide, (EDGE, 1.3, WIDTH - 2 * EDGE, 0.5), said.rstrip(".") + ".", 13, colour=MUTED)


def _notes(slide: Any, block: Block, stamp: Stamp) -> None:
    lines = [block.note, block.missing, *(f"{name}: {words}" for name, words in block.defined), stamp.line()]
    slide.notes_slide.notes_text_frame.text = "\n\n".join(text for text in lines if text)


def _title_slide(show: Any, stamp: Stamp, heading: str) -> None:
    slide = show.slides.add_slide(show.slide_layouts[5])
    place = slide.shapes.title
    place.left, place.top = Inches(EDGE), Inches(1.3)
    place.width, place.height = Inches(WIDTH - 2 * EDGE), Inches(1.0)
    place.text_frame.margin_left = 0
    write(place.text_frame, heading, 44, bold=True)
    bar = slide.shapes.add_shape(1, Inches(EDGE), Inches(2.4), Inches(1.6), Inches(0.08))
    bar.fill.solid()
    bar.fill.fore_color.rgb = rgb(BLUE)
    bar.line.fill.background()
    rows = [(word, _cut(value, 150)) for word, value in stamp.about()]
    for at, (word, value) in enumerate(rows):
        top = 2.85 + at * 0.5
        box(slide, (EDGE, top, 3.6, 0.45), word, TEXT_PT, colour=MUTED)
        box(slide, (EDGE + 3.7, top, WIDTH - 2 * EDGE - 3.7, 0.45), value, TEXT_PT)
    slide.notes_slide.notes_text_frame.text = stamp.line()


def _money(currency: str) -> str:
    """The number format of money in a chart: $1.80M, $284K, $500."""
    symbol = formats.money(0, currency).removesuffix("0").replace("\N{NO-BREAK SPACE}", " ").replace('"', "")
    sign = f'"{symbol}"' if symbol else ""
    return f'[>=999500]{sign}0.00,,"M";[>=1000]{sign}0,"K";{sign}0'


def _kpis(slide: Any, block: Block, _: str) -> None:
    heads = ("Number", "Value", "Plan", "Status", "Last week", "n")
    rows, colours = [], {}
    for at, row in enumerate(each(block.rows.fillna(""))):
        rows.append((row.name, row.text, row.plan_text or "—", row.status, row.change or "—", row.n.removeprefix("n=")))
        colours[at, 1] = INK
        if row.standing in STATUS:
            colours[at, 3] = STATUS[row.standing]
    place = (EDGE, 1.85, WIDTH - 2 * EDGE, 0.66 * (len(rows) + 1))
    table(slide, place, heads, rows, (3.6, 1.9, 1.8, 1.8, 1.9, 1.13), size=20, right=(1, 2, 4, 5), colours=colours)


def _joint(slide: Any, block: Block, _: str) -> None:
    rows = [[_cut(str(value), 60) for value in row] for row in block.rows.to_numpy()]
    place = (EDGE, 1.75, WIDTH - 2 * EDGE, 0.4 * (len(rows) + 1))
    table(slide, place, list(block.rows.columns), rows, (2.2, 1.4, 1.1, 1.1, 2.4, 2.4, 1.53), size=11)


def _quarter(slide: Any, block: Block, currency: str) -> None:
    rows = block.rows
    data = CategoryChartData()
    data.categories = list(rows["day"])
    so_far = [None if not formats.known(value) else float(value) for value in rows["so_far"]]
    plan = [None if not formats.known(value) else float(value) for value in rows["plan"]]
    data.add_series("So far", so_far)
    if any(value is not None for value in plan):
        data.add_series("Plan", plan)
    chart = _chart(slide, XL_CHART_TYPE.LINE, BODY, data)
    top = max(value for value in [*so_far, *plan, 1.0] if value is not None)
    quiet(chart, _money(currency), legend=True)
    _days(chart)
    series = chart.plots[0].series
    line(series[0], BLUE, 4.5)
    last = max((at for at, value in enumerate(so_far) if value is not None), default=0)
    label(series[0], last, formats.money(so_far[last] or 0.0, currency), XL_LABEL_POSITION.RIGHT, size=18)
    if len(series) > 1:
        line(series[1], STROKE, 2.5, MSO_LINE.ROUND_DOT)
        end = max(at for at, value in enumerate(plan) if value is not None)
        label(
            series[1],
            max(end - 8, 0),
            f"Plan {formats.money(plan[end] or 0.0, currency)}",
            XL_LABEL_POSITION.ABOVE,
            colour=MUTED,
        )
        chart.value_axis.maximum_scale = top * 1.12
    chart.value_axis.minimum_scale = 0


def _days(chart: Any) -> None:
    """A date axis with a mark every other week."""
    axis = chart.category_axis
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "d mmm", False
    found = axis._element
    for tag, value in (("c:majorUnit", "14"), ("c:majorTimeUnit", "days")):
        for old in found.findall(qn(tag)):
            found.remove(old)
        child = found.makeelement(qn(tag), {"val": value})
        found.append(child)


def _sourced(slide: Any, block: Block, currency: str) -> None:
    rows = block.rows
    half = (WIDTH - 2 * EDGE - 0.5) / 2
    for at, (kind, head) in enumerate((("side", "By side"), ("channel", "By channel"))):
        part = rows[rows["kind"] == kind]
        left = EDGE + at * (half + 0.5)
        box(slide, (left, 1.75, half, 0.4), head, 18, bold=True)
        data = CategoryChartData()
        data.categories = [
            f"{_cut(str(row.name), 22)} ({formats.counted(row.won_deals, 'deal')})" for row in each(part)
        ]
        data.add_series("Won revenue", [float(value) for value in part["won_amount"]])
        chart = _chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, (left, 2.15, half, 4.6), data)
        names = list(part["name"])
        colours = [SIDE_COLOURS.get(name.lower(), BLUE) for name in names] if kind == "side" else [BLUE] * len(names)
        bars(chart, _money(currency), colours)


def _forecast(slide: Any, block: Block, currency: str) -> None:
    found = block.extra
    landing, days, end = found["landing"], found["days"], found["end"]
    so_far = found["sums"][-1] if found["sums"] else 0.0
    ahead: list[date] = [days[-1] + timedelta(days=at) for at in range(1, (end - days[-1]).days + 1)]
    every = [*days, *ahead]
    known: list[float | None] = [float(value) for value in found["sums"]]
    data = CategoryChartData()
    data.categories = every
    data.add_series("Won so far", known + [None] * len(ahead))
    for name, value in (("Expected", landing.expected), ("High (80%)", landing.high80), ("Low (80%)", landing.low80)):
        data.add_series(name, _to_end(len(days), so_far, value, len(ahead)))
    plan = found["plan"]
    if plan is not None:
        data.add_series("Plan", [float(plan)] * len(every))
    chart = _chart(slide, XL_CHART_TYPE.LINE, (EDGE, 1.75, 7.0, 4.95), data)
    quiet(chart, _money(currency), legend=True)
    _days(chart)
    chart.value_axis.minimum_scale = 0
    looks = ((BLUE, 4.5, None), (BLUE, 3, MSO_LINE.DASH), (BLUE, 1.25, None), (BLUE, 1.25, None),
             (STROKE, 2.25, MSO_LINE.ROUND_DOT))  # fmt: skip
    for series, (colour, width, dash) in zip(chart.plots[0].series, looks, strict=False):
        line(series, colour, width, dash)
    names = {"booked": "Booked", "open": "Open deals", "not_yet_created": "Not yet created", "total": "Quarter"}
    rows = [
        (str(names.get(row.component, row.component)), formats.money(row.expected, currency),
         _band(row, currency))
        for row in each(block.rows)
    ]  # fmt: skip
    if plan is not None:
        rows.append(("Plan", formats.money(plan, currency), ""))
    colours = {(at, column): INK for at, row in enumerate(rows) if row[0] == "Quarter" for column in range(3)}
    place = (7.8, 2.1, 4.93, 0.52 * (len(rows) + 1))
    heads = ("Part", "Expected", "Four in five")
    table(slide, place, heads, rows, (1.7, 1.2, 2.03), size=14, right=(1, 2), colours=colours)


def _band(row: Any, currency: str) -> str:
    if row.low80 == row.high80:
        return formats.MISSING
    return f"{formats.money(row.low80, currency)} – {formats.money(row.high80, currency)}"


def _to_end(known: int, so_far: float, value: float, steps: int) -> list[float | None]:
    """A straight line from the sum so far to where the quarter ends; nothing before today."""
    path: list[float | None] = [so_far + (float(value) - so_far) * at / steps for at in range(1, steps + 1)]
    return [*([None] * (known - 1)), so_far, *path]


def _curves(slide: Any, block: Block, _: str) -> None:
    data = XyChartData()
    sizes = block.rows.groupby("group_value")["at_risk"].max().sort_values(ascending=False)
    names = [str(name) for name in sizes.index[:6]]
    top = 0.0
    for name in names:
        series, before = data.add_series(name), 0.0
        group = block.rows[(block.rows["group_value"] == name) & (block.rows["day"] <= 365)].sort_values("day")
        for row in each(group):
            share = float(row.won_probability)
            series.add_data_point(float(row.day), before)  # a curve goes up in steps
            series.add_data_point(float(row.day), share)
            before = share
        top = max(top, before)
    chart = _chart(slide, XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, (EDGE, 1.75, 6.6, 4.95), data)
    quiet(chart, "0%", legend=True)
    axis: Any = chart.category_axis
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, 365, 90
    axis.has_major_gridlines = False
    axis.has_title = True
    axis.axis_title.text_frame.text = "days since created"
    style(axis.axis_title.text_frame.paragraphs[0].runs[0].font, CHART_PT, MUTED)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, min(1.0, round(top * 1.1 + 0.05, 1))
    colours = colours_for(names, SIDE_COLOURS)
    for name, series in zip(names, chart.plots[0].series, strict=True):
        line(series, colours[name])
    shown = block.extra[block.extra["day"].isin([90, 365])]
    rows = []
    for name in names:
        part = {int(row.day): row for row in each(shown[shown["group_value"] == name])}
        n = formats.count(max(row.n for row in part.values()))
        rows.append((name, n, _cell(part.get(90)), _cell(part.get(365))))
    heads = ("Side", "n", "By day 90", "By day 365")
    place = (7.4, 2.1, 5.33, 0.62 * (len(rows) + 1))
    table(slide, place, heads, rows, (1.25, 0.78, 1.65, 1.65), size=13, right=(1, 2, 3))


def _cell(row: Any) -> str:
    if row is None or not formats.known(row.won):
        return formats.MISSING
    if not formats.known(row.low):
        return formats.percent(row.won, 0)
    return f"{formats.percent(row.won, 0)} ({formats.percent(row.low, 0)[:-1]}–{formats.percent(row.high, 0)})"


def _video(slide: Any, block: Block, _: str) -> None:
    rows = list(each(block.rows.sort_values("step_order")))
    data = CategoryChartData()
    first = str(rows[0].step).lower()
    data.categories = [
        f"{_cut(str(row.step), 24)} ({formats.percent(row.of_first, 0)} of {first})" if at else str(row.step)
        for at, row in enumerate(rows)
    ]
    data.add_series("People", [float(row.people) for row in rows])
    chart = _chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, BODY, data)
    crm = [any(word in str(row.step).lower() for word in CRM_STEPS) for row in rows]
    bars(chart, "#,##0", [TEAL if one else BLUE for one in crm], size=16)
    chart.plots[0].data_labels.position = XL_LABEL_POSITION.OUTSIDE_END


def _actions(slide: Any, block: Block, _: str) -> None:
    """The first eight; a slide has no room for more."""
    heads = ("Action", "Owner", "Due", "Metric then and now", "Did it move?")
    cuts = (70, 24, 12, 90, 28)
    rows = [
        [_cut(str(value), cut) for value, cut in zip(row, cuts, strict=True)] for row in block.rows.head(8).to_numpy()
    ]
    wide = WIDTH - 2 * EDGE
    widths = [wide * share for share in (0.3, 0.12, 0.09, 0.33, 0.16)]
    table(slide, (EDGE, 1.85, wide, 0.5 * (len(rows) + 1)), heads, rows, widths)


def _chart(slide: Any, kind: XL_CHART_TYPE, place: Place, data: Any) -> Any:
    return slide.shapes.add_chart(kind, *(Inches(value) for value in place), data).chart


DRAW: dict[str, Callable[[Any, Block, str], None]] = {
    "kpis": _kpis,
    "joint": _joint,
    "quarter": _quarter,
    "sourced": _sourced,
    "forecast": _forecast,
    "curves": _curves,
    "video": _video,
    "actions": _actions,
}

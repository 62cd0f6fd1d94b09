"""Pieces of a slide: text for a room, native tables and native charts in the house's colours."""

from collections.abc import Sequence
from typing import Any

from pptx.chart.chart import Chart
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

FONT = "Arial"  # on every machine a slide is shown on
INK, MUTED, RULE, PALE = "#101828", "#475467", "#D9DEE7", "#F5F7FA"
TITLE_PT, TEXT_PT, TABLE_PT, CHART_PT, FOOTER_PT = 28, 16, 16, 14, 11
WIDTH, HEIGHT, EDGE = 13.333, 7.5, 0.6  # inches

Place = tuple[float, float, float, float]  # left, top, width, height in inches


def rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#"))


def plain(text: object) -> str:
    """Text that XML can hold, in one line."""
    kept = "".join(letter if letter.isprintable() else " " for letter in str(text))
    return " ".join(kept.split())


def write(frame: Any, text: str, size: float, *, colour: str = INK, bold: bool = False, right: bool = False) -> None:
    """The text of a frame or cell, in the house's font."""
    frame.word_wrap = True
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = plain(text)
    style(run.font, size, colour, bold)


def style(font: Any, size: float, colour: str = INK, bold: bool = False) -> None:
    font.name, font.size, font.bold = FONT, Pt(size), bold
    font.color.rgb = rgb(colour)


def box(slide: Any, place: Place, text: str, size: float, **extra: Any) -> Any:
    """A text on the slide."""
    shape = slide.shapes.add_textbox(*(Inches(value) for value in place))
    shape.text_frame.margin_left = shape.text_frame.margin_right = 0
    write(shape.text_frame, text, size, **extra)
    return shape


def table(
    slide: Any,
    place: Place,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    size: float = TABLE_PT,
    right: Sequence[int] = (),
    colours: dict[tuple[int, int], str] | None = None,
) -> None:
    """A native table; `widths` in inches, `right`: columns of numbers, `colours`: text colour of (row, column)."""
    left, top, width, height = place
    shape = slide.shapes.add_table(len(rows) + 1, len(heads), Inches(left), Inches(top), Inches(width), Inches(height))
    found = shape.table
    found.first_row, found.horz_banding = True, False
    for at, inches in enumerate(widths):
        found.columns[at].width = Inches(inches)
    for row in found.rows:
        row.height = Inches(height / (len(rows) + 1))
    for row, values in enumerate([heads, *rows]):
        for column, value in enumerate(values):
            cell = found.cell(row, column)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.margin_left = cell.margin_right = Inches(0.08)
            cell.fill.solid()
            cell.fill.fore_color.rgb = rgb("#FFFFFF" if row else PALE)
            colour = (colours or {}).get((row - 1, column)) if row else MUTED
            bold = row == 0 or (row - 1, column) in (colours or {})
            write(cell.text_frame, value, size, colour=colour or INK, bold=bold, right=column in right)


def quiet(chart: Chart, number_format: str, *, size: float = CHART_PT, legend: bool = False) -> None:
    """The chart in the house's look: its font, no border, pale grid, legend at the bottom where asked for."""
    style(chart.font, size)
    chart.has_title = False
    chart.has_legend = legend
    if legend and chart.legend is not None:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
        style(chart.legend.font, size)
    values = chart.value_axis
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = number_format, False
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = rgb(RULE)
    values.format.line.fill.background()
    values.major_tick_mark = XL_TICK_MARK.NONE
    chart.category_axis.format.line.color.rgb = rgb(RULE)
    chart.category_axis.major_tick_mark = XL_TICK_MARK.NONE


def bars(chart: Chart, number_format: str, colours: Sequence[str], *, size: float = CHART_PT) -> None:
    """Horizontal bars, first name on top, each with its value behind it and its own colour."""
    quiet(chart, number_format, size=size)
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    plot: Any = chart.plots[0]
    plot.gap_width, plot.vary_by_categories = 45, False
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = number_format, False
    labels.position, labels.show_value = XL_LABEL_POSITION.OUTSIDE_END, True
    style(labels.font, size, bold=True)
    for at, colour in enumerate(colours):
        fill = plot.series[0].points[at].format.fill
        fill.solid()
        fill.fore_color.rgb = rgb(colour)


def line(series: Any, colour: str, width: float = 3, dash: MSO_LINE | None = None) -> None:
    """A line without markers."""
    series.smooth = False
    series.format.line.color.rgb = rgb(colour)
    series.format.line.width = Pt(width)
    if dash is not None:
        series.format.line.dash_style = dash
    marker = series._element.get_or_add_marker()
    symbol = marker.find(qn("c:symbol"))
    if symbol is None:
        symbol = marker._add_symbol()
    symbol.set("val", "none")


def label(series: Any, at: int, text: str, where: Any, *, colour: str = INK, size: float = CHART_PT) -> None:
    """Words at one point of a line."""
    found = series.points[at].data_label
    found.position = where
    frame = found.text_frame
    run = frame.paragraphs[0].add_run()
    run.text = plain(text)
    style(run.font, size, colour, True)

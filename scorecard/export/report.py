"""The meeting as one HTML file that opens anywhere, asks no host for anything, follows light and dark, and prints."""

import base64
import json
from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from plotly.offline import get_plotlyjs

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.export.blocks import Block
from scorecard.export.report_style import DRAW, STYLE
from scorecard.export.stamp import Stamp

FONT = Path(__file__).resolve().parents[2] / "static" / "inter-latin-wght.woff2"
# The file may run its own script and nothing may be fetched, whatever a value says.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; font-src data:; img-src data: blob:"
)
ICONS = {"on": "✓", "near": "!", "off": "✕"}


def report(blocks: Sequence[Block], stamp: Stamp, heading: str) -> str:
    """The whole file: Plotly and the font are in it, once."""
    figures: dict[str, Any] = {}
    sections = [_section(block, figures) for block in blocks]
    about = "".join(f"<dt>{escape(word)}</dt><dd>{escape(value)}</dd>" for word, value in stamp.about())
    data = json.dumps(figures, default=_plain, ensure_ascii=False).replace("<", "\\u003c")
    footer = escape(stamp.line())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(heading)}</title><style>{_font()}{_footer(stamp)}{STYLE}</style></head><body>"
        f"<header><h1>{escape(heading)}</h1><dl>{about}</dl></header><main>{''.join(sections)}</main>"
        f"<footer>{footer}</footer><script>{_plotly()}</script>"
        f'<script id="figures" type="application/json">{data}</script><script>{DRAW}</script></body></html>'
    )


def _plotly() -> str:
    """The library as it is shipped; a closing tag inside it would end the script."""
    return get_plotlyjs().replace("</script", "<\\/script")


def _font() -> str:
    try:
        content = base64.b64encode(FONT.read_bytes()).decode()
    except OSError:
        return ""  # the reader's own sans-serif
    return f"@font-face{{font-family:Inter;font-weight:100 900;src:url(data:font/woff2;base64,{content})}}"


def _footer(stamp: Stamp) -> str:
    """The stamp at the foot of every printed page; CSS text, so everything but plain letters is written as a number."""
    kept = "".join(one if one.isalnum() or one in " .,:-" else f"\\{ord(one):x} " for one in stamp.line())
    return f'@page{{@bottom-left{{content:"{kept}"}}}}'


def _section(block: Block, figures: dict[str, Any]) -> str:
    parts = [f"<h2>{escape(block.title)}</h2>"]
    if block.missing:
        return f'<section class="empty" id="{block.key}">{parts[0]}<p>{escape(block.missing)}</p></section>'
    if block.key == "kpis":
        parts.append(_kpis(block.rows))
    elif block.key in ("actions", "joint"):
        parts.append(_table(block.rows))
    charts = []
    for at, (words, figure) in enumerate(block.figures):
        name = f"chart_{block.key}_{at}"
        figures[name] = figure
        head = f"<h3>{escape(words)}</h3>" if len(block.figures) > 1 else ""
        height = int(figure["layout"]["height"])
        box = f'<div class="js-plotly" id="{name}" role="img" aria-label="{escape(words)}" style="height:{height}px">'
        charts.append(f"<div>{head}{box}</div></div>")
    if charts:
        parts.append(f'<div class="charts n{len(charts)}">{"".join(charts)}</div>')
    if block.key == "forecast":
        parts.append(_parts(block))
    parts.append(f'<p class="note">{escape(block.note)}</p>')
    said = "".join(f"<p><b>{escape(name)}</b> {escape(words)}</p>" for name, words in block.defined)
    if said:
        parts.append(f"<details><summary>What this means</summary>{said}</details>")
    return f'<section id="{block.key}">{"".join(parts)}</section>'


def _kpis(rows: pd.DataFrame) -> str:
    lines = []
    for row in each(rows.fillna("")):
        icon = f"{ICONS[row.standing]} " if row.standing in ICONS else ""
        status = f'<td class="status {escape(str(row.standing))}">{icon}{escape(row.status)}</td>'
        cells = (row.text, row.plan_text or formats.MISSING)
        after = (row.change or formats.MISSING, str(row.n).removeprefix("n="))
        lines.append(
            f"<tr><th scope=row>{escape(row.name)}</th><td class='big'>{escape(cells[0])}</td>"
            f"<td>{escape(cells[1])}</td>{status}<td>{escape(after[0])}</td><td>{escape(after[1])}</td></tr>"
        )
    heads = "".join(f"<th>{word}</th>" for word in ("Number", "Value", "Plan", "Status", "Last week", "n"))
    head = f"<thead><tr>{heads}</tr></thead>"
    return f'<div class="wide"><table class="kpis">{head}<tbody>{"".join(lines)}</tbody></table></div>'


def _parts(block: Block) -> str:
    """The parts of the forecast as a table: nothing needs a pointer."""
    names = {"component": "part", "low50": "low (half)", "high50": "high (half)"}
    rows = block.rows.rename(columns=names | {"low80": "low (4 in 5)", "high80": "high (4 in 5)"})
    return _table(rows.assign(part=[str(part).replace("_", " ") for part in rows["part"]]))


def _table(rows: pd.DataFrame) -> str:
    heads = "".join(f"<th>{escape(str(name).replace('_', ' '))}</th>" for name in rows.columns)
    lines = []
    for row in rows.itertuples(index=False):
        cells = "".join(f"<td>{escape(_text(value))}</td>" for value in row)
        lines.append(f"<tr>{cells}</tr>")
    # Texts wrap and begin at the left; figures stay on one line and end at the right.
    kind = "" if len(rows.select_dtypes("number").columns) else ' class="words"'
    body = f"<thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody>"
    return f'<div class="wide"><table{kind}>{body}</table></div>'


def _text(value: Any) -> str:
    if isinstance(value, (int, float)):
        return formats.count(round(value) if formats.known(value) else value)
    return "" if value is None else str(value)


def _plain(value: Any) -> Any:
    """What JSON does not know: days, moments and numpy's numbers."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, np.generic):
        return value.item()
    return str(value)

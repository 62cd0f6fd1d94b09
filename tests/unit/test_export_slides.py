"""What is taken along says what `ask` says: slides whose charts are native, a report, a digest."""

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from scorecard.export.digest import Section, markdown
from tests.command_line import ROOT, ask, command, load
from tests.hostile import VALUES, write_exports
from tests.unit.test_export_workbook import WHERE

SINCE, UNTIL = ("--from", "2026-08-03"), ("--to", "2026-11-02")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("taken")
    load(folder / "store", ROOT / "data" / "sample" / "week-1")
    return folder / "store"


@pytest.fixture(scope="module")
def deck(store: Path) -> Any:
    file = store.parent / "out.pptx"
    answer = command("export", file, *SINCE, *UNTIL, "--region", "EMEA", store=store)
    assert answer.code == 0, answer.err
    return Presentation(io.BytesIO(file.read_bytes()))


def charts(slide: Any) -> list[Any]:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def texts(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_every_chart_is_native_with_its_workbook_inside(deck: Any) -> None:
    found = [len(charts(slide)) for slide in deck.slides]
    assert found == [0, 0, 0, 1, 2, 1, 1, 1]
    for slide in deck.slides:
        for chart in charts(slide):
            assert chart.part.chart_workbook.xlsx_part.blob[:2] == b"PK"
        assert not [shape for shape in slide.shapes if shape.shape_type == 13], "no picture of a chart"


def test_every_slide_prints_filters_data_date_snapshot_and_definitions(deck: Any, store: Path) -> None:
    snapshot = command("snapshots", "--json", store=store).json[0]["id"]
    for slide in list(deck.slides)[1:]:
        said = texts(slide)
        for words in ("3 Aug 2026 to 1 Nov 2026", "Region: EMEA", "data to 1 Nov 2026", snapshot, "definitions 2026-"):
            assert words in said
        assert (
            "Definition" in slide.notes_slide.notes_text_frame.text
            or len(slide.notes_slide.notes_text_frame.text) > 100
        )


def test_the_numbers_of_the_slides_are_those_of_ask(deck: Any, store: Path) -> None:
    slides = list(deck.slides)
    leads = ask(store, "new_leads", *SINCE, *UNTIL, "--region", "EMEA")[0]["value"]
    table = next(shape.table for shape in slides[1].shapes if shape.has_table)
    cells = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert cells["New leads"] == f"{leads:,.0f}"

    sides: dict[str, float] = {}
    for row in ask(store, "sourced_revenue", *SINCE, *UNTIL, "--region", "EMEA", "--business", "new"):
        sides[row["side"].capitalize()] = sides.get(row["side"].capitalize(), 0) + float(row["won_amount"])
    plot = charts(slides[4])[0].plots[0]
    drawn = {name.partition(" (")[0]: value for name, value in zip(plot.categories, plot.series[0].values, strict=True)}
    assert drawn == pytest.approx(sides)

    total = next(row for row in ask(store, "forecast", "--region", "EMEA") if row["component"] == "total")
    series = {one.name: list(one.values) for one in charts(slides[5])[0].plots[0].series}
    ends = [series[name][-1] for name in ("Expected", "Low (80%)", "High (80%)")]
    assert ends == pytest.approx([float(total[name]) for name in ("expected", "low80", "high80")])

    steps = ask(store, "video_funnel", *SINCE, *UNTIL, "--region", "EMEA")
    people = [float(row["people"]) for row in steps if row["step_order"] > 0]
    assert list(charts(slides[7])[0].plots[0].series[0].values) == people


def test_an_office_program_opens_the_slides(deck: Any, store: Path, tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("no LibreOffice on this machine")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*convert, str(store.parent / "out.pptx")], capture_output=True, timeout=120, check=True)
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")


def test_the_digest_says_numbers_plan_and_status_and_masks_names(store: Path) -> None:
    said = command("digest", *SINCE, *UNTIL, store=store)
    leads = ask(store, "new_leads", *SINCE, *UNTIL)[0]["value"]
    assert f"**New leads**: {leads:,.0f}" in said.out and " plan" in said.out
    for words in ("The quarter lands at", "snapshot ", "definitions ", "data to 1 Nov 2026"):
        assert words in said.out
    names = {str(row["name"]) for row in ask(store, "open_names")}
    assert not [name for name in names if len(name) > 4 and name in said.out]
    shown = command("digest", *SINCE, *UNTIL, "--names", "--format", "html", store=store).out
    assert [name for name in names if len(name) > 4 and name in shown]
    assert shown.startswith("<h2>") and "http" not in shown


def test_hostile_values_are_text_in_slides_report_and_digest(tmp_path: Path) -> None:
    answer = "deals <img src=x onerror=window.__xss=1>.csv.amount.unreadable=quarantine"
    load(tmp_path / "store", *write_exports(tmp_path), "--as-of", "2026-11-15", "--answer", answer)
    for name in ("out.pptx", "out.html"):
        taken = command("export", tmp_path / name, "--period", "all", store=tmp_path / "store")
        assert taken.code == 0, taken.err
    Presentation(str(tmp_path / "out.pptx"))
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    body = page.partition("<header>")[2]
    own = body.partition('<script id="figures"')
    assert own[0].count("<script>") == 1 and "<img" not in own[0].partition("<script>")[0]
    assert "<" not in own[2].partition(">")[2].partition("</script>")[0], "no markup in the data of the charts"
    assert "default-src 'none'" in page
    taken = command("digest", "--period", "all", "--names", "--format", "html", store=tmp_path / "store")
    assert taken.code == 0 and "<script" not in taken.out and "<img" not in taken.out


def test_marks_of_data_do_not_become_markup_in_a_chat() -> None:
    found = markdown("H", [Section("t", tuple(VALUES[11:14]))], WHERE)
    assert "](http" not in found.replace("\\]", "").replace("\\[", "")


def test_a_file_of_another_kind_is_refused(store: Path, tmp_path: Path) -> None:
    answer = command("export", tmp_path / "out.docx", store=store)
    assert answer.code == 2 and ".pptx, .html, .pdf" in answer.sentence

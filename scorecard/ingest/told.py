"""What somebody named for several files at once: it holds for those it fits, and for one of them at least."""

from collections.abc import Sequence
from dataclasses import replace

from scorecard.errors import IngestError
from scorecard.ingest.report import FileReport, LoadOptions


def written(options: LoadOptions, column: str) -> str:
    """The option that names a canonical column, as it is typed."""
    if column in options.mapping:
        return f"--map {column}={options.mapping[column]}"
    return f"--set {column}={options.constants[column]}"


def without(options: LoadOptions, column: str) -> LoadOptions:
    """The same options, the column not named; of `--map` and `--set` of one column, `--map` goes first."""
    if column in options.mapping:
        return replace(options, mapping={name: text for name, text in options.mapping.items() if name != column})
    return replace(options, constants={name: text for name, text in options.constants.items() if name != column})


def refuse_unused(options: LoadOptions, reports: Sequence[FileReport]) -> None:
    """Says so where a column was named that no file has; as long as a file is not read, it may be that one's."""
    if any(report.status == "refused" or (report.status == "question" and report.kind is None) for report in reports):
        return
    used = {pair for report in reports for pair in (*report.given.items(), *report.constants.items())}
    for column, text in (*options.mapping.items(), *options.constants.items()):
        if (column, text) not in used:
            headers = dict.fromkeys(header for report in reports if report.kind for header in report.header)
            listed = ", ".join(headers)
            raise IngestError(f"{written(options, column)} fits none of the files. Their columns are: {listed}.")

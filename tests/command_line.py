"""Runs the real command line: in a process of its own, as a person or cron would, or its commands in this one."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scorecard.command import main
from scorecard.queries_readers import POOL

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """Standard error, which must be words for people."""
        assert "Traceback" not in self.err, self.err
        return self.err.strip()


def scorecard(*arguments: object, store: Path, timeout: float = 240) -> Answer:
    """`python -m scorecard ARGUMENTS --store STORE`."""
    command = [sys.executable, "-m", "scorecard", *map(str, arguments), "--store", str(store)]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=timeout, check=False
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def command(*arguments: object, store: Path) -> Answer:
    """The same in this process: starting one takes longer than most commands do."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([*map(str, arguments), "--store", str(store)])
    POOL.close()  # as the end of a process does
    return Answer(code, out.getvalue(), err.getvalue())


def load(store: Path, *arguments: object) -> Answer:
    """Loads and insists that it was published."""
    answer = command("load", *arguments, "--json", store=store)
    assert answer.code == 0, f"{answer.err}\n{answer.out[:3000]}"
    return answer


def ask(store: Path, name: str, *arguments: object) -> list[dict[str, Any]]:
    """The rows of a query."""
    answer = command("ask", name, *arguments, "--format", "json", store=store)
    assert answer.code == 0, answer.err
    return answer.json

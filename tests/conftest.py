"""What every test run begins and ends with."""

import gc
import os
import sys
from pathlib import Path

import pytest

from scorecard.queries_readers import POOL

# Python keeps what it compiled, as it does by itself: thousands of commands and every worker of a run import the same.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Files of half a minute and more, the longest first: a run on two cores ends when both are done, so these begin.
LONG = (
    "browser/test_hostile.py",
    "browser/test_take.py",
    "unit/test_kill.py",
    "unit/test_damage.py",
    "unit/test_full_disk.py",
    "unit/test_faults.py",
    "unit/test_orders.py",
    "browser/test_meeting.py",
    "browser/test_app.py",
    "pages/test_proof_everywhere.py",
    "pages/test_faulty_store.py",
    "pages/test_pages.py",
    "pages/test_proof.py",
    "sql/test_known_answers.py",
    "browser/test_customer.py",
    "unit/test_cli.py",
    "unit/test_contract.py",
    "browser/test_data_walk.py",
    "pages/test_upload_choices.py",
    "sql/test_sample_answers.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first; all else stays as it is."""
    here = Path(__file__).parent
    places = {here / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path, len(LONG)))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Connections left in the pool are closed before the interpreter goes; DuckDB complains of them otherwise."""
    POOL.close()
    gc.collect()

"""What every test run begins and ends with."""

import gc
import os
import sys

import pytest

from scorecard.queries_readers import POOL

# Python keeps what it compiled, as it does by itself: thousands of commands and every worker of a run import the same.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Connections left in the pool are closed before the interpreter goes; DuckDB complains of them otherwise."""
    POOL.close()
    gc.collect()

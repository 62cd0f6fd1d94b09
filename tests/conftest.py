"""What every test run ends with."""

import gc

import pytest

from scorecard.queries_readers import POOL


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Connections left in the pool are closed before the interpreter goes; DuckDB complains of them otherwise."""
    POOL.close()
    gc.collect()

"""Tests of models share the processes of their sweeps."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="session")
def processes_of_sweeps(lent_processes: None) -> None:
    """Lend the processes of one sweep to the next."""

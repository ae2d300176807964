"""The forms that a loop is tested in: as plain Python everywhere, and compiled with numba."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from mesa_llm_city.core import kernels

NO_NUMBA = pytest.mark.skipif(
    not kernels.is_installed(), reason="numba is not installed (extra crowd)"
)

FORMS = [False, pytest.param(True, marks=NO_NUMBA)]
"""Whether the loop is compiled."""


@contextmanager
def loops(*, compiles: bool) -> Iterator[None]:
    """Use loops for a while, of which numbers without sign may run over in plain Python."""
    with kernels.use(wanted=True, compiles=compiles), np.errstate(over="ignore"):
        yield

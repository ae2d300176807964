"""The loop that looks around finds the rows at marked spots."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.crowd.look_loops import find_present
from tests.loops import FORMS, loops


@pytest.mark.parametrize("compiles", FORMS)
def test_rows_at_marked_spots_are_present_and_those_apart_are_not(*, compiles: bool) -> None:
    spot = np.array([2, -1, 0, 2, 3], dtype=np.int32)
    present = np.empty(5, dtype=np.int64)
    with loops(compiles=compiles):
        loop = compiled(find_present)
        assert loop is not None
        count = loop(spot, np.array([False, False, True, True]), present)
    assert present[:count].tolist() == [0, 3, 4]

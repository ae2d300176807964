"""Columns of persons."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.population.person_columns import household_streams


def test_every_household_has_a_stream_of_its_own() -> None:
    streams = household_streams(np.arange(-50, 50))
    assert len(set(streams.tolist())) == 100
    assert streams.min() == 0

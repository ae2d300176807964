"""Names that get numbers when they are met."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.simulation.records.coded import Coded
from mesa_llm_city.simulation.records.numbered_names import NumberedNames

WALK_OR_BUS = ("walk", "bus")


def test_keywords_that_come_with_the_first_names_have_their_numbers() -> None:
    names, codes = NumberedNames(WALK_OR_BUS), np.array([1, 0, 1])
    equal = WALK_OR_BUS[:1] + WALK_OR_BUS[1:]
    assert names.rows(Coded(codes, WALK_OR_BUS)) is codes
    assert names.rows(Coded(codes, equal)).tolist() == [1, 0, 1]
    assert names.rows(Coded(codes, ("bus", "tram"))).tolist() == [2, 1, 2]
    assert list(names) == ["walk", "bus", "tram"]

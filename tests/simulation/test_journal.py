"""What is written down of the needs of everybody."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.values import Float
from mesa_llm_city.mind import Needs
from mesa_llm_city.simulation.journal import _levels


class Halved(Needs):
    """Needs of another class."""

    def levels_at(self, at: float) -> Float:
        return super().levels_at(at) / 2.0


def engaged(kinds: list[type[Needs]]) -> list[Needs]:
    needs = [kind(at=0.5 * row) for row, kind in enumerate(kinds)]
    for row, one in enumerate(needs):
        one.engage(("sleep", "meal", "work", "outside")[row % 4], at=1.5 + row)
    return needs


@pytest.mark.parametrize("kinds", [[Needs] * 8, [Needs, Halved, Needs], [Halved]])
def test_levels_of_many_are_to_the_last_bit_those_of_each(kinds: list[type[Needs]]) -> None:
    needs = engaged(kinds)
    for at in (10.0, 13.37, 60.0):
        expected = np.array([one.levels_at(at) for one in needs])
        assert _levels(needs, at).tolist() == expected.tolist()

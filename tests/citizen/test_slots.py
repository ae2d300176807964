"""What components in slots may return."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.citizen.slots import as_decision
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Activity, DecisionSource
from mesa_llm_city.mobility import FreeTimeChosen, PlaceChosen
from mesa_llm_city.mobility.planner import Planned

HOUR = Activity(purpose="leisure", start_min=600, end_min=660, place=3)


def test_a_pair_is_a_decision_by_rule() -> None:
    chosen = as_decision((np.int64(4), "near"), PlaceChosen, probabilities=np.empty(0))
    assert (chosen.place, chosen.source, chosen.reason) == (4, DecisionSource.RULE, "near")
    assert list(as_decision(([HOUR], "all day"), Planned).plan) == [HOUR]


@pytest.mark.parametrize(
    ("kind", "choice", "got"),
    [(FreeTimeChosen, None, "NoneType"), (PlaceChosen, "park", "str"), (Planned, HOUR, "Activity")],
)
def test_a_choice_of_another_type_is_refused(kind: type, choice: object, got: str) -> None:
    with pytest.raises(ConfigError, match=f"{kind.__name__} is of type .*, got {got}"):
        as_decision((choice, "stays"), kind)

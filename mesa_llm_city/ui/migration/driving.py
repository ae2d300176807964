"""What drove the decision of a household: contributions that add up to its log odds."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.models.surroundings import Surroundings, place_utility
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.ui.migration.story import Drivers

__all__ = ["drivers_of"]


def drivers_of(
    decision: MigrationDecision, members: SurveyTable, around: Surroundings | None
) -> Drivers | None:
    """Return what drove a decision; None if the decision cannot tell.

    Parameters
    ----------
    decision : MigrationDecision
        What decided.
    members : SurveyTable
        Those of a household who took part, as they were then.
    around : Surroundings or None
        Their places then; None if places made no difference.

    Notes
    -----
    A household decides by the mean of the log odds of its members, so the mean contributions,
    with places and calibration, add up to the log odds of its probability.
    """
    if decision.reasons is None or not len(members):
        return None
    found = decision.reasons.attributions(members)
    places = 0.0
    if around is not None:
        utility = place_utility(around, decision.weights)
        places = float(np.mean(utility)) - decision.parameters.reference
    calibration = decision.calibration
    # Shares and probabilities do not add up with effects in log odds.
    adds_up = found.unit == "log odds"
    return Drivers(
        base=found.base if adds_up else float("nan"),
        parts=tuple(zip(found.names, found.values.mean(axis=0).tolist(), strict=True)),
        places=places if adds_up else 0.0,
        calibration=(
            float(calibration.shift(members).mean()) if adds_up and calibration is not None else 0.0
        ),
        unit=found.unit,
    )

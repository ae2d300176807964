"""Effects of policies by several decisions."""

from __future__ import annotations

import numpy as np
from mesa_llm_city.models.return_migration.effects import effects

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.table import SurveyTable


class Backwards:
    """Returns people with a hukou of the city more often: the wrong sign."""

    def predict_proba(self, table: SurveyTable) -> Float:
        p = np.where(table.frame["hukou"].to_numpy() == 1.0, 0.1, 0.95)
        return np.column_stack([1.0 - p, p])


def test_effects_stand_side_by_side_with_intervals_and_signs() -> None:
    found = effects(
        {"rule": "rule", "backwards": Backwards()},
        {"none": {}, "reform": {"hukou_reform": 0.5}, "paid": {"rural_subsidy": 12_000.0}},
        seeds=(1, 2, 3),
        persons=120,
        years=8,
    )
    signs = {(one.decision, one.policy): one.sign for one in found.itertuples()}
    assert signs["rule", "paid"] == "as expected"
    assert signs["backwards", "reform"] == "against expectation"
    assert (found["low"] <= found["change"]).all()
    assert (found["change"] <= found["high"]).all()

"""A small invented survey with weights, text codes and expected signs, for tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.outcome import Outcome, Wording
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

MEMBERS = Schema(
    columns=(
        Column(name="age", kind="number", label="Age", unit="years", least=18, most=70),
        Column(
            name="pay", kind="number", label="Pay", unit="USD", money=True, expected=1, lever=True
        ),
        Column(
            name="sector",
            kind="category",
            label="Sector",
            codes={"private": "private", "public": "public"},
            expected=1,
            lever=True,
        ),
        Column(name="home", kind="group", label="Household"),
        Column(name="w", kind="weight", label="Weight"),
    ),
    outcome=Outcome(name="union", positive="yes", codes={"no": "no member", "yes": "member"}),
    wording={
        "en": Wording(task="Tell who is a member of a union.", question="Is this person a member?")
    },
)


def members(rows: int, *, seed: int = 1) -> SurveyTable:
    """Return invented people; the well paid in the public sector are members more often."""
    draws = np.random.default_rng(seed)
    pay = draws.lognormal(8.0, 0.6, rows).round()
    public = draws.random(rows) < 0.4
    odds = 1.2 * (np.log(pay) - 8.0) + 1.5 * public - 1.0
    frame = pd.DataFrame(
        {
            "age": draws.integers(18, 66, rows),
            "pay": pay,
            "sector": np.where(public, "public", "private"),
            "home": np.arange(rows) // 2,
            "w": draws.uniform(0.5, 2.0, rows),
            "union": np.where(draws.random(rows) < 1.0 / (1.0 + np.exp(-odds)), "yes", "no"),
        }
    )
    return SurveyTable.from_frame(frame, MEMBERS)

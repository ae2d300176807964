"""Respondents made for tests: their answers follow from one number each."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.experiments.twins import Respondents
from mesa_llm_city.simulation.surveys import SurveyQuestion
from mesa_llm_city.simulation.surveys.question import Option

__all__ = ["CAR", "LADDER", "WORK", "respondents"]

LADDER = SurveyQuestion(
    name="ladder",
    text="How good is life?",
    kind="scale",
    low=1,
    high=5,
    labels=((1, "bad"), (5, "good")),
)
WORK = SurveyQuestion(name="work", text="How good is work?", kind="scale", low=1, high=5)
CAR = SurveyQuestion(
    name="car",
    text="Do you drive?",
    kind="single",
    options=(Option("y", "yes"), Option("n", "no")),
)


def respondents(count: int = 20) -> Respondents:
    """Return people with levels 1 to 5: work goes with life, and only the low ones drive."""
    level = 1.0 + np.arange(count) % 5
    return Respondents(
        ids=tuple(f"p{row}" for row in range(count)),
        facts={"age": tuple(f"{20 + row}" for row in range(count))},
        questions=(LADDER, WORK, CAR),
        answers=np.column_stack([level, level, (level > 2).astype(float)]),
    )

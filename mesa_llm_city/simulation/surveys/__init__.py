"""Surveys: questions to the people of a model, which change nothing in it.

`CityModel.survey` asks; `CityModel.surveys` keeps what was answered. A `Questionnaire` is a list
of questions from a TOML file, a `SurveySchedule` repeats a survey while the model runs.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.simulation.surveys.coding import code_answers
    from mesa_llm_city.simulation.surveys.cost import SurveyCost
    from mesa_llm_city.simulation.surveys.question import Option, SurveyQuestion
    from mesa_llm_city.simulation.surveys.questionnaire import Questionnaire
    from mesa_llm_city.simulation.surveys.schedule import SurveySchedule
    from mesa_llm_city.simulation.surveys.survey import Survey
    from mesa_llm_city.simulation.surveys.surveys import Surveys
    from mesa_llm_city.simulation.surveys.table import wide_table

__all__ = [
    "Option",
    "Questionnaire",
    "Survey",
    "SurveyCost",
    "SurveyQuestion",
    "SurveySchedule",
    "Surveys",
    "code_answers",
    "wide_table",
]

_HOME = MappingProxyType(
    {
        "Option": "question",
        "Questionnaire": "questionnaire",
        "Survey": "survey",
        "SurveyCost": "cost",
        "SurveyQuestion": "question",
        "SurveySchedule": "schedule",
        "Surveys": "surveys",
        "code_answers": "coding",
        "wide_table": "table",
    }
)

__getattr__, __dir__ = _lazily(__name__, _HOME)

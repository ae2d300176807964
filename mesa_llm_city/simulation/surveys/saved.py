"""Surveys as plain values, and back: for a model that is saved and goes on elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from mesa_llm_city.simulation.surveys.question import Option, SurveyQuestion
from mesa_llm_city.simulation.surveys.schedule import Timetable
from mesa_llm_city.simulation.surveys.survey import Survey

if TYPE_CHECKING:
    from mesa_llm_city.core.clock import Clock

__all__ = ["survey_of_state", "survey_state"]

_PAIRS = ("labels", "items")


def survey_state(survey: Survey) -> dict[str, Any]:
    """Return a survey as JSON-able values: questions, times, answers, and who is asked.

    Rules, queries by function, pydantic models and language models are no values; `remade_by_user`
    says whether the survey needs them to be held again.
    """
    query, questions = survey.query, survey.questions
    is_plain = survey.rule is None and not callable(query)
    has_forms = any(one.kind == "form" for one in questions)
    is_over = survey.next_minute is None
    return {
        **survey.state(),
        "introduction": survey.introduction,
        "query": None if callable(query) else _plain(query),
        "limits": list(survey.limits),
        "definitions": [_of_question(one) for one in questions if one.kind != "form"],
        "remade_by_user": not is_over and (has_forms or not is_plain),
    }


def survey_of_state(name: str, state: Mapping[str, Any], clock: Clock) -> Survey:
    """Return the survey of a state, with its answers; a finished one may lack its questions."""
    minutes, every_min, waves = state["times"]
    survey = Survey(
        name,
        [_question(one) for one in state["definitions"]],
        clock=clock,
        times=Timetable(tuple(minutes), every_min, waves),
        introduction=state["introduction"],
    )
    query = state["query"]
    survey.query = tuple(query) if isinstance(query, list) else query
    survey.limits = tuple(state["limits"])
    survey.restore({**state, "questions": [one.name for one in survey.questions]})
    return survey


def _plain(query: Any) -> Any:  # noqa: ANN401 - conditions or ids
    if isinstance(query, Mapping):
        return {key: _plain(value) for key, value in query.items()}
    if isinstance(query, Sequence) and not isinstance(query, str):
        return [_plain(one) for one in query]
    return query.item() if hasattr(query, "item") else query


def _of_question(question: SurveyQuestion) -> dict[str, Any]:
    values = {one.name: getattr(question, one.name) for one in fields(question)}
    del values["reply"]
    lists = {name: [list(one) for one in values[name]] for name in (*_PAIRS, "options")}
    return values | lists


def _question(values: Mapping[str, Any]) -> SurveyQuestion:
    pairs = {name: tuple((one, words) for one, words in values[name]) for name in _PAIRS}
    options = tuple(Option(code, label) for code, label in values["options"])
    return SurveyQuestion(**{**values, **pairs, "options": options})

"""Questions that rules answer, for citizens and for rows of a crowd: what people have and do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import OUTSIDE, Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.surveys import Option, SurveyQuestion

if TYPE_CHECKING:
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent

__all__ = ["RuleQuestion", "rule_questions"]

_TOP = 10
_MOST_OPTIONS = 40


class RuleQuestion(NamedTuple):
    """A question and the rules that answer it.

    Attributes
    ----------
    title : str
        What it is about, in a few words.
    question : SurveyQuestion
        The question.
    of_agent : callable
        Answers for a citizen.
    of_rows : callable
        Answers for rows of a crowd, as a column.
    """

    title: str
    question: SurveyQuestion
    of_agent: Callable[[CityAgent], Any]
    of_rows: Callable[[CrowdAgent, Int], NDArray[Any]]


def rule_questions(parameters: CityParameters) -> tuple[RuleQuestion, ...]:
    """Return the questions that rules answer in a run.

    Parameters
    ----------
    parameters : CityParameters
        Parameters of the run; they name purposes and needs.

    Examples
    --------
    >>> [one.title for one in rule_questions(CityParameters())][:2]
    ['mood', 'what they do']
    """
    needs = (_need(name, spec.label or name) for name, spec in parameters.needs.items())
    return (_mood(), _doing(parameters), *needs)


def _mood() -> RuleQuestion:
    question = SurveyQuestion(
        name="mood",
        text="How do you feel at the moment?",
        kind="scale",
        low=0,
        high=_TOP,
        labels=((0, "very bad"), (_TOP, "very good")),
    )
    # Mood runs from -1 to 1.
    return RuleQuestion(
        "mood",
        question,
        lambda agent: round((agent.mood + 1.0) / 2.0 * _TOP),
        lambda crowd, rows: np.rint((crowd.values("mood", rows) + 1.0) / 2.0 * _TOP),
    )


def _doing(parameters: CityParameters) -> RuleQuestion:
    names = list(dict.fromkeys([*parameters.purposes, OUTSIDE]))[:_MOST_OPTIONS]
    labels = {name: spec.label or name for name, spec in parameters.purposes.items()}
    question = SurveyQuestion(
        name="doing",
        text="What are you doing at the moment?",
        kind="single",
        options=tuple(Option(name, labels.get(name, name)) for name in names),
    )
    return RuleQuestion(
        "what they do",
        question,
        lambda agent: str(agent.purpose),
        lambda crowd, rows: crowd.values("purpose", rows).astype(str),
    )


def _need(name: str, label: str) -> RuleQuestion:
    question = SurveyQuestion(
        name="need",
        text=f"How far is your need satisfied: {label}?",
        kind="scale",
        low=0,
        high=_TOP,
        labels=((0, "not at all"), (_TOP, "entirely")),
    )

    def of_agent(agent: CityAgent) -> int | None:
        level = agent.citizen.needs_at(agent.model.minute).get(name)
        return None if level is None else round(level * _TOP)

    return RuleQuestion(
        f"need: {label}",
        question,
        of_agent,
        lambda crowd, rows: np.rint(crowd.values(name, rows) * _TOP),
    )

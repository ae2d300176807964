"""Respondents who live in a city: citizens believe of themselves what respondents answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.twins.asking import answered
from mesa_llm_city.experiments.twins.respondents import Respondents
from mesa_llm_city.mind import InsightKind

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["remember_answers"]

_SURE = 0.9


def remember_answers(
    model: CityModel, people: Respondents, *, known: Iterable[str] | None = None
) -> int:
    """Let citizens believe of themselves what the respondents of their ids have answered.

    The answers are insights: surveys, interviews and reflection are told those that fit; rules do
    not read them. So a table of respondents becomes personas by `Population.from_table`, and what
    they have answered goes with them, but for the questions that are held out.

    Parameters
    ----------
    model : CityModel
        The city, before its first step.
    people : Respondents
        The respondents; their ids are those of citizens.
    known : iterable of str, optional
        Questions whose answers are remembered; all by default.

    Returns
    -------
    int
        Number of citizens who are respondents.

    Raises
    ------
    ConfigError
        If no citizen is a respondent, or there is no question of a name.
    """
    columns = (
        np.arange(len(people.questions)) if known is None else people.columns_of(known)
    ).tolist()
    rows = {one: row for row, one in enumerate(people.ids)}
    count = 0
    for agent in model.citizens:
        row, insights = rows.get(str(agent.person)), agent.citizen.components.insights
        if row is None or insights is None:
            continue
        count += 1
        for at in columns:
            if np.isfinite(people.answers[row, at]):
                question = people.questions[at]
                insights.note(
                    answered(question, float(people.answers[row, at])),
                    subject=f"answer {question.name}",
                    minute=model.minute,
                    kind=InsightKind.BELIEF,
                    strength=_SURE,
                )
    if not count:
        message = (
            "no citizen is a respondent; give the people of the table the ids of the respondents"
        )
        raise ConfigError(message)
    return count

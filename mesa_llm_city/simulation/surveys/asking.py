"""Asking people: the questions of a survey put to one person, by a language model or a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.errors import ConfigError, LLMError, RecordingError
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.simulation.interview_context import context_of
from mesa_llm_city.simulation.surveys.form import (
    Cell,
    cells_of,
    empty_cells,
    form_facts,
    order_of,
    reply_form,
    said_cells,
)
from mesa_llm_city.simulation.surveys.question import SurveyQuestion
from mesa_llm_city.simulation.surveys.table import Row

if TYPE_CHECKING:
    # A model holds surveys; only annotations close the circle.
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Rule", "Wave", "answers_by_rule", "answers_in_words"]

Rule: TypeAlias = Callable[["CityAgent"], Any] | Mapping[str, Callable[["CityAgent"], Any]]
"""Answers a question, or all of them by name; or one rule for each question, by name."""

_PROMPT = "survey"
_NO_ANSWER = "the rule gives no answer"
_REASON_LENGTH = 200


class Wave(NamedTuple):
    """One time at which a survey is held.

    Attributes
    ----------
    survey : str
        Name of the survey.
    number : int
        Number of the wave, from 1 on.
    minute : int
        Minutes since the start of the run.
    """

    survey: str
    number: int
    minute: int


async def answers_in_words(
    model: CityModel,
    agent: CityAgent,
    questions: Sequence[SurveyQuestion],
    wave: Wave,
    introduction: str = "",
) -> list[Row]:
    """Ask a language model what a person answers (a thought: changes nothing).

    Each question is asked by itself, with the memories that are most like it. Where there is no
    usable answer, the answer is missing, and the reason says why.

    Parameters
    ----------
    model : CityModel
        Where the person lives.
    agent : CityAgent
        The person.
    questions : sequence of SurveyQuestion
        What is asked.
    wave : Wave
        Which time it is.
    introduction : str, optional
        What the survey begins with.
    """
    rows: list[Row] = []
    for question in questions:
        order = order_of(
            question,
            seed=model.run_seed,
            person=agent.person,
            survey=wave.survey,
            minute=wave.minute,
        )
        known = context_of(model, agent.person, question.text).facts()
        facts = {**known, "introduction": introduction, **form_facts(question, order)}
        try:
            reply = await ask(_PROMPT, reply_form(question, order), **facts)
        except (LLMError, RecordingError) as error:
            rows += _missing(agent, question, wave, error.message)
        else:
            cells, reason = said_cells(question, reply)
            rows += _rows(agent, question, wave, cells, reason=reason, source=DecisionSource.PROMPT)
    return rows


def answers_by_rule(
    agent: CityAgent, questions: Sequence[SurveyQuestion], wave: Wave, rule: Rule
) -> Iterator[Row]:
    """Yield what a rule answers for a person.

    Raises
    ------
    ConfigError
        If it gives what is no answer to the question.
    """
    said = _said_by_rule(agent, questions, rule)
    for question in questions:
        value = said.get(question.name)
        if value is None:
            yield from _missing(agent, question, wave, _NO_ANSWER)
            continue
        try:
            cells = list(cells_of(question, value))
        except ConfigError as error:
            message = f"rule: {error.message}"
            raise ConfigError(message, person=agent.person, minute=wave.minute) from None
        yield from _rows(agent, question, wave, cells, source=DecisionSource.RULE)


def _said_by_rule(
    agent: CityAgent, questions: Sequence[SurveyQuestion], rule: Rule
) -> Mapping[str, Any]:
    if isinstance(rule, Mapping):
        return {name: one(agent) for name, one in rule.items()}
    said = rule(agent)
    if len(questions) == 1 and not (
        isinstance(said, Mapping) and questions[0].name in said and len(said) == 1
    ):
        return {questions[0].name: said}
    names = [question.name for question in questions]
    if isinstance(said, Mapping) and set(said) <= set(names):
        return said
    message = (
        f"the rule must return answers by the names of the questions, some of {', '.join(names)}, "
        f"got {said!r:.200}"
    )
    raise ConfigError(message, person=agent.person)


def _missing(agent: CityAgent, question: SurveyQuestion, wave: Wave, why: str) -> list[Row]:
    line = why.partition("\n")[0][:_REASON_LENGTH]
    return _rows(agent, question, wave, empty_cells(question), reason=line)


def _rows(
    agent: CityAgent,
    question: SurveyQuestion,
    wave: Wave,
    cells: Iterable[Cell],
    *,
    reason: str = "",
    source: str = "",
) -> list[Row]:
    return [
        Row(
            wave=wave.number,
            person=agent.person,
            time=wave.minute,
            question=question.name,
            item=cell.item,
            answer=cell.answer,
            label=cell.label,
            reason=reason,
            source=str(source),
        )
        for cell in cells
    ]

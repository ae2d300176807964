"""Twins by a language model: what is known of a respondent goes in, answers come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel, create_model

from mesa_llm_city.core.asking import Backend, Thought, ask, run_all
from mesa_llm_city.core.errors import LLMError, RecordingError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.twins.respondents import Respondents
from mesa_llm_city.prompts import Reason
from mesa_llm_city.simulation.surveys.form import answer_type
from mesa_llm_city.simulation.surveys.question import SurveyQuestion

__all__ = ["TwinAnswer", "answered", "ask_twins", "twin_facts"]

_PROMPT = "twin"
_REASON = "reason"
_MOST_KNOWN = 40  # answers told of each person; as many as a prompt lists


class TwinAnswer(NamedTuple):
    """What a language model answers in the place of a respondent.

    Attributes
    ----------
    answers : ndarray of float64, shape (k,)
        As in `Respondents.answers`; NaN without a usable answer.
    reason : str
        The reason that it gives, or why there is no answer.
    """

    answers: Float
    reason: str


def ask_twins(
    people: Respondents, known: Int, columns: Int, *, backend: Backend
) -> list[TwinAnswer]:
    """Ask a language model what respondents have answered; one call for each person.

    Parameters
    ----------
    people : Respondents
        Whose answers are predicted.
    known : ndarray of int64
        Columns of the questions whose answers are told, besides the facts.
    columns : ndarray of int64, shape (k,)
        Columns of the questions that are asked.
    backend : Backend
        Answers the questions, such as an `LLM`.
    """
    asked = [people.questions[at] for at in columns]
    form = _form(asked)
    thoughts = [
        Thought(_ask(twin_facts(people, row, known, asked), asked, form), person=row)
        for row in range(len(people))
    ]
    return run_all(thoughts, backend=backend)


def twin_facts(
    people: Respondents, row: int, known: Int, asked: Sequence[SurveyQuestion]
) -> dict[str, object]:
    """Return what the prompt tells of a respondent: facts, answers and what is asked.

    Examples
    --------
    >>> drives = SurveyQuestion(name="drives", text="Do you drive?", kind="scale", low=0, high=1)
    >>> one = Respondents(ids=("7",), facts={"age": ("34",)}, questions=(drives,),
    ...                   answers=np.array([[1.0]]))
    >>> twin_facts(one, 0, np.array([0]), ())["answers"]
    ['Do you drive? 1 (from 0 to 1)']
    """
    shown = [at for at in known if np.isfinite(people.answers[row, at])][:_MOST_KNOWN]
    return {
        "facts": [f"{name}: {of[row]}" for name, of in people.facts.items() if of[row]],
        "answers": [answered(people.questions[at], people.answers[row, at]) for at in shown],
        "questions": [f"{one.name}: {one.text} {_accepted(one)}" for one in asked],
    }


async def _ask(
    facts: Mapping[str, object], asked: Sequence[SurveyQuestion], form: type[BaseModel]
) -> TwinAnswer:
    try:
        reply = await ask(_PROMPT, form, **facts)
    except (LLMError, RecordingError) as error:
        return TwinAnswer(np.full(len(asked), np.nan), error.message.partition("\n")[0])
    said = reply.model_dump()
    return TwinAnswer(np.array([_number(one, said[one.name]) for one in asked]), str(said[_REASON]))


def _form(asked: Sequence[SurveyQuestion]) -> type[BaseModel]:
    fields: dict[str, Any] = {_REASON: (Reason, ...)}
    for one in asked:
        fields[one.name] = (answer_type(one, tuple(range(len(one.options)))), ...)
    form: type[BaseModel] = create_model("TwinReply", **fields)
    return form


def _number(question: SurveyQuestion, said: object) -> float:
    labels = [one.label for one in question.options]
    return float(labels.index(str(said))) if labels else float(str(said))


def answered(question: SurveyQuestion, answer: float) -> str:
    """Return a question and its answer in words.

    Parameters
    ----------
    question : SurveyQuestion
        The question.
    answer : float
        As in `Respondents.answers`.
    """
    if question.options:
        return f"{question.text} {question.options[int(answer)].label}"
    return f"{question.text} {answer:g} ({_scale(question)})"


def _accepted(question: SurveyQuestion) -> str:
    if question.options:
        return "; ".join(one.label for one in question.options)
    return f"A whole number, {_scale(question)}"


def _scale(question: SurveyQuestion) -> str:
    words = ", ".join(f"{point}: {label}" for point, label in question.labels)
    return f"from {question.low} to {question.high}" + (f"; {words}" if words else "")

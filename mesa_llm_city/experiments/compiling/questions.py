"""Questions about decisions that were met: asked as in a run, and read in canonical form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pydantic import BaseModel

from mesa_llm_city.citizen.presets import prompt_form
from mesa_llm_city.core.asking import Question, StreamingBackend, Thought, run_all
from mesa_llm_city.core.errors import CityError, LLMError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.experiments.compiling.census import Met
from mesa_llm_city.policies import PolicyForm
from mesa_llm_city.prompts import PromptForm

__all__ = ["Repeat", "ask_all"]


class Repeat(NamedTuple):
    """A decision that is asked about, and how often it was before.

    Attributes
    ----------
    met : Met
        The decision.
    number : int
        0 for the question as a run would ask it; further ones have an answer of their own, and
        options in another order.
    """

    met: Met
    number: int


def ask_all(
    repeats: Sequence[Repeat], form: PolicyForm, backend: StreamingBackend, *, seed: int
) -> list[str | None]:
    """Ask about decisions, and return the answers in canonical form.

    Parameters
    ----------
    repeats : sequence of Repeat
        The decisions.
    form : PolicyForm
        Their kind.
    backend : StreamingBackend
        Answers, such as an `LLM`.
    seed : int
        Of the orders in which options are told when a decision is asked about again.

    Returns
    -------
    list of str or None
        None where there is no usable answer, and rules would decide.

    Raises
    ------
    CityError
        If a question has no answer and a run would end there, or the budget is spent; what was
        answered is kept in the store of the backend.
    """
    prompt = prompt_form(form.prompt, form.parameters)
    thoughts = [
        Thought(
            _answer(one, form, prompt, seed),
            person=one.met.person,
            minute=one.met.moment.minute,
        )
        for one in repeats
    ]
    return run_all(thoughts, backend=_Numbered(backend, [one.number for one in repeats]))


async def _answer(repeat: Repeat, form: PolicyForm, prompt: PromptForm, seed: int) -> str | None:
    given, met = repeat.met.case.thaw(), repeat.met
    facts = dict(given.facts)
    if repeat.number and "rng" in facts:
        facts["rng"] = rng(seed, met.person, f"compile {form.prompt} {repeat.number}", met.number)
    case = form.case(given.rule, given.by_rule, *given.args, **facts)
    try:
        decision = await prompt.ask(given.rule, given.by_rule, *given.args, **facts)
    except LLMError as error:
        if not error.use_rules:
            raise
        return None
    return None if decision is None or case is None else case.answer_of(decision)


class _Numbered:
    """A backend that is told the number of each question, so that equal ones are asked anew."""

    def __init__(self, backend: StreamingBackend, numbers: Sequence[int]) -> None:
        self._backend, self._numbers = backend, numbers

    def answer_many(self, questions: Sequence[Question]) -> Sequence[BaseModel | CityError]:
        """Return the answers, in order."""
        return self._backend.answer_many(
            [self._numbered(row, one) for row, one in enumerate(questions)]
        )

    def submit(self, questions: Sequence[tuple[int, Question]]) -> None:
        """Take questions, each with the row of its decision."""
        self._backend.submit([(row, self._numbered(row, one)) for row, one in questions])

    def take(self) -> Sequence[tuple[int, BaseModel | CityError]]:
        """Wait for answers, and return those there are."""
        return self._backend.take()

    def abandon(self) -> None:
        """Drop open questions."""
        self._backend.abandon()

    def _numbered(self, row: int, question: Question) -> Question:
        return replace(question, count=question.count + self._numbers[row])

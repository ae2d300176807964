"""An interview: questions to one person of a city, which change nothing in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import ask, run
from mesa_llm_city.core.errors import CityError, ConfigError
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.experiments.plain_answers import answer_by_rule
from mesa_llm_city.llm import LLM, Budget, EngineConfig
from mesa_llm_city.llm.another import another_llm
from mesa_llm_city.llm.purse import Purse
from mesa_llm_city.prompts import Reason
from mesa_llm_city.simulation.interview_context import InterviewContext, context_of

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = [
    "NOT_PART_OF_THE_RUN",
    "NO_MODEL",
    "Answer",
    "Interview",
    "InterviewReply",
    "Line",
    "separate_llm",
]

NOT_PART_OF_THE_RUN = "Not part of the run: what is said here changes nothing in it."
"""First line of every interview."""

NO_MODEL = (
    "No language model is set, so answers are facts of the person by rules; "
    "start with a language model to have answers in its words."
)
"""What an interview says of itself if there is no language model."""

_PROMPT = "interview"
_MOST_QUOTED = 8
_MOST_CHARACTERS = 500
_ERROR_CHARACTERS = 160
_ENGINE = EngineConfig(in_flight=1, timeout_s=60.0, tries=2, wall_s=120.0)


class InterviewReply(BaseModel):
    """What a language model answers for a person, and its reason."""

    reason: Reason
    says: str = Field(min_length=1, max_length=800)


class Answer(NamedTuple):
    """An answer, and its source.

    Attributes
    ----------
    text : str
        What the person says.
    source : DecisionSource
        A rule, or a language model.
    reason : str
        Which facts the answer uses; or why a rule answers in place of the model.
    prompt : str
        Name and version of the prompt, empty for a rule.
    """

    text: str
    source: DecisionSource
    reason: str
    prompt: str = ""


class Line(NamedTuple):
    """A question with its answer, asked at a minute of the run.

    Attributes
    ----------
    minute : int
        Minutes since the start of the run.
    time : str
        The same as a date and time of day.
    question : str
        The question.
    answer : Answer
        The answer.
    """

    minute: int
    time: str
    question: str
    answer: Answer


class Interview:
    """Questions to one person, answered from what the person is, does, remembers and believes.

    Neither the person nor the run changes: facts are only read, and a language model is
    asked through an `LLM` of the interview's own.

    Parameters
    ----------
    read_context : callable
        Returns what the person could tell, given a question.
    llm : LLM, optional
        Language model that answers; without one, answers are facts by rules.

    Attributes
    ----------
    lines : tuple of Line
        Questions and answers so far.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 5, rng=7)
    >>> talk = Interview.with_person(model, model.citizens[0].person)
    >>> answer = talk.ask("What are you doing?")
    >>> answer.source, answer.text[:38]
    (<DecisionSource.RULE: 'rule'>, 'It is Monday 1 April 2024, 00:00. I am')
    """

    def __init__(
        self, read_context: Callable[[str], InterviewContext], llm: LLM | None = None
    ) -> None:
        self.read_context = read_context
        self.llm = llm
        self.lines: tuple[Line, ...] = ()

    @classmethod
    def with_person(cls, model: CityModel, person: int, *, llm: LLM | None = None) -> Interview:
        """Return an interview with a citizen.

        Parameters
        ----------
        model : CityModel
            The city.
        person : int
            Id of the person.
        llm : LLM, optional
            Language model that answers; by default one like the model's (see `separate_llm`).

        Raises
        ------
        ConfigError
            If nobody of that id lives in the city.
        """
        context_of(model, person)
        own = separate_llm(model.llm) if llm is None else llm
        return cls(lambda about: context_of(model, person, about), own)

    def ask(self, question: str) -> Answer:
        """Ask a question, and keep it with its answer.

        If the language model does not answer, rules do, and say why.

        Raises
        ------
        ConfigError
            If the question is empty.
        """
        asked = question.strip()[:_MOST_CHARACTERS]
        if not asked:
            message = "the question is empty; ask one of at least one word"
            raise ConfigError(message)
        context = self.read_context(asked)
        answer = self._answer(context, asked)
        self.lines = (*self.lines, Line(context.minute, context.time, asked, answer))
        return answer

    def as_text(self) -> str:
        """Return the interview as plain text, marked as no part of the run."""
        name = self.read_context("").name
        head = [f"Interview with {name}", NOT_PART_OF_THE_RUN, ""]
        return "\n".join([*head, *(part for one in self.lines for part in _as_lines(one, name))])

    def _answer(self, context: InterviewContext, question: str) -> Answer:
        if self.llm is None:
            return _by_rule(context, question)
        try:
            return _by_prompt(self.llm, context, question, self.lines)
        except CityError as error:
            why = error.message.partition("\n")[0][:_ERROR_CHARACTERS]
            return _by_rule(context, question, why=f"rules after: {why}; ")


def separate_llm(llm: object, *, calls: int | None = 200) -> LLM | None:
    """Return an `LLM` that asks the same language model, with its own ledger and no store.

    It pays from the budget of the run.

    Parameters
    ----------
    llm : Backend or None
        Language model of a run.
    calls : int, optional
        Greatest number of requests.

    Returns
    -------
    LLM or None
        None without an `LLM`, and for one that only replays a recording.

    Examples
    --------
    >>> separate_llm(None) is None
    True
    """
    if not isinstance(llm, LLM) or llm.mode == "replay":
        return None
    purse = llm.purse
    budget = Purse(Budget(calls=calls), prices=purse.prices, above=purse)
    return another_llm(llm, budget=budget, engine=_ENGINE, tries=2)


def _by_rule(context: InterviewContext, question: str, *, why: str = "") -> Answer:
    plain = answer_by_rule(context, question)
    return Answer(plain.text, DecisionSource.RULE, f"{why}facts about: {plain.topic}")


def _by_prompt(llm: LLM, context: InterviewContext, question: str, lines: Sequence[Line]) -> Answer:
    reply = run(
        ask(_PROMPT, InterviewReply, **_facts(context, question, lines)),
        backend=llm,
        person=context.person,
        minute=context.minute,
    )
    return Answer(reply.says, DecisionSource.PROMPT, reply.reason, llm.library[_PROMPT].label)


def _facts(context: InterviewContext, question: str, lines: Sequence[Line]) -> dict[str, object]:
    """Return the facts of the prompt, which quotes them as data."""
    said: list[dict[str, object]] = []
    for one in lines[-_MOST_QUOTED // 2 :]:
        said.append({"own": False, "text": one.question})
        said.append({"own": True, "text": one.answer.text})
    return {"speaker": context.name, **context.facts(), "said": said, "question": question}


def _as_lines(line: Line, name: str) -> tuple[str, ...]:
    by = line.answer.prompt or "by rules"
    return (
        f"[{line.time}] Q: {line.question}",
        f"{name} ({by}): {line.answer.text}",
        f"  reason: {line.answer.reason}",
        "",
    )

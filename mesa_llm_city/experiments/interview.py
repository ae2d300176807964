"""An interview: questions to one person of a city, which change nothing in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import ask, run
from mesa_llm_city.core.errors import CityError, ConfigError
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.experiments.interview_context import InterviewContext, informant_of
from mesa_llm_city.experiments.phrases import in_tens
from mesa_llm_city.experiments.plain_answers import answered_by_rule
from mesa_llm_city.llm import LLM, Budget, EngineConfig
from mesa_llm_city.prompts import Reason

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["NOT_PART_OF_THE_RUN", "Answer", "Interview", "InterviewReply", "Line", "beside"]

NOT_PART_OF_THE_RUN = "Not part of the run: what is said here changes nothing in it."
"""What stands above every interview."""

NO_MODEL = (
    "No language model is set, so answers are facts of the person by rules; "
    "start with a model to have answers in words."
)
"""What an interview says of itself if there is nobody to word its answers."""

_PROMPT = "interview"
_SAID = 8
_LONGEST = 500
_ERROR_LENGTH = 160
_PATIENCE = EngineConfig(in_flight=1, timeout_s=60.0, tries=2, wall_s=120.0)


class InterviewReply(BaseModel):
    """What a language model says for a person, and what it rests on."""

    reason: Reason
    says: str = Field(min_length=1, max_length=800)


class Answer(NamedTuple):
    """An answer, and whose it is.

    Attributes
    ----------
    text : str
        What the person says.
    source : DecisionSource
        A rule, or a language model.
    reason : str
        What the answer rests on, or why a rule answers in place of the model.
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
        When, in minutes since the start of the run.
    time : str
        The same as a date and time of day.
    question : str
        What was asked.
    answer : Answer
        What was answered.
    """

    minute: int
    time: str
    question: str
    answer: Answer


class Interview:
    """A talk with one person, from what that person is, does, remembers and believes.

    Neither the person nor the run notices: facts are only read, and a language model is
    asked through an `LLM` of the interview's own.

    Parameters
    ----------
    tell : callable
        Returns what the person could tell, given a question.
    llm : LLM, optional
        Who words the answers; without one they are facts by rules.

    Attributes
    ----------
    lines : tuple of Line
        What has been asked and answered.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 5, rng=7)
    >>> talk = Interview.with_person(model, model.citizens[0].person)
    >>> answer = talk.ask("What are you doing?")
    >>> answer.source, answer.text[:38]
    (<DecisionSource.RULE: 'rule'>, 'It is Monday 1 April 2024, 00:00. I am')
    """

    def __init__(self, tell: Callable[[str], InterviewContext], llm: LLM | None = None) -> None:
        self.tell = tell
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
            Who words the answers; by default one like the model's (see `beside`).

        Raises
        ------
        ConfigError
            If nobody of that id lives in the city.
        """
        informant_of(model, person)
        worded = beside(model.llm) if llm is None else llm
        return cls(lambda about: informant_of(model, person, about), worded)

    def ask(self, question: str) -> Answer:
        """Ask, and keep question and answer.

        Without an answer of the language model rules answer, and say why.

        Raises
        ------
        ConfigError
            If the question is empty.
        """
        asked = question.strip()[:_LONGEST]
        if not asked:
            message = "there is nothing to answer; ask a question of at least one word"
            raise ConfigError(message)
        told = self.tell(asked)
        answer = self._answer(told, asked)
        self.lines = (*self.lines, Line(told.minute, told.time, asked, answer))
        return answer

    def as_text(self) -> str:
        """Return the interview as plain text, marked as no part of the run."""
        name = self.tell("").name
        head = [f"Interview with {name}", NOT_PART_OF_THE_RUN, ""]
        return "\n".join([*head, *(part for one in self.lines for part in _written(one, name))])

    def _answer(self, told: InterviewContext, question: str) -> Answer:
        if self.llm is None:
            return _by_rule(told, question)
        try:
            return _worded(self.llm, told, question, self.lines)
        except CityError as error:
            why = error.message.partition("\n")[0][:_ERROR_LENGTH]
            return _by_rule(told, question, why=f"rules after: {why}; ")


def beside(llm: object, *, calls: int | None = 200) -> LLM | None:
    """Return an `LLM` that asks the same model, but keeps its own ledger and no store.

    Parameters
    ----------
    llm : Backend or None
        That of a run.
    calls : int, optional
        Greatest number of requests.

    Returns
    -------
    LLM or None
        None without an `LLM`, and for one that only replays, since nobody is behind it.

    Examples
    --------
    >>> beside(None) is None
    True
    """
    if not isinstance(llm, LLM) or llm.mode == "replay":
        return None
    return LLM(
        llm.spec,
        models=llm.models,
        route=llm.route,
        prices=llm.prices,
        prompts=llm.library.folders,
        budget=Budget(calls=calls),
        engine=_PATIENCE,
    )


def _by_rule(told: InterviewContext, question: str, *, why: str = "") -> Answer:
    plain = answered_by_rule(told, question)
    return Answer(plain.text, DecisionSource.RULE, f"{why}facts about: {plain.told}")


def _worded(llm: LLM, told: InterviewContext, question: str, lines: Sequence[Line]) -> Answer:
    reply = run(
        ask(_PROMPT, InterviewReply, **_facts(told, question, lines)),
        backend=llm,
        person=told.person,
        minute=told.minute,
    )
    return Answer(reply.says, DecisionSource.PROMPT, reply.reason, llm.library[_PROMPT].label)


def _facts(told: InterviewContext, question: str, lines: Sequence[Line]) -> dict[str, object]:
    """Return what the prompt tells; everything is quoted there as data."""
    said: list[dict[str, object]] = []
    for one in lines[-_SAID // 2 :]:
        said.append({"own": False, "text": one.question})
        said.append({"own": True, "text": one.answer.text})
    return {
        "speaker": told.name,
        "person": told.described,
        "time": told.time,
        "doing": told.doing,
        "plan": list(told.plan),
        "needs": in_tens(told.needs),
        "mood": told.mood,
        "thought": told.thought,
        "goals": list(told.goals),
        "memories": list(told.memories),
        "insights": list(told.insights),
        "beliefs": list(told.beliefs),
        "people": list(told.people),
        "said": said,
        "question": question,
    }


def _written(line: Line, name: str) -> tuple[str, ...]:
    by = line.answer.prompt or "by rules"
    return (
        f"[{line.time}] Q: {line.question}",
        f"{name} ({by}): {line.answer.text}",
        f"  rests on: {line.answer.reason}",
        "",
    )

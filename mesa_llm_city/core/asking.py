"""Asking inside a synchronous step: questions, and the driver that gets them answered.

A thought is a coroutine that makes a decision. It may ask questions with `ask`, and wait with
`together` for what is computed for many thoughts at once; it returns a value and changes nothing.
The driver below resumes it with each answer. It is not an event loop, so it works in a script,
under Jupyter and under Solara. A thought that asks nothing (every decision by rule) waits for
nobody outside.

The guarantees:

* answers are matched to questions by position, never by order of arrival;
* if one person's thought fails, those of the others still finish;
* awaiting anything but `ask` and `together` is an error that names the person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from types import coroutine
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, cast, runtime_checkable

from pydantic import BaseModel

from mesa_llm_city.core.errors import CityError, LLMBudgetError, ThinkingError
from mesa_llm_city.core.stages import Stage

__all__ = [
    "Backend",
    "Question",
    "StreamingBackend",
    "Thinker",
    "Thinking",
    "Thought",
    "ask",
    "run",
    "run_all",
    "together",
]

_DETAIL = re.compile(r"'[^']*'|\"[^\"]*\"|[\d.,]+")

T = TypeVar("T")
Reply = TypeVar("Reply", bound=BaseModel)
Argument = TypeVar("Argument")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of a thought.

    Parameters
    ----------
    purpose : str
        What it is about, such as ``"plan"``; names the prompt.
    reply : type of pydantic.BaseModel
        The form an answer must have.
    facts : mapping
        Values for the prompt, by name.
    person : int, optional
        Id of the person who asks; set by the driver.
    minute : int, optional
        Simulated minute; set by the driver.
    count : int, default 0
        Number of questions that the thought has asked before; set by the driver.
    """

    purpose: str
    reply: type[BaseModel]
    facts: Mapping[str, object]
    person: int | None = None
    minute: int | None = None
    count: int = 0


class Backend(Protocol):
    """Answers questions: a language model, a recording, a table."""

    def answer_many(self, questions: Sequence[Question]) -> Sequence[BaseModel | CityError]:
        """Return, for each question, the answer or the error instead of one."""
        ...


@runtime_checkable
class StreamingBackend(Backend, Protocol):
    """A backend that takes questions while others are still being answered."""

    def submit(self, questions: Sequence[tuple[int, Question]]) -> None:
        """Take questions, each with the number by which its answer is returned."""
        ...

    def take(self) -> Sequence[tuple[int, BaseModel | CityError]]:
        """Wait until at least one question is answered and return all answers there are."""
        ...

    def abandon(self) -> None:
        """Drop open questions, but keep every answer that has been paid for."""
        ...


class Thinker(Protocol):
    """An agent with a thought and a commit, such as an agent of any Mesa model."""

    unique_id: int

    def decide(self) -> Coroutine[Any, Any, Any]:
        """Think: may ask, must not change anything."""
        ...

    def act(self, decision: Any, /) -> None:  # noqa: ANN401 - the user's own type
        """Commit what was decided."""
        ...


async def ask(purpose: str, reply: type[Reply], /, **facts: object) -> Reply:
    """Ask a question from within a thought.

    Parameters
    ----------
    purpose : str
        What it is about; names the prompt.
    reply : type of pydantic.BaseModel
        The form the answer must have.
    **facts
        Values for the prompt, by name.

    Returns
    -------
    pydantic.BaseModel
        An instance of `reply`.

    Raises
    ------
    ThinkingError
        If nobody answers, or the answer has another form.

    Examples
    --------
    >>> class Vote(BaseModel):
    ...     choice: int
    >>> class Yes:
    ...     def answer_many(self, questions):
    ...         return [Vote(choice=1) for _ in questions]
    >>> async def decide():
    ...     return (await ask("vote", Vote, heard=[0, 1])).choice
    >>> run(decide(), backend=Yes())
    1
    """
    answer = await _put(Question(purpose=purpose, reply=reply, facts=facts))
    if not isinstance(answer, reply):
        message = f"the answer is a {type(answer).__name__}; expected a {reply.__name__}"
        raise ThinkingError(message, purpose=purpose)
    return answer


@coroutine
def _put(question: Question) -> Generator[Question, BaseModel, BaseModel]:
    return (yield question)


class _Joint(NamedTuple):
    """What a thought waits for: one of the values that a function computes for many at once."""

    compute: Callable[[Sequence[Any]], Sequence[Any]]
    argument: object
    stage: Stage


@coroutine
def together(
    compute: Callable[[Sequence[Argument]], Sequence[Value]],
    argument: Argument,
    *,
    stage: Stage = Stage.ANY,
) -> Generator[_Joint, Value, Value]:
    """Compute from within a thought, together with all thoughts that wait for the same function.

    Parameters
    ----------
    compute : callable
        Returns one value for each of a sequence of arguments, which no other argument changes.
        What it raises for one argument alone is raised in that thought.
    argument : object
        That of this thought.
    stage : Stage, default Stage.ANY
        What others wait for at an earlier stage is computed before, so that more of them come to
        wait for this. Values do not depend on it.

    Examples
    --------
    >>> def doubled(numbers):
    ...     return [2 * one for one in numbers]
    >>> async def decide(number):
    ...     return await together(doubled, number)
    >>> run_all([Thought(decide(one)) for one in (3, 5)])
    [6, 10]
    """
    return (yield _Joint(compute, argument, stage))


class Thought(Generic[T]):
    """A coroutine on its way to a value, and the id of the person whose thought it is.

    Parameters
    ----------
    steps : coroutine
        Coroutine to run; it may await nothing but `ask` and `together`.
    person : int, optional
        Id of the person.
    minute : int, optional
        Minute of the thought, for messages.
    """

    __slots__ = ("_asked", "error", "joint", "minute", "person", "question", "steps", "value")

    def __init__(
        self,
        steps: Coroutine[Any, Any, T],
        *,
        person: int | None = None,
        minute: int | None = None,
    ) -> None:
        self.steps = steps
        self.person = person
        self.minute = minute
        self.question: Question | None = None
        self.joint: _Joint | None = None
        self.value: T | None = None
        self.error: Exception | None = None
        self._asked = 0

    def advance(self, answer: BaseModel | CityError | None = None) -> None:
        """Run to the next question, the value or the error."""
        self.resume(answer, is_error=isinstance(answer, CityError))

    def resume(self, answer: object, *, is_error: bool) -> None:
        """Go on with what it has waited for, which is raised in it if it is an error."""
        self.question = self.joint = None
        try:
            if is_error:
                self._take(self.steps.throw(cast("Exception", answer)))
            else:
                self._take(self.steps.send(answer))
        except StopIteration as finished:
            self.value = finished.value
        except Exception as error:  # noqa: BLE001 - kept, so that the others can finish; raised by run_all
            self.error = self._named(error)

    def _take(self, awaited: object) -> None:
        if isinstance(awaited, _Joint):
            self.joint = awaited
            return
        if not isinstance(awaited, Question):
            self.steps.close()
            message = (
                f"a thought awaited a {type(awaited).__name__}; inside a thought only "
                "`await ask(...)` and `await together(...)` are possible: do other waiting before "
                "the step"
            )
            raise ThinkingError(message)
        self.question = Question(
            purpose=awaited.purpose,
            reply=awaited.reply,
            facts=awaited.facts,
            person=self.person,
            minute=self.minute,
            count=self._asked,
        )
        self._asked += 1

    def _named(self, error: Exception) -> Exception:
        if isinstance(error, CityError):
            error.person = self.person if error.person is None else error.person
            error.minute = self.minute if error.minute is None else error.minute
        else:
            error.add_note(f"in a thought of person {self.person} at minute {self.minute}")
        return error


def run_all(thoughts: Iterable[Thought[T]], *, backend: Backend | None = None) -> list[T]:
    """Run thoughts concurrently and return their values in the given order.

    Parameters
    ----------
    thoughts : iterable of Thought
        Thoughts to run.
    backend : Backend, optional
        Answers the questions; without one, asking is an error.

    Returns
    -------
    list
        One value per thought.

    Raises
    ------
    Exception
        After all others have finished: the first error in the order of `thoughts`, or the first
        that says a budget is spent, if there is one. Further errors are in its notes, those of
        one kind together.
    """
    everyone = list(thoughts)
    try:
        for thought in everyone:
            thought.advance()
        _join_all(everyone)
        asks = any(thought.question is not None for thought in everyone)
        if asks and isinstance(backend, StreamingBackend):
            _stream(everyone, backend)
        elif asks:
            _rounds(everyone, backend)
    finally:
        # After an interrupt some have not begun, and Python would complain of each.
        for thought in everyone:
            thought.steps.close()
    _raise_errors([thought.error for thought in everyone if thought.error is not None])
    return [cast("T", thought.value) for thought in everyone]


def _rounds(everyone: Sequence[Thought[T]], backend: Backend | None) -> None:
    """Ask what is pending together, round by round."""
    while asking := [thought for thought in everyone if thought.question is not None]:
        for thought, answer in zip(asking, _answers(asking, backend), strict=True):
            thought.advance(answer)
        _join_all(asking)


def _join_all(thoughts: Sequence[Thought[T]]) -> None:
    """Compute what thoughts wait for together, until none of them waits for that."""
    while waiting := [(one, one.joint) for one in thoughts if one.joint is not None]:
        first = min(joint.stage for _, joint in waiting)
        waiting = [one for one in waiting if one[1].stage == first]
        alike: dict[Any, tuple[list[Thought[T]], list[object]]] = {}
        for one, (compute, argument, _) in waiting:
            some, arguments = alike.setdefault(compute, ([], []))
            some.append(one)
            arguments.append(argument)
        for compute, (some, arguments) in alike.items():
            for one, (value, is_error) in zip(some, _joint_values(compute, arguments), strict=True):
                one.resume(value, is_error=is_error)


def _joint_values(
    compute: Callable[[Sequence[Any]], Sequence[Any]], arguments: Sequence[object]
) -> list[tuple[object, bool]]:
    """Return each value, or the error that there is for its argument, and whether it is one."""
    try:
        return [(value, False) for value in compute(arguments)]
    except Exception as error:  # noqa: BLE001 - raised in the thought whose argument it is
        if len(arguments) == 1:
            return [(error, True)]
    return [one for argument in arguments for one in _joint_values(compute, [argument])]


def _stream(everyone: Sequence[Thought[T]], backend: StreamingBackend) -> None:
    """Resume each thought as soon as its answer comes: nobody waits for the slowest."""
    fresh: Sequence[int] = range(len(everyone))
    waiting = 0
    try:
        while True:
            asked = [(row, one) for row in fresh if (one := everyone[row].question) is not None]
            if asked:
                backend.submit(asked)
                waiting += len(asked)
            if not waiting:
                return
            answers = backend.take()
            for row, answer in answers:
                everyone[row].advance(answer)
            _join_all([everyone[row] for row, _ in answers])
            fresh = [row for row, _ in answers]
            waiting -= len(answers)
    except BaseException:
        backend.abandon()
        raise


def _answers(
    asking: Sequence[Thought[T]], backend: Backend | None
) -> Sequence[BaseModel | CityError]:
    questions = [cast("Question", thought.question) for thought in asking]
    if backend is not None:
        return backend.answer_many(questions)
    message = "a thought asked a question, but no language model is set; set one or use the rules"
    return [ThinkingError(message, purpose=question.purpose) for question in questions]


def _raise_errors(errors: Sequence[Exception]) -> None:
    if not errors:
        return
    first, *others = sorted(errors, key=lambda error: not isinstance(error, LLMBudgetError))
    kinds: dict[str, list[Exception]] = {_kind(first): [first]}
    for other in others:
        kinds.setdefault(_kind(other), []).append(other)
    for alike in kinds.values():
        one, more = alike[0], len(alike) - 1
        if one is first and more == 1:
            first.add_note(f"also failed: {alike[1]}")
        elif one is first and more:
            first.add_note(f"also failed in the same way: {more:,} more")
        elif one is not first:
            count = f"; {more:,} more in the same way" if more else ""
            first.add_note(f"also failed: {one}{count}")
    raise first


def _kind(error: Exception) -> str:
    """Return what errors that differ in numbers and quoted words only have in common."""
    message = error.message if isinstance(error, CityError) else str(error)
    return f"{type(error).__name__} {_DETAIL.sub('', message)}"


def run(
    steps: Coroutine[Any, Any, T],
    *,
    backend: Backend | None = None,
    person: int | None = None,
    minute: int | None = None,
) -> T:
    """Run one thought to its value (see `run_all`).

    Examples
    --------
    >>> async def add(a, b):
    ...     return a + b
    >>> run(add(1, 2))
    3
    """
    (value,) = run_all([Thought(steps, person=person, minute=minute)], backend=backend)
    return value


class Thinking:
    """Lets the agents of any Mesa model decide together and act in seeded order.

    Parameters
    ----------
    random : random.Random
        Decides the order of acting; a Mesa model passes its ``model.random``.
    backend : Backend, optional
        Answers the questions.

    Examples
    --------
    >>> class Voter:
    ...     unique_id, opinion = 1, 0
    ...     async def decide(self):
    ...         return 1
    ...     def act(self, vote):
    ...         self.opinion = vote
    >>> voter = Voter()
    >>> Thinking(Random(7)).run([voter])
    >>> voter.opinion
    1
    """

    def __init__(self, random: Random, backend: Backend | None = None) -> None:
        self.random = random
        self.backend = backend

    def run(self, agents: Iterable[Thinker], *, minute: int | None = None) -> None:
        """Let all `agents` decide, then act one after another in seeded order."""
        thinkers = list(agents)
        thoughts = [Thought(one.decide(), person=one.unique_id, minute=minute) for one in thinkers]
        decided = list(zip(thinkers, run_all(thoughts, backend=self.backend), strict=True))
        self.random.shuffle(decided)
        for agent, decision in decided:
            agent.act(decision)

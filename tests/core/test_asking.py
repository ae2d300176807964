"""Thinking: questions out, answers in, nothing lost and nothing mixed up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from inspect import CORO_CLOSED, getcoroutinestate
from random import Random

import pytest
from pydantic import BaseModel

from mesa_llm_city.core.asking import (
    Backend,
    Question,
    Thinking,
    Thought,
    ask,
    run,
    run_all,
    together,
)
from mesa_llm_city.core.errors import ChoiceError, CityError, LLMBudgetError, ThinkingError
from mesa_llm_city.core.stages import Stage


class Vote(BaseModel):
    choice: int


class Other(BaseModel):
    text: str


class Counting:
    """Answers with how many questions the person had asked before."""

    def __init__(self) -> None:
        self.rounds: list[list[Question]] = []

    def answer_many(self, questions: Sequence[Question]) -> Sequence[BaseModel | CityError]:
        self.rounds.append(list(questions))
        return [Vote(choice=question.count) for question in questions]


async def ask_times(count: int) -> list[int]:
    return [(await ask("vote", Vote, turn=turn)).choice for turn in range(count)]


def test_a_thought_that_asks_nothing_needs_nobody() -> None:
    assert run(ask_times(0)) == []


def test_answers_come_back_to_the_one_who_asked() -> None:
    thoughts = [Thought(ask_times(count), person=count) for count in (3, 0, 1, 2)]
    values = run_all(thoughts, backend=Counting())
    assert values == [[0, 1, 2], [], [0], [0, 1]]


def test_what_is_pending_is_asked_together() -> None:
    backend = Counting()
    run_all([Thought(ask_times(count)) for count in (3, 1, 2)], backend=backend)
    assert [len(questions) for questions in backend.rounds] == [3, 2, 1]


def test_the_driver_stamps_person_minute_and_count() -> None:
    backend = Counting()
    run(ask_times(2), backend=backend, person=7, minute=480)
    stamps = [(one.person, one.minute, one.count) for (one,) in backend.rounds]
    assert stamps == [(7, 480, 0), (7, 480, 1)]
    assert backend.rounds[1][0].facts == {"turn": 1}


def test_asking_without_a_model_names_person_and_purpose() -> None:
    with pytest.raises(ThinkingError, match=r"no language model is set.*person 7.*vote"):
        run(ask_times(1), person=7)


def test_an_answer_of_another_form_is_refused() -> None:
    class Wrong:
        def answer_many(self, questions: Sequence[Question]) -> Sequence[BaseModel]:
            return [Other(text="hm") for _ in questions]

    with pytest.raises(ThinkingError, match="the answer is a Other; expected a Vote"):
        run(ask_times(1), backend=Wrong())


def test_awaiting_anything_else_names_the_person() -> None:
    async def sleepy() -> None:
        await asyncio.sleep(0)

    with pytest.raises(ThinkingError, match=r"only `await ask\(...\)` and .*person 3"):
        run(sleepy(), person=3)


def test_one_failure_does_not_stop_the_others() -> None:
    finished: list[int] = []

    async def think(person: int) -> None:
        await ask("vote", Vote)
        if person == 1:
            message = "person 1 has nowhere to go"
            raise ChoiceError(message)
        finished.append(person)

    with pytest.raises(ChoiceError, match="nowhere to go") as caught:
        run_all([Thought(think(one), person=one) for one in range(4)], backend=Counting())
    assert finished == [0, 2, 3]
    assert caught.value.person == 1


def test_a_foreign_error_says_in_whose_thought_it_happened() -> None:
    async def think() -> None:
        raise KeyError("hat")  # noqa: EM101 - as a user's own code would

    with pytest.raises(KeyError) as caught:
        run(think(), person=5, minute=60)
    assert caught.value.__notes__ == ["in a thought of person 5 at minute 60"]


def test_further_errors_stand_in_the_notes_of_the_first() -> None:
    async def fail(text: str) -> None:
        raise ChoiceError(text)

    with pytest.raises(ChoiceError, match="first") as caught:
        run_all([Thought(fail("first"), person=1), Thought(fail("second"), person=2)])
    assert caught.value.__notes__ == ["also failed: second (person 2)"]


def test_errors_of_one_kind_are_told_once_with_their_number() -> None:
    async def fail(person: int) -> None:
        message = f"choice: got {person}; the model wrote 'I am {'very ' * person}sure'"
        raise ChoiceError(message) if person < 9 else ThinkingError("nowhere to go")

    with pytest.raises(ChoiceError, match="got 0") as caught:
        run_all([Thought(fail(person), person=person) for person in (*range(5), 9, 9)])
    assert caught.value.__notes__ == [
        "also failed in the same way: 4 more",
        "also failed: nowhere to go (person 9); 1 more in the same way",
    ]


def test_an_error_instead_of_an_answer_reaches_the_thought_that_may_go_on() -> None:
    class Refusing:
        def answer_many(self, questions: Sequence[Question]) -> Sequence[CityError]:
            return [ThinkingError("refused") for _ in questions]

    async def careful() -> str:
        try:
            await ask("vote", Vote)
        except ThinkingError:
            return "by rule"
        return "by model"

    assert run(careful(), backend=Refusing()) == "by rule"


class Voter:
    def __init__(self, unique_id: int, log: list[int]) -> None:
        self.unique_id = unique_id
        self.log = log

    async def decide(self) -> int:
        return (await ask("vote", Vote)).choice + self.unique_id

    def act(self, decision: int, /) -> None:
        self.log.append(decision)


def test_agents_of_any_model_decide_together_and_act_in_seeded_order() -> None:
    def order(seed: int) -> list[int]:
        log: list[int] = []
        backend = Counting()
        Thinking(Random(seed), backend).run([Voter(one, log) for one in range(20)])  # noqa: S311 - order only
        assert [len(questions) for questions in backend.rounds] == [20]
        return log

    assert order(7) == order(7) != order(8)
    assert sorted(order(7)) == list(range(20))


def test_nobody_acts_when_somebody_failed() -> None:
    log: list[int] = []
    with pytest.raises(ThinkingError):
        Thinking(Random(7)).run([Voter(1, log), Voter(2, log)])  # noqa: S311 - order only
    assert log == []


def test_an_interrupt_leaves_no_thought_hanging() -> None:
    class Interrupted:
        def answer_many(self, questions: Sequence[Question]) -> Sequence[BaseModel]:
            del questions
            raise KeyboardInterrupt

    thoughts = [ask_times(1) for _ in range(3)]
    with pytest.raises(KeyboardInterrupt):
        run_all([Thought(one) for one in thoughts], backend=Interrupted())
    assert [getcoroutinestate(one) for one in thoughts] == [CORO_CLOSED] * 3


class Streaming(Counting):
    """Answers one question at a time, always the newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[int, Question]] = []
        self.order: list[int] = []
        self.abandoned = False

    def submit(self, questions: Sequence[tuple[int, Question]]) -> None:
        self.open.extend(questions)

    def take(self) -> Sequence[tuple[int, BaseModel | CityError]]:
        row, question = self.open.pop()
        self.order.append(row)
        return [(row, Vote(choice=question.count))]

    def abandon(self) -> None:
        self.abandoned = True


def test_with_a_streaming_backend_nobody_waits_for_the_slowest() -> None:
    backend = Streaming()
    values = run_all([Thought(ask_times(count)) for count in (1, 2, 3)], backend=backend)
    assert values == [[0], [0, 1], [0, 1, 2]]
    assert backend.order == [2, 2, 2, 1, 1, 0]


def test_an_interrupt_abandons_what_is_open() -> None:
    class Interrupted(Streaming):
        def take(self) -> Sequence[tuple[int, BaseModel | CityError]]:
            raise KeyboardInterrupt

    backend = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        run_all([Thought(ask_times(1))], backend=backend)
    assert backend.abandoned


def test_a_spent_budget_is_told_before_other_errors() -> None:
    async def fail(error: CityError) -> None:
        raise error

    with pytest.raises(LLMBudgetError, match="5 calls"):
        run_all([Thought(fail(ChoiceError("nowhere"))), Thought(fail(LLMBudgetError("5 calls")))])


class Doubling:
    """Doubles numbers, and notes how many came at once; a negative one is an error."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        if min(numbers) < 0:
            message = f"no negative number, got {min(numbers)}"
            raise ValueError(message)
        return [2 * one for one in numbers]


def test_what_thoughts_wait_for_together_is_computed_at_once() -> None:
    doubled = Doubling()

    async def decide(number: int) -> int:
        return await together(doubled, number) + (await ask("vote", Vote)).choice

    assert run_all([Thought(decide(one)) for one in (3, 5, 4)], backend=Counting()) == [6, 10, 8]
    assert doubled.batches == [[3, 5, 4]]


@pytest.mark.parametrize("backend", [Counting, Streaming])
def test_they_may_wait_together_again_after_an_answer(backend: Callable[[], Backend]) -> None:
    doubled = Doubling()

    async def decide(number: int) -> int:
        first = await together(doubled, number)
        return await together(doubled, first + (await ask("vote", Vote)).choice)

    assert run_all([Thought(decide(one)) for one in (3, 5)], backend=backend()) == [12, 20]


def test_an_error_of_one_argument_hits_its_thought_alone() -> None:
    doubled, finished = Doubling(), []

    async def decide(number: int) -> None:
        finished.append(await together(doubled, number))

    with pytest.raises(ValueError, match="no negative number, got -1") as caught:
        run_all([Thought(decide(one), person=one + 10) for one in (3, -1, 5)])
    assert finished == [6, 10]
    assert caught.value.__notes__ == ["in a thought of person 9 at minute None"]


def test_what_comes_last_waits_until_as_many_as_can_have_come_to_it() -> None:
    before, at_last = Doubling(), Doubling()

    async def decide(number: int) -> int:
        if number > 3:
            number = await together(before, number)
        return await together(at_last, number, stage=Stage.CONTACT)

    assert run_all([Thought(decide(one)) for one in (3, 5, 4)]) == [6, 20, 16]
    assert before.batches == [[5, 4]]
    assert at_last.batches == [[3, 10, 8]]

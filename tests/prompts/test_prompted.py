"""Rule and prompt joined: who decides, and what happens without an answer."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pytest
from pydantic import BaseModel

from mesa_llm_city.core.asking import Question, ask, run
from mesa_llm_city.core.errors import CityError, ConfigError, LLMError
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.prompts import Prompted


class Vote(NamedTuple):
    choice: int
    reason: str
    source: DecisionSource = DecisionSource.RULE


class VoteReply(BaseModel):
    choice: int


class Voter:
    def __init__(self) -> None:
        self.votes = 3

    async def vote(self, parties: Sequence[int], *, mood: float = 0.0) -> Vote:
        return Vote(parties[0], f"mood {mood}")

    async def shout(self) -> str:
        return "hey"

    def state(self) -> dict[str, int]:
        return {"votes": self.votes}


class VotePrompt:
    verb = "vote"

    async def ask(
        self, rule: Voter, by_rule: Vote, parties: Sequence[int], **_: float
    ) -> Vote | None:
        if len(parties) == 1:
            return None
        reply = await ask("vote", VoteReply, parties=parties, usual=by_rule.choice)
        return Vote(reply.choice, f"{rule.votes} votes", DecisionSource.PROMPT)


class Answers:
    def __init__(self, answer: BaseModel | CityError) -> None:
        self.answer = answer
        self.asked: list[Question] = []

    def answer_many(self, questions: Sequence[Question]) -> list[BaseModel | CityError]:
        self.asked += questions
        return [self.answer for _ in questions]


def failure(*, use_rules: bool) -> LLMError:
    error = LLMError("no answer within 60 s")
    error.use_rules = use_rules
    return error


def test_the_answer_of_the_model_is_the_decision() -> None:
    backend = Answers(VoteReply(choice=2))
    vote = run(Prompted(Voter(), VotePrompt()).vote([1, 2], mood=0.5), backend=backend)
    assert vote == Vote(2, "3 votes", DecisionSource.PROMPT)
    assert backend.asked[0].facts == {"parties": [1, 2], "usual": 1}


def test_where_there_is_nothing_to_ask_the_rule_decides_and_nothing_is_asked() -> None:
    backend = Answers(VoteReply(choice=2))
    assert run(Prompted(Voter(), VotePrompt()).vote([1]), backend=backend) == Vote(1, "mood 0.0")
    assert backend.asked == []


def test_without_an_answer_the_rule_decides_and_the_reason_says_so() -> None:
    vote = run(
        Prompted(Voter(), VotePrompt()).vote([1, 2]), backend=Answers(failure(use_rules=True))
    )
    assert vote == Vote(1, "rules after: no answer within 60 s", DecisionSource.RULE)


def test_without_leave_to_use_rules_the_failure_is_raised() -> None:
    with pytest.raises(LLMError, match="no answer"):
        run(Prompted(Voter(), VotePrompt()).vote([1, 2]), backend=Answers(failure(use_rules=False)))


def test_a_decision_may_be_a_dataclass() -> None:
    @dataclass(frozen=True)
    class Choice:
        choice: int
        reason: str

    class Chooser:
        async def vote(self, parties: Sequence[int]) -> Choice:
            return Choice(parties[0], "first")

    backend = Answers(failure(use_rules=True))
    choice = run(Prompted(Chooser(), VotePrompt()).vote([4, 5]), backend=backend)
    assert choice == Choice(4, "rules after: no answer within 60 s")


def test_a_decision_may_be_a_pair_of_choice_and_reason() -> None:
    class Taker:
        async def vote(self, parties: Sequence[int]) -> tuple[int, str]:
            return parties[0], "the first"

    class Asks:
        verb = "vote"

        async def ask(self, _: Taker, __: object, parties: Sequence[int]) -> object:
            return await ask("vote", VoteReply, parties=parties)

    backend = Answers(failure(use_rules=True))
    decision = run(Prompted(Taker(), Asks()).vote([4, 5]), backend=backend)
    assert decision == (4, "rules after: no answer within 60 s")


def test_state_and_other_methods_are_those_of_the_rule() -> None:
    voter = Prompted(Voter(), VotePrompt())
    assert (voter.state(), voter.votes, run(voter.shout())) == ({"votes": 3}, 3, "hey")


def test_it_is_copied_and_pickled_with_its_state() -> None:
    voter = Prompted(Voter(), VotePrompt())
    voter.rule.votes = 5
    assert copy.deepcopy(voter).votes == 5
    assert pickle.loads(pickle.dumps(voter)).votes == 5


def test_one_component_may_have_prompts_for_several_decisions() -> None:
    class ShoutPrompt:
        verb = "shout"

        async def ask(self, rule: Voter, by_rule: str) -> str:  # noqa: ARG002 - as the protocol has it
            reply = await ask("shout", VoteReply, usual=by_rule)
            return f"hey {reply.choice}"

    both = Prompted(Prompted(Voter(), VotePrompt()), ShoutPrompt())
    backend = Answers(VoteReply(choice=2))
    assert run(both.shout(), backend=backend) == "hey 2"
    assert run(both.vote([1, 2]), backend=backend).choice == 2


@pytest.mark.parametrize(
    ("rule", "prompt", "told"),
    [
        (object(), VotePrompt(), r"object has no method `async def vote"),
        (Voter(), object(), r"object is no prompt form"),
    ],
)
def test_what_does_not_fit_is_refused(rule: object, prompt: object, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        Prompted(rule, prompt)  # type: ignore[arg-type]

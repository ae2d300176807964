"""`SocietyModel`: seeds, steps, questions, copies, states and cost estimates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest
from pydantic import BaseModel

from mesa_llm_city.core.asking import Question, ask
from mesa_llm_city.core.errors import CityError, ConfigError, DataError, LLMReplyError
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.llm import LLM, ClientSpec, Price, PriceTable
from mesa_llm_city.parameters import ParameterError
from mesa_llm_city.prompts import Reason
from mesa_llm_city.simulation.society import SocietyModel

_PEOPLE = 40


class Vote(BaseModel):
    """An answer."""

    reason: Reason
    choice: int


class Decision(NamedTuple):
    """A decision with its source."""

    choice: int
    source: DecisionSource


class Walk(SocietyModel):
    """Everybody walks at random; with the prompt "vote", to where a language model says."""

    PROMPTS = ("vote",)
    REPORTED = ("mean",)
    STATE = ("position",)
    SHARED = ("map",)
    LEVERS = ("pace",)
    STEP_MIN = 60

    def __init__(
        self,
        people: int = _PEOPLE,
        pace: float = 1.0,
        days: int = 1,
        **given: Any,  # noqa: ANN401
    ) -> None:
        keywords = {name: given.pop(name) for name in list(given) if "." in name}
        super().__init__(length=24 * days, keywords=keywords, **given)
        self.pace, self.map = pace, [object()]
        self.position = self.traits("start", people)[:, 0]
        self.gamma = self.parameters.mobility.gravity.gamma

    @property
    def mean(self) -> float:
        """Mean position."""
        return float(self.position.mean())

    def renew(self) -> None:
        self.gamma = self.parameters.mobility.gravity.gamma

    def live(self) -> None:
        people = range(len(self.position))
        if self.asks("vote"):
            votes = self.decide(people, [self._vote(one) for one in people])
            self.position = self.position + [one.choice for one in votes]
        else:
            self.position = self.position + self.pace * self.uniforms("go", len(people))[:, 0]
            self.decided["rule"] += len(people)

    async def _vote(self, person: int) -> Decision:
        vote = await ask("vote", Vote, person_is=person)
        return Decision(vote.choice, DecisionSource.PROMPT)


class Count:
    """Answers with the number of the person."""

    def answer_many(self, questions: Sequence[Question]) -> list[Vote]:
        """Return one answer a question, and check the address."""
        assert all(one.minute is not None for one in questions)
        return [Vote(reason="", choice=int(one.person or 0)) for one in questions]


def _scripted() -> LLM:
    spec = ClientSpec(backend="scripted", model="m", script=lambda _: '{"reason":"","choice":2}')
    return LLM(spec, prices=PriceTable({"m": Price(input_usd=1.0, output_usd=1.0)}))


def test_the_same_seed_gives_the_same_tables_and_another_seed_others() -> None:
    digests = []
    for seed in (7, 7, 8):
        model = Walk(rng=seed)
        model.run_to_end()
        digests.append(model.digest())
    assert digests[0] == digests[1] != digests[2]
    assert len(model.history()) == 24
    assert model.minute == 24 * 60
    assert not model.running


def test_the_random_numbers_of_a_person_do_not_depend_on_the_others() -> None:
    model = Walk(rng=7)
    many = model.uniforms("go", 10, 2)
    assert np.array_equal(model.uniforms("go", [3, 9], 2), many[[3, 9]])


def test_answers_are_matched_to_people_by_position() -> None:
    model = Walk(rng=7, llm=Count(), prompts="full")
    before = model.position.copy()
    model.step()
    assert np.allclose(model.position - before, np.arange(_PEOPLE))
    assert model.decided == {"prompt": _PEOPLE}


def test_prompts_must_be_known_and_need_a_language_model() -> None:
    with pytest.raises(ConfigError, match="asks nothing about sing; prompts are vote, full"):
        Walk(prompts=["sing"], llm=Count())
    with pytest.raises(ConfigError, match="prompts vote ask a language model"):
        Walk(prompts=["vote"])


def test_a_copy_goes_on_as_the_model_would_and_another_seed_changes_only_what_is_to_come() -> None:
    model = Walk(rng=7)
    for _ in range(3):
        model.step()
    same, other = model.copy(), model.copy(seed=99)
    assert same.map is model.map
    before = model.digest()
    for one in (same, other):
        one.run_to_end()
    assert model.digest() == before
    model.run_to_end()
    assert same.digest() == model.digest() != other.digest()
    assert other.history()["mean"][:3].tolist() == model.history()["mean"][:3].tolist()
    assert (other.first_seed, other.run_seed) == (7, 99)


def test_a_restored_state_goes_on_as_the_model_would() -> None:
    model = Walk(rng=7)
    for _ in range(5):
        model.step()
    again = Walk(rng=7)
    again.restore(model.state())
    for one in (model, again):
        one.run_to_end()
    assert again.digest() == model.digest()
    assert again.steps == model.steps == 24
    with pytest.raises(DataError, match="the state of a Walk has"):
        again.restore({"steps": 1, "history": {}})


def test_levers_and_parameters_can_be_changed_during_a_run() -> None:
    model = Walk(rng=7)
    model.change(pace=0.0, **{"mobility.gravity.gamma": 1.5})
    before = model.mean
    model.step()
    assert (model.mean, model.gamma) == (before, 1.5)
    with pytest.raises(ConfigError, match="people cannot be changed during a run; what can is pa"):
        model.change(people=3)
    with pytest.raises(ParameterError, match=r"needs\.social"):
        model.change(pace=5.0, **{"needs.social.decay_per_h": -1.0})
    assert model.pace == 0.0


def test_a_cost_estimate_asks_nobody_and_counts_every_step_that_is_left() -> None:
    model = Walk(rng=7, llm=_scripted(), prompts="full")
    model.step()
    sent = model.llm_use.totals["calls"]
    cost = model.cost_estimate()
    assert sent == _PEOPLE == model.llm_use.totals["calls"]
    assert cost.steps == 23
    assert cost.calls.low == pytest.approx(0.8 * 23 * _PEOPLE)
    assert cost.calls.high == pytest.approx(1.2 * 23 * _PEOPLE)
    assert cost.usd is not None
    assert "for 23 steps (from 23 steps with made-up answers)" in str(cost)
    with pytest.raises(ConfigError, match="a cost estimate needs a model with llm"):
        Walk(rng=7).cost_estimate()


def test_what_cannot_be_copied_is_said() -> None:
    model = Walk(rng=7)
    model.secret = lambda: None  # type: ignore[attr-defined]
    with pytest.raises(CityError, match="the model cannot be copied"):
        model.copy()


class _TwoQuestions(Walk):
    """Asks everybody twice in a step, and moves after each time."""

    def live(self) -> None:
        for _ in range(2):
            super().live()


class _FailsOnce(Count):
    """Fails when it is asked for the second time."""

    def __init__(self) -> None:
        self.times = 0

    def answer_many(self, questions: Sequence[Question]) -> list[Vote]:
        self.times += 1
        if self.times == 2:
            message = "broken"
            raise LLMReplyError(message)
        return super().answer_many(questions)


def test_a_step_without_an_answer_has_not_happened_and_is_taken_again() -> None:
    model = _TwoQuestions(rng=7, llm=_FailsOnce(), prompts="full")
    before = model.position.copy()
    with pytest.raises(LLMReplyError, match="broken"):
        model.step()
    assert np.array_equal(model.position, before)
    assert (model.minute, dict(model.decided), len(model.history())) == (0, {}, 0)
    model.step()
    whole = _TwoQuestions(rng=7, llm=Count(), prompts="full")
    whole.step()
    assert model.digest() == whole.digest()
    assert model.decided == whole.decided == {"prompt": 2 * _PEOPLE}

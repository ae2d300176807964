"""What a run will ask: calls, tokens and money, before any is spent."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, fsum, sqrt
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm import LLM, PriceTable
from mesa_llm_city.simulation.asked_tally import Asked, AskedTally, Range, cost_of
from mesa_llm_city.simulation.economy.town_economy import MONTHLY

if TYPE_CHECKING:
    # A model estimates its own cost; only annotations close the circle.
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["CostEstimate", "estimate_cost"]

_SAMPLE = 40
_ALLOWANCE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class CostEstimate:
    """What is expected of a run.

    Parameters
    ----------
    calls, prompt_tokens, answer_tokens : Range
        Questions, and the tokens of prompts and answers.
    usd : Range or None
        Money, in US dollars; None if a model has no price.
    people, days : int
        Of the run.
    sample : int
        Number of citizens whose day was tried.
    """

    calls: Range
    prompt_tokens: Range
    answer_tokens: Range
    usd: Range | None
    people: int
    days: int
    sample: int

    def __str__(self) -> str:
        """Return the ranges in a sentence."""
        money = "unpriced" if self.usd is None else f"{self.usd} USD"
        days = "1 day" if self.days == 1 else f"{self.days} days"
        calls = Range(floor(self.calls.low), ceil(self.calls.high))
        return (
            f"{calls} calls, {self.prompt_tokens} prompt tokens, "
            f"{self.answer_tokens} answer tokens, {money} for {self.people:,} people and {days} "
            f"(from a day of {self.sample} of them with made-up answers)"
        )


def estimate_cost(model: CityModel, *, days: int = 1) -> CostEstimate:
    """Estimate what days from now will ask of a model's language model.

    A copy of the model with up to 40 of its citizens lives a day with made-up answers;
    nothing is sent, and the model stays as it is. Tokens of prompts are estimated from
    their characters to a quarter either way; answers are at least as long as made-up ones
    and at most as long as they may be. Calls may lie two standard errors, and a fifth for
    days and answers that differ from those tried, to either side.

    Parameters
    ----------
    model : CityModel
        With an `LLM` as its `llm`.
    days : int, default 1
        Length of the run.

    Raises
    ------
    ConfigError
        If the model has no such language model, or `days` is below 1.
    """
    if not isinstance(model.llm, LLM) or days < 1:
        message = (
            f"a cost estimate needs a model with llm=LLM(...) and at least 1 day, got {days} days"
        )
        raise ConfigError(message)
    tally, sample = AskedTally(), _tried(model)
    # Surveys have cost estimates of their own, and rules that may not travel.
    with model.surveys.set_aside():
        trial: CityModel = pickle.loads(pickle.dumps(model))  # noqa: S301 - what we wrote ourselves
    trial.llm = model.llm.pilot(tally)
    trial.records.write_no_more()
    kept = set(sample)
    for agent in [one for one in trial.citizens if one.person not in kept]:
        agent.remove()
    if trial.economy_or_none is not None:
        trial.economy.expect_payday(trial.minute)
    trial.run_days(1)
    return _scaled(_weighed(tally.asked, model, days), model, sample=len(sample), days=days)


def _weighed(asked: Sequence[Asked], model: CityModel, days: int) -> list[Asked]:
    """Return questions, those of paydays by how many there will be on a day."""
    economy = model.economy_or_none
    if economy is None:
        return list(asked)
    paydays = economy.paydays(model.minute, model.minute + days * DAY_MIN)
    return [one._replace(weight=paydays / days) if one.purpose in MONTHLY else one for one in asked]


def _tried(model: CityModel) -> list[int]:
    """Return the ids of citizens spread over all."""
    people = [agent.person for agent in model.citizens]
    rows = np.linspace(0, len(people) - 1, min(_SAMPLE, len(people))).round().astype(int)
    return [people[row] for row in rows.tolist()]


def _scaled(asked: Sequence[Asked], model: CityModel, *, sample: int, days: int) -> CostEstimate:
    people = len(model.citizens)
    times = days * people / sample
    calls = _spread(asked, sample)
    prices = model.llm.prices if isinstance(model.llm, LLM) else PriceTable()
    cost = cost_of(asked, prices, times=times)
    return CostEstimate(
        calls=calls.times(times * fsum(one.weight for one in asked)),
        prompt_tokens=_widened(cost.prompt_tokens, calls),
        answer_tokens=_widened(cost.answer_tokens, calls),
        usd=None if cost.usd is None else _widened(cost.usd, calls),
        people=people,
        days=days,
        sample=sample,
    )


def _spread(asked: Sequence[Asked], sample: int) -> Range:
    """Return by which factors the number of calls may be wrong."""
    counts = np.unique([one.person for one in asked], return_counts=True)[1]
    each = np.concatenate([counts, np.zeros(sample - len(counts))])
    mean = float(each.mean())
    error = 2.0 * float(each.std()) / sqrt(sample) / mean if mean else 0.0
    return Range(max(0.0, 1.0 - error) * (1.0 - _ALLOWANCE), (1.0 + error) * (1.0 + _ALLOWANCE))


def _widened(amount: Range, factors: Range) -> Range:
    return Range(factors.low * amount.low, factors.high * amount.high)

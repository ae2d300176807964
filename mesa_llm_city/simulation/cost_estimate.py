"""What a run will ask: calls, tokens and money, before any is spent."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, fsum, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm import LLM
from mesa_llm_city.llm.base import Message, Request
from mesa_llm_city.llm.budget import Price, estimate_tokens
from mesa_llm_city.llm.clients.scripted import fill_schema

if TYPE_CHECKING:
    # A model estimates its own cost; only annotations close the circle.
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["CostEstimate", "Range", "estimate_cost"]

_SAMPLE = 40
_ALLOWANCE = 0.2
_TOKEN_ERROR = 0.25


class Range(NamedTuple):
    """From the least to the most that is expected."""

    low: float
    high: float

    def __str__(self) -> str:
        """Return both ends with two digits that count."""
        return f"{_rounded(self.low)} to {_rounded(self.high)}"


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


class _Asked(NamedTuple):
    """One question of the trial: whose, and its size."""

    person: str
    model: str
    prompt: int
    least: int
    most: int


class _Tally:
    """Answers like a model without sense, and keeps the size of what it was asked."""

    def __init__(self) -> None:
        self.asked: list[_Asked] = []

    def __call__(self, request: Request) -> str:
        """Return an answer of the form asked for."""
        text = fill_schema(request)
        prompt, least = estimate_tokens(request.messages), estimate_tokens([Message("", text)])
        where = request.address.sample
        self.asked.append(_Asked(where, request.model, prompt, least, request.max_tokens))
        return text


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
    tally, sample = _Tally(), _tried(model)
    trial: CityModel = pickle.loads(pickle.dumps(model))  # noqa: S301 - what we wrote ourselves
    trial.llm = model.llm.pilot(tally)
    kept = set(sample)
    for agent in [one for one in trial.citizens if one.person not in kept]:
        agent.remove()
    trial.run_days(1)
    return _scaled(tally.asked, model, sample=len(sample), days=days)


def _tried(model: CityModel) -> list[int]:
    """Return the ids of citizens spread over all."""
    people = [agent.person for agent in model.citizens]
    rows = np.linspace(0, len(people) - 1, min(_SAMPLE, len(people))).round().astype(int)
    return [people[row] for row in rows.tolist()]


def _scaled(asked: Sequence[_Asked], model: CityModel, *, sample: int, days: int) -> CostEstimate:
    people = len(model.citizens)
    times = days * people / sample
    calls = _spread(asked, sample)
    tokens = Range(1.0 - _TOKEN_ERROR, 1.0 + _TOKEN_ERROR)

    def total(sizes: Sequence[float]) -> float:
        return times * fsum(sizes)

    prompt = total([one.prompt for one in asked])
    price = {name: _price(model, name) for name in {one.model for one in asked}}
    low, high = (
        None
        if None in price.values()
        else total([_usd(one, price[one.model], factor, longest=longest) for one in asked])
        for factor, longest in ((tokens.low, False), (tokens.high, True))
    )
    return CostEstimate(
        calls=_times(calls, times * len(asked)),
        prompt_tokens=Range(calls.low * tokens.low * prompt, calls.high * tokens.high * prompt),
        answer_tokens=Range(
            calls.low * total([one.least for one in asked]),
            calls.high * total([one.most for one in asked]),
        ),
        usd=None if low is None or high is None else Range(calls.low * low, calls.high * high),
        people=people,
        days=days,
        sample=sample,
    )


def _spread(asked: Sequence[_Asked], sample: int) -> Range:
    """Return by which factors the number of calls may be wrong."""
    counts = np.unique([one.person for one in asked], return_counts=True)[1]
    each = np.concatenate([counts, np.zeros(sample - len(counts))])
    mean = float(each.mean())
    error = 2.0 * float(each.std()) / sqrt(sample) / mean if mean else 0.0
    return Range(max(0.0, 1.0 - error) * (1.0 - _ALLOWANCE), (1.0 + error) * (1.0 + _ALLOWANCE))


def _times(factors: Range, number: float) -> Range:
    return Range(factors.low * number, factors.high * number)


def _price(model: CityModel, name: str) -> Price | None:
    return model.llm.prices.of(name) if isinstance(model.llm, LLM) else None


def _usd(one: _Asked, price: Price | None, factor: float, *, longest: bool) -> float:
    answer = one.most if longest else one.least
    return 0.0 if price is None else price.of(round(factor * one.prompt), answer)


def _rounded(number: float) -> str:
    """Return a number with two digits that count.

    Examples
    --------
    >>> _rounded(123456), _rounded(0.01234), _rounded(0)
    ('120,000', '0.012', '0')
    """
    if number >= 100.0:
        digits = len(str(int(number))) - 2
        return f"{round(number, -digits):,.0f}"
    return f"{number:.2g}"

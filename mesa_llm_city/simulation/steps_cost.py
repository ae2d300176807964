"""What the steps of a model of society will ask: calls, tokens and money, before any is spent."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import Protocol, Self

from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm import LLM
from mesa_llm_city.simulation.asked_tally import AskedTally, Range, cost_of

__all__ = ["Stepped", "StepsCost", "estimate_steps"]

_ALLOWANCE = 0.2


class Stepped(Protocol):
    """What is read of a model whose cost is estimated, such as a `SocietyModel`."""

    llm: Backend | None

    def copy(self) -> Self:
        """Return a model that lives on by itself."""
        ...

    def step(self) -> None:
        """Go on by one step."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsCost:
    """What is expected of some steps.

    Parameters
    ----------
    calls, prompt_tokens, answer_tokens : Range
        Questions, and the tokens of prompts and answers.
    usd : Range or None
        Money, in US dollars; None if a model has no price.
    steps : int
        Number of steps.
    tried : int
        Number of steps that were tried with made-up answers.
    """

    calls: Range
    prompt_tokens: Range
    answer_tokens: Range
    usd: Range | None
    steps: int
    tried: int

    def __str__(self) -> str:
        """Return the ranges in a sentence."""
        money = "unpriced" if self.usd is None else f"{self.usd} USD"
        calls = Range(floor(self.calls.low), ceil(self.calls.high))
        return (
            f"{calls} calls, {self.prompt_tokens} prompt tokens, "
            f"{self.answer_tokens} answer tokens, {money} for {_steps(self.steps)} "
            f"(from {_steps(self.tried)} with made-up answers)"
        )


def estimate_steps(model: Stepped, steps: int, *, most_tried: int = 3) -> StepsCost:
    """Estimate what the next steps ask of the language model of a model of society.

    A copy lives the first of them with made-up answers; nothing is sent, and the model stays as
    it is. Tokens of prompts are estimated from their characters to a quarter either way, and
    all amounts may lie a fifth to either side, as answers and later steps differ from those
    tried.

    Parameters
    ----------
    model : Stepped
        With an `LLM` as its `llm`, between two steps.
    steps : int
        Number of steps, at least 1.
    most_tried : int, default 3
        Greatest number of steps that are tried.

    Raises
    ------
    ConfigError
        If the model has no such language model, or `steps` is below 1.
    """
    if not isinstance(model.llm, LLM) or steps < 1:
        message = f"a cost estimate needs a model with llm=LLM(...) and a step, got {steps} steps"
        raise ConfigError(message)
    tally, tried = AskedTally(), min(steps, most_tried)
    trial = model.copy()
    trial.llm = model.llm.pilot(tally)
    for _ in range(tried):
        trial.step()
    times = steps / tried
    cost = cost_of(tally.asked, model.llm.prices, times=times)
    calls = times * len(tally.asked)
    return StepsCost(
        calls=_widened(Range(calls, calls)),
        prompt_tokens=_widened(cost.prompt_tokens),
        answer_tokens=_widened(cost.answer_tokens),
        usd=None if cost.usd is None else _widened(cost.usd),
        steps=steps,
        tried=tried,
    )


def _widened(amount: Range) -> Range:
    return Range((1.0 - _ALLOWANCE) * amount.low, (1.0 + _ALLOWANCE) * amount.high)


def _steps(number: int) -> str:
    return "1 step" if number == 1 else f"{number:,} steps"

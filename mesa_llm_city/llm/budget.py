"""Prices of calls, and limits of money, calls and tokens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mesa_llm_city.core.errors import ConfigError, LLMBudgetError
from mesa_llm_city.llm.base import Completion, Message

__all__ = ["Budget", "Price", "PriceTable", "Purse", "estimate_tokens"]

_CHARS_PER_TOKEN = 4
_FRAME_TOKENS = 3
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a model costs, in US dollars per million tokens.

    Parameters
    ----------
    input_usd, output_usd : float
        Of the prompt, and of the answer.
    cached_usd : float, optional
        Of that part of a prompt which the provider has cached; as `input_usd` by default.
    """

    input_usd: float
    output_usd: float
    cached_usd: float | None = None

    def of(self, prompt: int, completion: int, cached: int = 0) -> float:
        """Return the price of a call of so many tokens, in US dollars.

        Examples
        --------
        >>> Price(input_usd=0.15, output_usd=0.60).of(1000, 100)
        0.00021
        """
        reduced = self.input_usd if self.cached_usd is None else self.cached_usd
        fresh = prompt - cached
        total = fresh * self.input_usd + cached * reduced + completion * self.output_usd
        return round(total / _MILLION, 12)


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Prices of models; one without a price is unpriced, never free.

    Parameters
    ----------
    own : mapping of str to Price, optional
        Prices that go before those of the list that litellm ships, by model.
    """

    own: Mapping[str, Price] = field(default_factory=dict)

    def of(self, model: str) -> Price | None:
        """Return the price of a model, None if there is none."""
        if model in self.own:
            return self.own[model]
        listed = _listed()
        entry = listed.get(model) or listed.get(model.split("/", 1)[-1])
        if not entry or "input_cost_per_token" not in entry:
            return None
        cached = entry.get("cache_read_input_token_cost")
        return Price(
            input_usd=entry["input_cost_per_token"] * _MILLION,
            output_usd=entry.get("output_cost_per_token", 0.0) * _MILLION,
            cached_usd=None if cached is None else cached * _MILLION,
        )


@cache
def _listed() -> Mapping[str, Any]:
    # Read from beside litellm, since importing it takes seconds.
    spec = find_spec("litellm")
    if spec is None or spec.origin is None:
        return {}
    path = Path(spec.origin).with_name("model_prices_and_context_window_backup.json")
    prices: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return prices


def estimate_tokens(messages: Iterable[Message]) -> int:
    """Estimate the size of a prompt: a token for every four characters, three for each message.

    Examples
    --------
    >>> estimate_tokens([Message("user", "Where do you eat today?")])
    9
    """
    total = 0
    for message in messages:
        total += _FRAME_TOKENS - (-len(message.content) // _CHARS_PER_TOKEN)
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Limits of a run; None is no limit.

    Parameters
    ----------
    usd : float, optional
        Money, in US dollars.
    calls : int, optional
        Requests, retries not counted.
    tokens : int, optional
        Tokens of prompts and answers together.
    stored : bool, default False
        Whether answers that the store holds from before count as well, so that the
        limits are those of a run however often it is resumed.

    Raises
    ------
    ConfigError
        If a limit is negative.
    """

    usd: float | None = None
    calls: int | None = None
    tokens: int | None = None
    stored: bool = False

    def __post_init__(self) -> None:
        """Check that no limit is negative."""
        for name in ("usd", "calls", "tokens"):
            limit = getattr(self, name)
            if limit is not None and limit < 0:
                message = f"{name} must be at least 0, got {limit}; leave it out for no limit"
                raise ConfigError(message)


class Purse:
    """The account of a budget: what has been spent, and what is reserved.

    Parameters
    ----------
    budget : Budget
        The limits.
    prices : mapping of str to Price or None
        What each model costs; None if there is no price.

    Raises
    ------
    ConfigError
        If money is limited but a model has no price.

    Examples
    --------
    >>> purse = Purse(Budget(calls=1), prices={"openai/tiny": None})
    >>> purse.reserve("openai/tiny", prompt_tokens=100, max_tokens=50)
    >>> purse.reserve("openai/tiny", prompt_tokens=100, max_tokens=50)
    Traceback (most recent call last):
    mesa_llm_city.core.errors.LLMBudgetError: the limit of 1 calls is reached: ...
    """

    def __init__(self, budget: Budget, *, prices: Mapping[str, Price | None]) -> None:
        unpriced = [model for model, price in prices.items() if price is None]
        if budget.usd is not None and unpriced:
            message = (
                f"{', '.join(unpriced)} has no price, so spending cannot be limited to "
                f"{budget.usd} USD; give its price, or limit calls or tokens"
            )
            raise ConfigError(message)
        self.budget = budget
        self.prices = dict(prices)
        self._spent = {"usd": 0.0, "calls": 0.0, "tokens": 0.0}
        self._reserved = dict.fromkeys(self._spent, 0.0)

    @property
    def spent(self) -> Mapping[str, float]:
        """What has been booked: ``"usd"``, ``"calls"`` and ``"tokens"``."""
        return dict(self._spent)

    def reserve(self, model: str, *, prompt_tokens: int, max_tokens: int) -> None:
        """Reserve the most that a request to a model may cost.

        Raises
        ------
        LLMBudgetError
            If a limit would be exceeded; nothing is reserved then.
        """
        wanted = self._cost(model, prompt_tokens, max_tokens)
        for name, amount in wanted.items():
            limit = getattr(self.budget, name)
            taken = self._spent[name] + self._reserved[name]
            if limit is not None and taken + amount > limit:
                message = (
                    f"the limit of {limit:g} {name} is reached: {self._spent[name]:g} spent, "
                    f"{self._reserved[name]:g} under way, {amount:g} more needed; raise the limit "
                    "and resume"
                )
                raise LLMBudgetError(message)
        self._add(self._reserved, wanted, 1)

    def settle(
        self, model: str, *, prompt_tokens: int, max_tokens: int, completion: Completion | None
    ) -> float | None:
        """Release what was reserved, and book what was spent.

        Parameters
        ----------
        model : str
            Name of the model.
        prompt_tokens, max_tokens : int
            The numbers that were reserved.
        completion : Completion or None
            The answer; None if there is none.

        Returns
        -------
        float or None
            What the call cost, in US dollars; None if there is no price.
        """
        self._add(self._reserved, self._cost(model, prompt_tokens, max_tokens), -1)
        return 0.0 if completion is None else self.book(model, completion, prompt_tokens)

    def book(self, model: str, completion: Completion, prompt_tokens: int) -> float | None:
        """Book an answer, and return what it cost; `prompt_tokens` if it does not say itself."""
        prompt = prompt_tokens if completion.prompt_tokens is None else completion.prompt_tokens
        answer = completion.completion_tokens
        size = estimate_tokens([Message("", completion.text)]) if answer is None else answer
        spent = self._cost(model, prompt, size, completion.cached_tokens or 0)
        if completion.cost_usd is not None:
            spent["usd"] = completion.cost_usd
        self._add(self._spent, spent, 1)
        unpriced = self.prices.get(model) is None and completion.cost_usd is None
        return None if unpriced else spent["usd"]

    def _cost(self, model: str, prompt: int, answer: int, cached: int = 0) -> dict[str, float]:
        price = self.prices.get(model)
        usd = 0.0 if price is None else price.of(prompt, answer, cached)
        return {"usd": usd, "calls": 1.0, "tokens": float(prompt + answer)}

    @staticmethod
    def _add(account: dict[str, float], amounts: Mapping[str, float], sign: int) -> None:
        for name, amount in amounts.items():
            account[name] = round(account[name] + sign * amount, 12)

"""Prices of calls, and the limits of a budget."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm.base import Message

__all__ = ["Budget", "Price", "PriceTable", "estimate_tokens"]

_CHARS_PER_TOKEN = 4
_FRAME_TOKENS = 3
_MILLION = 1_000_000
# Providers that are programs on a machine of one's own.
_AT_HOME = frozenset({"ollama", "ollama_chat", "lemonade", "lm_studio", "llamafile", "hosted_vllm"})


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
        if not entry or "input_cost_per_token" not in entry or not _has_price(entry):
            return None
        cached = entry.get("cache_read_input_token_cost")
        return Price(
            input_usd=entry["input_cost_per_token"] * _MILLION,
            output_usd=entry.get("output_cost_per_token", 0.0) * _MILLION,
            cached_usd=None if cached is None else cached * _MILLION,
        )


def _has_price(entry: Mapping[str, Any]) -> bool:
    """Tell whether a list really says a price: for a provider, zero stands for "unknown"."""
    costs = (entry["input_cost_per_token"], entry.get("output_cost_per_token", 0.0))
    return any(costs) or entry.get("litellm_provider") in _AT_HOME


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
        Money, in US dollars; 0 allows no paid call.
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

    @property
    def limits(self) -> Mapping[str, float | None]:
        """The limits by what they limit: ``"usd"``, ``"calls"`` and ``"tokens"``."""
        return {"usd": self.usd, "calls": self.calls, "tokens": self.tokens}

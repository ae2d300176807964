"""A purse: what has been spent of a budget, what is reserved, and whether more may be."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from types import MappingProxyType
from typing import Any, Protocol

from mesa_llm_city.core.errors import ConfigError, LLMBudgetError
from mesa_llm_city.llm.base import Completion, Message
from mesa_llm_city.llm.budget import Budget, Price, estimate_tokens

__all__ = ["NOTHING", "Account", "OwnAccount", "Purse", "add_amounts", "exceeded"]

NOTHING: Mapping[str, float] = MappingProxyType({"usd": 0.0, "calls": 0.0, "tokens": 0.0})
"""No money, calls or tokens."""


class Account(Protocol):
    """Where amounts are reserved and booked."""

    def taken(self) -> tuple[Mapping[str, float], Mapping[str, float]]:
        """Return what has been spent, and what is reserved."""
        ...

    def reserve(
        self, wanted: Mapping[str, float], limits: Mapping[str, float | None]
    ) -> str | None:
        """Reserve amounts; return which limit stands against it, None if they are reserved."""
        ...

    def settle(self, wanted: Mapping[str, float], spent: Mapping[str, float]) -> None:
        """Release what was reserved, and book what was spent."""
        ...


class OwnAccount:
    """An account of one process, for all of its threads."""

    def __init__(self, spent: Mapping[str, float] = NOTHING) -> None:
        self._spent, self._reserved = dict(spent), dict(NOTHING)
        self._lock = Lock()

    def __getstate__(self) -> dict[str, Any]:
        """Pickle the amounts; what is reserved belongs to requests of this process."""
        return {"_spent": dict(self._spent)}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Take over what has been spent."""
        self._spent, self._reserved, self._lock = state["_spent"], dict(NOTHING), Lock()

    def taken(self) -> tuple[Mapping[str, float], Mapping[str, float]]:
        """Return what has been spent, and what is reserved."""
        with self._lock:
            return dict(self._spent), dict(self._reserved)

    def reserve(
        self, wanted: Mapping[str, float], limits: Mapping[str, float | None]
    ) -> str | None:
        """Reserve amounts; return which limit stands against it, None if they are reserved."""
        with self._lock:
            if kind := exceeded(self._spent, self._reserved, wanted, limits):
                return kind
            add_amounts(self._reserved, wanted)
        return None

    def settle(self, wanted: Mapping[str, float], spent: Mapping[str, float]) -> None:
        """Release what was reserved, and book what was spent."""
        with self._lock:
            add_amounts(self._reserved, {kind: -amount for kind, amount in wanted.items()})
            add_amounts(self._spent, spent)


class Purse:
    """The account of a budget: what has been spent, and what is reserved.

    Several `LLM` may share one, from several threads; several processes share it once it is kept
    in a `payments.SharedAccount`.

    Parameters
    ----------
    budget : Budget
        The limits.
    prices : mapping of str to Price or None
        What each model costs; None if there is no price.
    above : Purse, optional
        Another one from which everything is paid as well.

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

    def __init__(
        self,
        budget: Budget,
        *,
        prices: Mapping[str, Price | None],
        above: Purse | None = None,
    ) -> None:
        unpriced = [model for model, price in prices.items() if price is None]
        if budget.usd is not None and unpriced:
            message = (
                f"{', '.join(unpriced)} has no price, so spending cannot be limited to "
                f"{budget.usd} USD; give its price, or limit calls or tokens"
            )
            raise ConfigError(message)
        self.budget = budget
        self.prices = dict(prices)
        self.above = above
        self._account: Account = OwnAccount()

    @property
    def spent(self) -> Mapping[str, float]:
        """What has been booked: ``"usd"``, ``"calls"`` and ``"tokens"``."""
        return self._account.taken()[0]

    @property
    def is_limited(self) -> bool:
        """Whether there is any limit."""
        return any(limit is not None for limit in self.budget.limits.values())

    def keep_in(self, account: Account) -> None:
        """Count in another account from now on, such as one that processes share."""
        self._account = account

    def reserve(self, model: str, *, prompt_tokens: int, max_tokens: int) -> None:
        """Reserve the most that a request to a model may cost.

        Raises
        ------
        LLMBudgetError
            If a limit would be exceeded; nothing is reserved then.
        """
        if self.above is not None:
            self.above.reserve(model, prompt_tokens=prompt_tokens, max_tokens=max_tokens)
        wanted = self._cost(model, prompt_tokens, max_tokens)
        if kind := self._account.reserve(wanted, self.budget.limits):
            if self.above is not None:
                self.above.release(wanted)
            raise LLMBudgetError(self._exceeded(kind, wanted))

    def release(self, wanted: Mapping[str, float]) -> None:
        """Release what was reserved, since nothing came of it."""
        self._account.settle(wanted, NOTHING)
        if self.above is not None:
            self.above.release(wanted)

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
        wanted = self._cost(model, prompt_tokens, max_tokens)
        if completion is None:
            self.release(wanted)
            return 0.0
        spent, usd = self.cost_of(model, completion, prompt_tokens)
        self._pay(wanted, spent)
        return usd

    def book(self, spent: Mapping[str, float]) -> None:
        """Book what was spent without being reserved before."""
        self._pay(NOTHING, spent)

    def cost_of(
        self, model: str, completion: Completion, prompt_tokens: int
    ) -> tuple[dict[str, float], float | None]:
        """Return what an answer cost, and its price in US dollars, None if there is none.

        Its prompt has `prompt_tokens` if the answer does not say itself.
        """
        prompt = prompt_tokens if completion.prompt_tokens is None else completion.prompt_tokens
        answer = completion.completion_tokens
        size = estimate_tokens([Message("", completion.text)]) if answer is None else answer
        spent = self._cost(model, prompt, size, completion.cached_tokens or 0)
        if completion.cost_usd is not None:
            spent["usd"] = completion.cost_usd
        unpriced = self.prices.get(model) is None and completion.cost_usd is None
        return spent, None if unpriced else spent["usd"]

    def _pay(self, wanted: Mapping[str, float], spent: Mapping[str, float]) -> None:
        self._account.settle(wanted, spent)
        if self.above is not None:
            self.above._pay(wanted, spent)  # noqa: SLF001 - of the same class

    def _exceeded(self, kind: str, wanted: Mapping[str, float]) -> str:
        spent, reserved = self._account.taken()
        unit = "USD" if kind == "usd" else kind
        return (
            f"the limit of {self.budget.limits[kind]:g} {unit} is reached: {spent[kind]:g} spent, "
            f"{reserved[kind]:g} under way, {wanted[kind]:g} more needed; raise the limit "
            "and resume"
        )

    def _cost(self, model: str, prompt: int, answer: int, cached: int = 0) -> dict[str, float]:
        price = self.prices.get(model)
        usd = 0.0 if price is None else price.of(prompt, answer, cached)
        return {"usd": usd, "calls": 1.0, "tokens": float(prompt + answer)}


def add_amounts(total: dict[str, float], amounts: Mapping[str, float]) -> None:
    """Add money, calls and tokens to a total, free of the rounding of binary fractions."""
    for kind, amount in amounts.items():
        total[kind] = round(total[kind] + amount, 12)


def exceeded(
    spent: Mapping[str, float],
    reserved: Mapping[str, float],
    wanted: Mapping[str, float],
    limits: Mapping[str, float | None],
) -> str | None:
    """Return the first kind of which more is wanted than its limit allows, None if there is none.

    Parameters
    ----------
    spent, reserved, wanted : mapping of str to float
        Money, calls and tokens.
    limits : mapping of str to float or None
        The most of each; None for no limit.
    """
    for kind, amount in wanted.items():
        limit = limits[kind]
        if limit is not None and round(spent[kind] + reserved[kind] + amount, 12) > limit:
            return kind
    return None

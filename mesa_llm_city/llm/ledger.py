"""The ledger: every call to a model, whoever it was for and whatever became of it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Call", "Ledger", "Source", "Totals"]


class Source(StrEnum):
    """Where an answer came from."""

    LIVE = "live"
    STORE = "store"
    SHARED = "shared"


class Call(NamedTuple):
    """One question put to a model.

    Attributes
    ----------
    sample : str
        Whose draw it is: a person's id, or an archetype.
    minute : int
        Simulated minute, -1 outside a run.
    purpose : str
        What it is about.
    turn, attempt : int
        How many questions the thought had asked before; 1 for a re-ask.
    prompt : str
        Name and version of the prompt.
    model : str
        Who was asked.
    source : Source
        Live, from the store, or shared with an equal question under way.
    tries : int
        How often the request was sent, 0 if not at all.
    latency_s : float
        Time of the last try, in seconds.
    prompt_tokens, cached_tokens, completion_tokens : int or None
        Sizes, None if the server did not say.
    cost_usd : float or None
        Price paid now, 0 if nothing was sent, None if there is no price.
    valid : bool
        Whether the answer had the form asked for.
    repaired : bool
        Whether something around it was cut off.
    error : str
        Why there is no answer, empty if there is one.
    """

    sample: str
    minute: int
    purpose: str
    turn: int
    attempt: int
    prompt: str
    model: str
    source: Source
    tries: int
    latency_s: float
    prompt_tokens: int | None
    cached_tokens: int | None
    completion_tokens: int | None
    cost_usd: float | None
    valid: bool
    repaired: bool
    error: str


class Totals(NamedTuple):
    """Sums over calls.

    Attributes
    ----------
    calls : int
        Questions put.
    sent : int
        Of these, answered by a request sent now.
    tries : int
        Requests sent, retries included.
    prompt_tokens, completion_tokens : int
        Tokens of what was sent, as far as the servers said.
    usd : float
        Money spent, as far as there are prices.
    unpriced : int
        Sent calls without a price.
    invalid : int
        Calls that brought no answer of the form asked for.
    """

    calls: int
    sent: int
    tries: int
    prompt_tokens: int
    completion_tokens: int
    usd: float
    unpriced: int
    invalid: int


class Ledger:
    """All calls of a run.

    Examples
    --------
    >>> Ledger().totals().calls
    0
    """

    def __init__(self) -> None:
        self._calls: list[Call] = []

    def __len__(self) -> int:
        """Return the number of calls."""
        return len(self._calls)

    def add(self, call: Call) -> None:
        """Append a call."""
        self._calls.append(call)

    def calls(self) -> list[Call]:
        """Return the calls in the order of minute, sample and purpose, not of arrival."""
        return sorted(
            self._calls,
            key=lambda one: (one.minute, one.sample, one.purpose, one.turn, one.attempt),
        )

    def totals(self) -> Totals:
        """Return the sums over all calls."""
        sent = [call for call in self._calls if call.source is Source.LIVE]
        return Totals(
            calls=len(self._calls),
            sent=len(sent),
            tries=_total(call.tries for call in sent),
            prompt_tokens=_total(call.prompt_tokens for call in sent),
            completion_tokens=_total(call.completion_tokens for call in sent),
            usd=fsum(call.cost_usd or 0.0 for call in sent),
            unpriced=len([call for call in sent if call.cost_usd is None]),
            invalid=len([call for call in self._calls if not call.valid]),
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row per call, ordered as `calls`."""
        import pandas as pd

        frame = pd.DataFrame(self.calls(), columns=list(Call._fields))
        sizes = ("prompt_tokens", "cached_tokens", "completion_tokens")
        types = dict.fromkeys(sizes, "Int64") | {"cost_usd": "float64", "source": "str"}
        return frame.astype(types)

    def to_parquet(self, path: str | Path) -> None:
        """Write `to_frame`."""
        self.to_frame().to_parquet(path, index=False)


def _total(numbers: Iterable[int | None]) -> int:
    total = 0
    for number in numbers:
        total += number or 0
    return total

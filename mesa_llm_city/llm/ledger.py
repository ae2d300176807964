"""The ledger: a row for every call to a model."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Call", "Ledger", "Source", "Totals"]


class Source(StrEnum):
    """Where an answer came from."""

    LIVE = "live"
    STORE = "store"
    SHARED = "shared"
    ARCHETYPE = "archetype"


class Call(NamedTuple):
    """One question put to a model.

    Attributes
    ----------
    sample : str
        Id of the person as text, or an archetype.
    minute : int
        Simulated minute, -1 outside a run.
    purpose : str
        Purpose of the question.
    turn, attempt : int
        Number of questions asked before in the same decision; and how often this one was.
    prompt : str
        Name and version of the prompt.
    model : str
        Name of the model.
    source : Source
        Live, from the store, shared with an equal question under way, or with an archetype.
    tries : int
        Number of times the request was sent, 0 if it was not.
    latency_s : float
        Time of the last try, in seconds.
    prompt_tokens, cached_tokens, completion_tokens : int or None
        Sizes, None if the server did not say.
    cost_usd : float or None
        Price paid in this run, 0 if nothing was sent, None if there is no price.
    valid : bool
        Whether the answer had the form asked for.
    repaired : bool
        Whether something around it was cut off.
    error : str
        The error, empty if there is an answer.
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
        Number of questions.
    sent : int
        Of these, answered (or not) by a request that was sent.
    resumed : int
        Of these, sent by an earlier attempt at the same run.
    stored, shared : int
        Number of questions answered from the store, or along with an equal question.
    by_archetype : int
        Number of questions that got the answer of their archetype.
    tries : int
        Requests sent, retries included.
    prompt_tokens, cached_tokens, completion_tokens : int
        Tokens of what was sent, as far as the servers said.
    usd : float
        Money spent, as far as there are prices.
    unpriced : int
        Answered calls without a price.
    invalid : int
        Calls that brought no answer of the form asked for.
    repaired : int
        Calls whose answer had something around it cut off.
    left_to_rules : int
        Questions without an answer, which rules decided instead.
    """

    calls: int = 0
    sent: int = 0
    resumed: int = 0
    stored: int = 0
    shared: int = 0
    tries: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    usd: float = 0.0
    unpriced: int = 0
    invalid: int = 0
    repaired: int = 0
    left_to_rules: int = 0
    by_archetype: int = 0

    def __str__(self) -> str:
        """Return questions, tokens and money in a few words."""
        tokens = self.prompt_tokens + self.completion_tokens
        money = "unpriced" if self.unpriced else f"{self.usd:.4g} USD"
        kept = f" ({self.stored:,} from the store)" if self.stored else ""
        kept += f" ({self.resumed:,} of an earlier attempt)" if self.resumed else ""
        calls = "1 call" if self.calls == 1 else f"{self.calls:,} calls"
        return f"{calls}{kept}, {tokens:,} tokens, {money}"


class Ledger:
    """All calls of a run.

    Examples
    --------
    >>> Ledger().totals().calls
    0
    """

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._counts: Counter[str] = Counter()
        self._usd = Fraction()

    def __len__(self) -> int:
        """Return the number of calls."""
        return len(self._calls)

    def add(self, call: Call) -> Call:
        """Append a call, and return it."""
        self._calls.append(call)
        counts, is_live = self._counts, call.source is Source.LIVE
        counts[_BY_SOURCE[call.source]] += 1
        counts["invalid"] += not call.valid
        counts["repaired"] += call.repaired
        if is_live:
            counts["tries"] += call.tries
            counts["prompt_tokens"] += call.prompt_tokens or 0
            counts["cached_tokens"] += call.cached_tokens or 0
            counts["completion_tokens"] += call.completion_tokens or 0
            counts["unpriced"] += call.cost_usd is None
            if call.cost_usd:
                # Exact, so that the sum does not depend on the order in which answers come.
                self._usd += Fraction(call.cost_usd)
        return call

    def resume(self) -> None:
        """Count a call that an earlier attempt at the same run has sent."""
        self._counts["resumed"] += 1

    def leave_to_rules(self) -> None:
        """Count a question without an answer that rules decide."""
        self._counts["left_to_rules"] += 1

    def calls(self) -> list[Call]:
        """Return the calls in the order of minute, sample and purpose, not of arrival."""
        return sorted(
            self._calls,
            key=lambda one: (one.minute, one.sample, one.purpose, one.turn, one.attempt),
        )

    def hit_rate(self, purpose: str) -> float | None:
        """Return the share of the questions of a purpose that got the answer of their archetype.

        Parameters
        ----------
        purpose : str
            Purpose of the questions.

        Returns
        -------
        float or None
            In [0, 1]; None without any question.
        """
        first = [call for call in self._calls if call.purpose == purpose and not call.attempt]
        if not first:
            return None
        return sum(call.source is Source.ARCHETYPE for call in first) / len(first)

    def totals(self) -> Totals:
        """Return the sums over all calls."""
        return Totals(calls=len(self._calls), usd=float(self._usd), **self._counts)

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


_BY_SOURCE = MappingProxyType(
    {
        Source.LIVE: "sent",
        Source.STORE: "stored",
        Source.SHARED: "shared",
        Source.ARCHETYPE: "by_archetype",
    }
)

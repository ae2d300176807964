"""The card of a policy: of which model, prompt and moments it was made, and at what cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["PolicyCard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCard:
    """What a reader has to know about a policy.

    Parameters
    ----------
    model : str
        Name of the language model.
    prompt_version : str
        Name, version and checksum of the prompt.
    package : str
        Version of this package.
    per_cell : int
        Answers asked for in each cell.
    strength : float
        Number of answers that the coarser cell counts for (see `smoothing.smoothed`).
    people, days, seed : int
        Of the run by rules in which the cells were counted.
    held_out : float
        Share of its decisions that were held out, in [0, 1).
    moments : int
        Decisions of that run.
    cells : int
        Cells that occurred in it.
    compiled : int
        Of these, cells with answers of their own.
    possible : int
        Cells that the dimensions could make.
    coverage : float
        Share of the decisions that fall into a cell with answers of its own, in [0, 1].
    answers, failed : int
        Usable answers, and questions without one.
    calls, tokens : int
        Questions sent and tokens of prompts and answers, those asked again included.
    usd : float or None
        Their price in US dollars; None if there is no price.
    entropy : float
        Mean entropy of the answers of a cell before smoothing, in bits: the variety that the
        language model has shown within cells.
    """

    model: str
    prompt_version: str
    package: str
    per_cell: int
    strength: float
    people: int
    days: int
    seed: int
    held_out: float
    moments: int
    cells: int
    compiled: int
    possible: int
    coverage: float
    answers: int
    failed: int
    calls: int
    tokens: int
    usd: float | None
    entropy: float

    def to_json(self) -> dict[str, Any]:
        """Return the card as plain values."""
        return asdict(self)

    def __str__(self) -> str:
        """Return the card in two sentences."""
        money = "unpriced" if self.usd is None else f"{self.usd:.4g} USD"
        return (
            f"{self.compiled:,} of {self.cells:,} cells that occur ({self.possible:,} possible) "
            f"by {self.model}, {self.prompt_version}, covering {100.0 * self.coverage:.0f} % of "
            f"{self.moments:,} decisions of {self.people:,} people. {self.calls:,} calls, "
            f"{self.tokens:,} tokens, {money}; {self.entropy:.2f} bits within a cell."
        )

"""What compiling will ask and cost, before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from mesa_llm_city.experiments.compiling.census import Census
from mesa_llm_city.experiments.compiling.questions import Repeat, ask_all
from mesa_llm_city.llm import LLM
from mesa_llm_city.simulation.asked_tally import AskedCost, AskedTally, Range, cost_of

__all__ = ["CompileCost", "estimate_compile"]

_SAMPLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileCost:
    """What is expected of compiling.

    Parameters
    ----------
    calls : int
        Questions; those whose answers are not usable are asked again.
    prompt_tokens, answer_tokens : Range
        Tokens of prompts and of answers.
    usd : Range or None
        Money, in US dollars; None if a model has no price.
    cells : int
        Cells that are asked about.
    """

    calls: int
    prompt_tokens: Range
    answer_tokens: Range
    usd: Range | None
    cells: int

    def __str__(self) -> str:
        """Return the numbers in a sentence."""
        money = "unpriced" if self.usd is None else f"{self.usd} USD"
        return (
            f"{self.calls:,} calls for {self.cells:,} cells, {self.prompt_tokens} prompt tokens, "
            f"{self.answer_tokens} answer tokens, {money} (what was answered before is not paid "
            "for again)"
        )


def estimate_compile(
    censuses: Mapping[str, Census], repeats: Mapping[str, Sequence[Repeat]], llm: LLM
) -> CompileCost:
    """Return what questions will cost; up to 200 of each kind are worded, none is sent.

    Parameters
    ----------
    censuses : mapping of str to Census
        Kinds of decisions by prompt.
    repeats : mapping of str to sequence of Repeat
        The questions of each.
    llm : LLM
        The language model, with its prices.
    """
    costs = [_cost(censuses[prompt], asked, llm) for prompt, asked in repeats.items() if len(asked)]
    dollars = [one.usd for one in costs]
    return CompileCost(
        calls=int(np.sum([len(asked) for asked in repeats.values()], dtype=int)),
        prompt_tokens=_total([one.prompt_tokens for one in costs]),
        answer_tokens=_total([one.answer_tokens for one in costs]),
        usd=None if None in dollars else _total([one for one in dollars if one is not None]),
        cells=len({(prompt, one.met.cell) for prompt, asked in repeats.items() for one in asked}),
    )


def _cost(census: Census, asked: Sequence[Repeat], llm: LLM) -> AskedCost:
    rows = np.linspace(0, len(asked) - 1, min(_SAMPLE, len(asked))).round().astype(int)
    sample = [asked[row] for row in rows.tolist()]
    tally = AskedTally()
    ask_all(sample, census.form, llm.pilot(tally), seed=census.seed)
    return cost_of(tally.asked, llm.prices, times=len(asked) / len(sample))


def _total(ranges: Sequence[Range]) -> Range:
    return Range(fsum(one.low for one in ranges), fsum(one.high for one in ranges))

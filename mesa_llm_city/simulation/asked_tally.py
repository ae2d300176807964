"""A tally of questions with made-up answers: how many tokens they take, and at what price."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import NamedTuple

from mesa_llm_city.llm import Price, PriceTable
from mesa_llm_city.llm.base import Message, Request
from mesa_llm_city.llm.budget import estimate_tokens
from mesa_llm_city.llm.clients.scripted import fill_schema

__all__ = ["Asked", "AskedCost", "AskedTally", "Range", "cost_of"]

_TOKEN_ERROR = 0.25


class Range(NamedTuple):
    """From the least to the most that is expected."""

    low: float
    high: float

    def times(self, number: float) -> Range:
        """Return both ends times a number that is not negative."""
        return Range(self.low * number, self.high * number)

    def __str__(self) -> str:
        """Return both ends with two digits that count."""
        return f"{_rounded(self.low)} to {_rounded(self.high)}"


class Asked(NamedTuple):
    """One question: whose, of which model, and its size in tokens.

    Attributes
    ----------
    person : str
        Id of the person as text.
    model : str
        Name of the language model.
    prompt : int
        Tokens of the prompt.
    least, most : int
        Tokens of a made-up answer, and the most that an answer may have.
    purpose : str
        What it was about.
    weight : float
        How often it is asked in the time for which it stands.
    """

    person: str
    model: str
    prompt: int
    least: int
    most: int
    purpose: str = ""
    weight: float = 1.0


class AskedCost(NamedTuple):
    """What questions cost.

    Attributes
    ----------
    prompt_tokens, answer_tokens : Range
        Tokens of prompts and of answers.
    usd : Range or None
        Money, in US dollars; None if a model has no price.
    """

    prompt_tokens: Range
    answer_tokens: Range
    usd: Range | None


class AskedTally:
    """Answers like a model without sense, and keeps the size of what it was asked.

    Attributes
    ----------
    asked : list of Asked
        The questions so far.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    def __call__(self, request: Request) -> str:
        """Return an answer of the form asked for."""
        text = fill_schema(request)
        prompt, least = estimate_tokens(request.messages), estimate_tokens([Message("", text)])
        where = request.address.sample
        size = (prompt, least, request.max_tokens)
        self.asked.append(Asked(where, request.model, *size, request.address.purpose))
        return text


def cost_of(asked: Sequence[Asked], prices: PriceTable, *, times: float) -> AskedCost:
    """Return what questions cost that are asked so many times.

    Tokens of prompts may lie a quarter to either side, since they are estimated from characters.

    Parameters
    ----------
    asked : sequence of Asked
        The questions.
    prices : PriceTable
        Prices of the models.
    times : float
        How often they are asked.
    """
    weights = [one.weight for one in asked]

    def total(sizes: Sequence[float]) -> float:
        return times * fsum(w * size for w, size in zip(weights, sizes, strict=True))

    low, high = 1.0 - _TOKEN_ERROR, 1.0 + _TOKEN_ERROR
    prompt = total([one.prompt for one in asked])
    known = {name: prices.of(name) for name in sorted({one.model for one in asked})}
    usd = None
    if None not in known.values():
        least = total([_usd(one, known[one.model], low, one.least) for one in asked])
        usd = Range(least, total([_usd(one, known[one.model], high, one.most) for one in asked]))
    return AskedCost(
        Range(low * prompt, high * prompt),
        Range(total([one.least for one in asked]), total([one.most for one in asked])),
        usd,
    )


def _usd(one: Asked, price: Price | None, factor: float, answer: int) -> float:
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

"""A small town and its people, built once per test run."""

from __future__ import annotations

from functools import cache

from mesa_llm_city import City, Population


@cache
def small_town() -> City:
    """Return a town of some 400 places."""
    return City.synthetic(rng=1, places=400)


@cache
def townspeople(count: int = 30) -> Population:
    """Return people of the small town."""
    return Population.synthesize(count, city=small_town(), rng=3)

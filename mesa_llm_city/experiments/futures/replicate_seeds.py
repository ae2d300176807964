"""Seeds of replicates: the first goes on with the luck of the run, others are drawn from it."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import rng

__all__ = ["check_number", "seeds_of"]


def seeds_of(given: int | Iterable[int], run_seed: int) -> list[int | None]:
    """Return the seed of each replicate; None for the luck of the run.

    Parameters
    ----------
    given : int or iterable of int
        Number of replicates, or a seed for each.
    run_seed : int
        Seed of the run, from which those of further replicates are drawn.

    Raises
    ------
    ConfigError
        If there are none, or two alike.

    Examples
    --------
    >>> seeds_of([3, 5], 7), seeds_of(2, 7)[0]
    ([3, 5], None)
    """
    if isinstance(given, Iterable):
        seeds = list(given)
        if not seeds or len(set(seeds)) < len(seeds):
            message = f"seeds must be at least one whole number, all different, got {seeds}"
            raise ConfigError(message)
        return [*seeds]
    check_number("seeds", given)
    others = [int(rng(run_seed, 0, "fork", one).integers(2**32)) for one in range(1, given)]
    return [None, *others]


def check_number(name: str, value: object) -> None:
    """Check that an option is a whole number of at least 1.

    Parameters
    ----------
    name : str
        Name of the option.
    value : object
        What was given.

    Raises
    ------
    ConfigError
        If it is none.
    """
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_whole or int(value) < 1:  # type: ignore[call-overload]
        message = f"{name} must be a whole number of at least 1, got {value!r}"
        raise ConfigError(message)

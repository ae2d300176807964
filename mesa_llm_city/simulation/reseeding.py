"""Reseeding: a living model draws what is to come from another seed."""

from __future__ import annotations

from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.errors import ConfigError

if TYPE_CHECKING:
    # A model is what is reseeded; only annotations close the circle.
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["reseed"]


def reseed(model: CityModel, seed: int) -> None:
    """Let all that happens to people from now on be drawn from another seed.

    What people are like stays (tastes, curiosity, how much they sleep), and so does what has
    been drawn already: plans that have begun, and when people get up tomorrow. Days planned
    from now on, places, modes, contacts, reactions and the order of acting come from the new
    seed, and so do newcomers and the random numbers of Mesa. Weather is left as it is.

    Parameters
    ----------
    model : CityModel
        Between two steps.
    seed : int
        The seed from now on, in [0, 2**64).

    Raises
    ------
    ConfigError
        If the seed is no whole number in this range.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> model.step()
    >>> reseed(model, 8)
    >>> model.run_seed
    8
    """
    seed = _checked(seed)
    for agent in model.citizens:
        person = agent.citizen
        person.streams = person.streams.reseeded(seed, minute=model.minute, day=person.now.day)
    model.run_seed = model.rounds.seed = seed
    model.registration.setup = replace(model.registration.setup, seed=seed)
    if model.migration_or_none is not None:
        model.migration_or_none.seed = seed
    if model.media_or_none is not None:
        model.media.reseed(seed)
    if model.crowd_or_none is not None:
        model.crowd.reseed(seed)
    model.random.seed(seed)
    # Agents and spaces may hold the generator itself, so it stays the same object.
    model.rng.bit_generator.state = np.random.default_rng(seed).bit_generator.state


def _checked(seed: object) -> int:
    is_whole = isinstance(seed, Integral) and not isinstance(seed, bool)
    if not is_whole or not 0 <= int(seed) < 2**64:  # type: ignore[call-overload]
        message = f"seed must be a whole number in [0, 2**64), got {seed!r}"
        raise ConfigError(message)
    return int(seed)  # type: ignore[call-overload, no-any-return]

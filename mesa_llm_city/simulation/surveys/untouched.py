"""A guard: what a survey calls must not draw random numbers of the model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mesa_llm_city.core.errors import ConfigError

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["numbers_untouched"]


@contextmanager
def numbers_untouched(model: CityModel) -> Iterator[None]:
    """Put the generators of a model back as they were, and say so if they were used.

    Raises
    ------
    ConfigError
        If ``model.random`` or ``model.rng`` was drawn from inside the block.
    """
    random, rng = model.random.getstate(), model.rng.bit_generator.state
    used = False
    try:
        yield
    finally:
        now = model.rng.bit_generator.state
        # Compared as text, since some generators keep arrays.
        used = model.random.getstate() != random or repr(now) != repr(rng)
        model.random.setstate(random)
        model.rng.bit_generator.state = rng
    if used:
        message = (
            "the rule draws from model.random or model.rng, which would change the run; draw from "
            "agent.citizen.streams.at('my survey', step=agent.model.minute)"
        )
        raise ConfigError(message)

"""Detours: closed streets are left out of the network, and ways are measured again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["use_open_streets"]


def use_open_streets(model: CityModel) -> None:
    """Let ways in a model follow the streets that are not closed now."""
    world = model.world
    world.detours = (
        world.city.without_streets(world.closures.links) if (world.closures.links) else None
    )

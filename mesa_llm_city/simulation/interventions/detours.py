"""Detours: closed streets are left out of the network, and ways are measured again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["use_open_streets"]


def use_open_streets(model: CityModel) -> None:
    """Let ways in a model follow the streets that are not closed now.

    If several closures together leave no street, ways are as long as without any of them: people
    have to go somewhere.
    """
    world = model.world
    closed, network = world.closures.links, world.city.network
    is_any_left = network is not None and len(closed) < len(network)
    world.detours = world.city.without_streets(closed) if closed and is_any_left else None

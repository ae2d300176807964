"""One part alone: needs in a bare agent, on a grid, and needs and beliefs on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from mesa.discrete_space import CellAgent, OrthogonalMooreGrid

from mesa_llm_city import ConfigError, Needs, PlaceBeliefs

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["Commuter", "Commuters", "Forager", "Foragers", "GeoEaters", "geo_eater"]

_CRS = "EPSG:32628"
_STEP_H = 0.25

# Ratings of price, atmosphere, satisfaction and convenience at two places.
_FOOD = ((0.2, 0.3, 0.1, 0.4), (0.8, 0.9, 0.9, 0.6))


class Commuter(mesa.Agent):
    """Eats when hungry; a bare Mesa agent with one part.

    Examples
    --------
    >>> town = Commuters(rng=7)
    >>> for _ in range(24):
    ...     town.step()
    >>> [one.meals for one in town.agents]
    [1, 1, 1]
    """

    def __init__(self, model: mesa.Model) -> None:
        super().__init__(model)
        self.needs = Needs()
        self.meals = 0

    def step(self) -> None:
        """Let a quarter of an hour pass."""
        now = self.model.steps * _STEP_H
        if self.needs.dominant(at=now) == "hunger":
            self.needs.satisfy("hunger", 0.6, at=now)
            self.meals += 1


class Commuters(mesa.Model):
    """Some commuters, nowhere in particular."""

    def __init__(self, n: int = 3, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        Commuter.create_agents(self, n)

    def step(self) -> None:
        """Let everybody step in random order."""
        self.agents.shuffle_do("step")


class Forager(CellAgent):
    """Walks about a grid, and eats in cells that have food.

    Parameters
    ----------
    model : Foragers
        The model.
    cell : mesa.discrete_space.Cell
        Where to start.
    """

    def __init__(self, model: Foragers, cell: Any) -> None:  # noqa: ANN401 - Mesa's is generic
        super().__init__(model)
        self.cell = cell
        self.needs = Needs()
        self.meals = 0

    def step(self) -> None:
        """Walk on, and eat if hungry and there is food."""
        now = self.model.steps * _STEP_H
        here: Any = self.cell  # never None, and the grid's cells have food
        self.cell = here = here.neighborhood.select_random_cell()
        if here.food and self.needs.level("hunger", at=now) < 0.8:
            self.needs.satisfy("hunger", 0.6, at=now)
            self.meals += 1


class Foragers(mesa.Model):
    """Foragers on a torus where every fourth cell has food, told by a property layer.

    Parameters
    ----------
    n : int, default 5
        Number of foragers.
    rng : int, optional
        Seed.

    Examples
    --------
    >>> field = Foragers(rng=7)
    >>> for _ in range(96):
    ...     field.step()
    >>> min(one.meals for one in field.agents) > 0
    True
    """

    def __init__(self, n: int = 5, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        self.grid: Any = OrthogonalMooreGrid((8, 8), torus=True, random=self.random)
        food = self.grid.create_property_layer("food", default_value=False, dtype=bool)
        food.data[:] = np.indices(food.data.shape).sum(axis=0) % 4 == 0
        Forager.create_agents(self, n, self.grid.all_cells.cells[:n])

    def step(self) -> None:
        """Let everybody step in random order."""
        self.agents.shuffle_do("step")


def geo_eater() -> type[Any]:
    """Return an agent class for mesa-geo with two parts: needs, and beliefs about places.

    Returns
    -------
    type
        A subclass of ``mesa_geo.GeoAgent`` that eats, when hungry, at the one of
        two places that seems better.

    Raises
    ------
    ConfigError
        If mesa-geo is not installed.
    """
    mesa_geo = _mesa_geo()

    class GeoEater(mesa_geo.GeoAgent):  # type: ignore[misc,name-defined]
        """Somebody at a point of a map who learns where one eats well."""

        def __init__(self, model: mesa.Model, geometry: object, crs: str) -> None:
            super().__init__(model, geometry, crs)
            self.needs = Needs()
            self.beliefs = PlaceBeliefs()
            self.eaten_at: list[int] = []

        def step(self) -> None:
            """Eat if hungry where it seems best, and learn from it."""
            minute = round(self.model.steps * _STEP_H * 60.0)
            if self.needs.dominant(at=minute / 60.0) != "hunger":
                return
            believed = [self.beliefs.belief(place, at_min=minute).mean() for place in (0, 1)]
            place = int(np.argmax(believed))
            self.beliefs.update(place, _FOOD[place], category=0, at_min=minute)
            self.needs.satisfy("hunger", 0.6, at=minute / 60.0)
            self.eaten_at.append(place)

    return GeoEater


class GeoEaters(mesa.Model):
    """Agents of `geo_eater` in the ``GeoSpace`` of mesa-geo.

    Parameters
    ----------
    n : int, default 3
        Number of agents.
    rng : int, optional
        Seed.

    Raises
    ------
    ConfigError
        If mesa-geo is not installed.
    """

    def __init__(self, n: int = 3, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        from shapely import Point

        self.space = _mesa_geo().GeoSpace(crs=_CRS)
        points = [Point(500_000.0 + 100.0 * number, 5_370_000.0) for number in range(n)]
        self.space.add_agents(geo_eater().create_agents(self, n, points, _CRS))

    def step(self) -> None:
        """Let everybody step in random order."""
        self.agents.shuffle_do("step")


def _mesa_geo() -> ModuleType:
    try:
        import mesa_geo
    except ModuleNotFoundError as missing:
        message = "mesa-geo is not installed; install it with `pip install mesa-geo`"
        raise ConfigError(message) from missing
    return mesa_geo

"""The parts work in agents and models of Mesa-Geo, which know nothing of them."""

from __future__ import annotations

import mesa
import mesa_geo
from shapely import Point

from mesa_llm_city.mind import Needs


class Walker(mesa_geo.GeoAgent):
    """Walks east until hungry, then eats."""

    def __init__(self, model: mesa.Model) -> None:
        super().__init__(model, Point(0, 0), "EPSG:32631")  # type: ignore[no-untyped-call]
        self.needs = Needs()
        self.meals = 0

    def step(self) -> None:
        now = float(self.model.steps)
        if self.needs.dominant(at=now) == "hunger":
            self.needs.satisfy("hunger", 0.6, at=now)
            self.meals += 1
        else:
            self.geometry = Point(self.geometry.x + 1, 0)


class Land(mesa.Model):
    """A map with walkers on it."""

    def __init__(self, rng: int) -> None:
        super().__init__(rng=rng)
        self.space = mesa_geo.GeoSpace(crs="EPSG:32631")
        self.space.add_agents(list(Walker.create_agents(self, 3)))

    def step(self) -> None:
        self.agents.shuffle_do("step")


def test_a_geo_agent_can_have_needs() -> None:
    land = Land(rng=7)
    for _ in range(24):
        land.step()
    for walker in land.agents:
        assert isinstance(walker, Walker)
        assert walker.meals > 0
        assert walker.geometry.x == 24 - walker.meals

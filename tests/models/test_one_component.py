"""One part alone works in a bare agent, in a cell agent and in mesa-geo's agent."""

from __future__ import annotations

import sys

import pytest
from mesa_llm_city.models.one_component.model import Commuters, Foragers, GeoEaters, geo_eater

from mesa_llm_city import ConfigError, Needs, PlaceBeliefs


class TestBareAgent:
    def test_hunger_presses_after_five_hours_and_is_met(self) -> None:
        # From 1.0 at 0.15 per hour hunger falls to 0.3 after 4 h 40 min: at step 19 of 15 min.
        model = Commuters(n=2, rng=1)
        for _ in range(18):
            model.step()
        assert [one.meals for one in model.agents] == [0, 0]
        model.step()
        assert [one.meals for one in model.agents] == [1, 1]

    def test_agents_do_not_share_their_needs(self) -> None:
        one, other = Commuters(n=2, rng=1).agents
        one.needs.satisfy("hunger", -0.5, at=0.0)
        assert other.needs.level("hunger", at=0.0) == 1.0


class TestCellAgent:
    def test_foragers_walk_and_eat_where_there_is_food(self) -> None:
        model = Foragers(rng=1)
        for _ in range(96):
            model.step()
        assert all(one.meals > 0 for one in model.agents)
        assert all(isinstance(one.needs, Needs) for one in model.agents)

    def test_the_same_seed_makes_the_same_walk(self) -> None:
        ends = []
        for _ in range(2):
            model = Foragers(rng=5)
            for _ in range(10):
                model.step()
            ends.append([(one.cell.coordinate, one.meals) for one in model.agents])
        assert ends[0] == ends[1]


class TestGeoAgent:
    def test_needs_and_beliefs_work_beside_geometry(self) -> None:
        mesa_geo = pytest.importorskip("mesa_geo")
        model = GeoEaters(n=2, rng=1)
        for _ in range(96):
            model.step()
        for agent in model.agents:
            assert isinstance(agent, mesa_geo.GeoAgent)
            assert isinstance(agent.beliefs, PlaceBeliefs)
            assert agent.geometry.y == 5_370_000.0
            # Each place is tried once, and then the better one is kept to.
            assert agent.eaten_at[:2] == [0, 1]
            assert set(agent.eaten_at[2:]) == {1}
        assert len(model.space.agents) == 2

    def test_without_mesa_geo_the_message_says_what_to_do(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "mesa_geo", None)
        for make in (geo_eater, GeoEaters):
            with pytest.raises(ConfigError, match="pip install mesa-geo"):
                make()

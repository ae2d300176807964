"""A user's own agents live and step beside the citizens; models and agents can be extended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import hypot

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa_llm_city.models.corner_shop.model import Bus, CornerTown, Shop

from mesa_llm_city import City, CityAgent, CityModel, Population
from mesa_llm_city.citizen.intention import Completed, Intention
from mesa_llm_city.core.values import Observation, Purpose
from mesa_llm_city.simulation.rounds import Rounds


@pytest.fixture(scope="module")
def city() -> City:
    return City.synthetic(rng=3, places=300)


@pytest.fixture(scope="module")
def people(city: City) -> Population:
    return Population.synthesize(20, city=city, rng=1)


class TestOwnAgents:
    def test_ten_steps_move_the_bus_and_the_citizens_alike(self) -> None:
        town = CornerTown(people=5, rng=1)
        for _ in range(10):
            town.step()
        assert len(town.agents) == 7
        assert town.bus.stops_served + town.bus.next_stop > 1

    def test_the_bus_drives_as_far_as_its_speed_allows(self, city: City) -> None:
        model = CityModel(city, 1, rng=1)
        bus = Bus(model, [(0.0, 0.0), (1000.0, 0.0), (1000.0, 1000.0)], speed_m_per_min=100.0)
        model.step()
        assert bus.where == (500.0, 0.0)
        model.step()
        model.step()
        assert bus.where == (1000.0, 500.0)
        assert bus.stops_served == 1

    @pytest.mark.slow
    def test_the_shop_counts_who_comes_in_and_sells_what_it_has(self, city: City) -> None:
        people = Population.synthesize(60, city=city, rng=2)
        model = CityModel(city, people, rng=1)
        shops = [Shop(model, place, stock=1) for place in range(len(city.places))]
        model.run_days(1)
        stays = _stays(model)
        for shop in shops:
            here = stays[stays["place"] == shop.place]
            # Seen at the end of a step is who came before it and has not left by then.
            seen = here["end"] // 5 * 5 > here["start"]
            assert shop.customers == seen.sum()
            assert shop.sold == min(shop.customers, 1)

    @pytest.mark.slow
    def test_citizens_live_the_same_lives_with_and_without_them(
        self, city: City, people: Population
    ) -> None:
        alone, beside = CityModel(city, people, rng=1), CornerTown(city, people, rng=1)
        for model in (alone, beside):
            model.run_days(1)
        assert beside.digest() == alone.digest()

    def test_an_agent_that_leaves_is_stepped_no_more(self, city: City) -> None:
        class Counter(mesa.Agent):
            steps = 0

            def step(self) -> None:
                self.steps += 1

        model = CityModel(city, 2, rng=1)
        counter = Counter(model)
        model.step()
        counter.remove()
        model.step()
        assert counter.steps == 1


class TestOwnCitizens:
    def test_a_subclass_may_think_differently(self, city: City, people: Population) -> None:
        class Homebody(CityAgent):
            async def decide(self, seen: Observation) -> Intention:
                intention = await super().decide(seen)
                home = self.citizen.persona.home
                if intention.trip is None:
                    return intention
                assert intention.activity is not None
                rest = replace(
                    intention.activity, place=home, start_min=seen.minute, purpose=Purpose.REST
                )
                return replace(intention, trip=None, activity=rest)

        model = CityModel(city, people, rng=1, agent_class=Homebody)
        model.run_days(1)
        assert len(model.trips()) == 0
        assert all(isinstance(agent, Homebody) for agent in model.citizens)

    def test_a_subclass_may_leave_more_traces(self, city: City, people: Population) -> None:
        class Diarist(CityAgent):
            diary: tuple[str, ...] = ()

            def act(self, intention: Intention) -> Completed:
                outcome = super().act(intention)
                self.diary = (*self.diary, str(self.purpose))
                return outcome

        model = CityModel(city, people, rng=1, agent_class=Diarist)
        model.run_days(1)
        diaries = [one.diary for one in model.citizens if isinstance(one, Diarist)]
        assert len(diaries) == 20
        assert all("sleep" in diary for diary in diaries)


class TestOwnPhases:
    def test_a_model_may_replace_a_phase(self, city: City, people: Population) -> None:
        order: list[int] = []

        class FoggyRounds(Rounds):
            """Nobody sees the weather; everybody acts in the order of their ids."""

            def perceive(self, due: Sequence[CityAgent]) -> list[Observation]:
                return [Observation(minute=a.citizen.now.next_due, place=a.place) for a in due]

            def act(self, due: Sequence[CityAgent], intentions: Sequence[Intention]) -> None:
                for agent, intention in sorted(
                    zip(due, intentions, strict=True), key=lambda pair: pair[0].person
                ):
                    agent.act(intention)
                    order.append(agent.person)

        class Foggy(CityModel):
            rounds_class = FoggyRounds

        Foggy(city, people, rng=1).step()
        assert order == list(range(20))

    def test_positions_move_along_the_way(self, city: City, people: Population) -> None:
        model = CityModel(city, people, rng=1)
        seen = []
        for _ in range(288):
            model.step()
            for agent in model.citizens:
                if (trip := agent.citizen.now.trip) is not None:
                    (x, y), (x0, y0) = agent.pos, city.position(trip.origin)
                    x1, y1 = city.position(trip.destination)
                    way, gone = hypot(x1 - x0, y1 - y0), hypot(x - x0, y - y0)
                    left = hypot(x1 - x, y1 - y)
                    assert gone + left == pytest.approx(way, abs=1e-6)
                    seen.append(gone / way)
        assert 0.0 <= np.min(seen) < np.max(seen) <= 1.0


def _stays(model: CityModel) -> pd.DataFrame:
    """Return stays in minutes, those who work left out, and what follows in place made one."""
    frame = model.activities().query("purpose != 'work' and purpose != 'travel'")
    begin = pd.Timestamp(model.clock.at(0))
    for name in ("start", "end"):
        frame[name] = (frame[name] - begin).dt.total_seconds().astype(int) // 60
    goes_on = (frame["start"] == frame["end"].shift()) & (
        frame["person"] == frame["person"].shift()
    )
    groups = frame.groupby((~goes_on).cumsum())
    return groups.agg({"place": "first", "start": "first", "end": "last"})

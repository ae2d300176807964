"""An event draws people to its place while it lasts, and is remembered by name."""

from __future__ import annotations

from mesa_llm_city import CityModel
from mesa_llm_city.simulation.interventions import event
from tests.town import small_town, townspeople


def visits_of(place: int, boost: float) -> int:
    fair = event(name="fair", place=place, start=0, boost=boost)
    model = CityModel(small_town(), townspeople(30), rng=7, interventions=[fair])
    model.run_days(1)
    return int((model.visits()["place"] == place).sum())


def test_people_come_to_an_event() -> None:
    cafe = small_town().places.category_names.index("amenity=cafe")
    place = int((small_town().places.category == cafe).nonzero()[0][0])
    assert visits_of(place, boost=1000.0) > visits_of(place, boost=0.0) == 0


def test_an_event_that_goes_on_is_not_counted_twice() -> None:
    fair = event(name="fair", place=5, start=0)
    model = CityModel(small_town(), townspeople(10), rng=7, interventions=[fair])
    model.step()
    model.intervention_schedule.restore(model, model.intervention_schedule.state())
    assert len(model.world.events) == 1


def test_an_event_is_over_at_its_end() -> None:
    fair = event(name="fair", place=5, start=10, end=30)
    model = CityModel(small_town(), townspeople(10), rng=7, interventions=[fair])
    for _ in range(8):
        model.step()
    assert [one.name for one in model.world.events_during(5, 10, 11)] == ["fair"]
    assert model.world.events_during(5, 30, 60) == ()
    assert model.interventions()["kind"].tolist() == ["event"]

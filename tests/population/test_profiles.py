"""Five people whose days differ: each plan is whole, and the nurse's is turned round."""

from __future__ import annotations

import pytest

from mesa_llm_city import City, CityModel
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.population import PROFILES, profile


@pytest.fixture(scope="module")
def week() -> CityModel:
    """Return a model in which the five have lived a week."""
    city = City.synthetic(places=400)
    homes, offices = city.supply(Purpose.SLEEP).places, city.supply(Purpose.WORK).places
    people = [
        profile(name, home=int(homes[row]), work=None if "retired" in name else int(offices[row]))
        for row, name in enumerate(PROFILES)
    ]
    model = CityModel(city, people, rng=4)
    model.run_days(7)
    return model


@pytest.mark.slow
@pytest.mark.parametrize("name", PROFILES)
def test_the_week_adds_up_and_holds_enough_sleep(week: CityModel, name: str) -> None:
    done = week.activities()
    own = done[done["person"] == PROFILES[name].id]
    minutes = (own["end"] - own["start"]).dt.total_seconds() / 60.0
    assert minutes.sum() == 7 * 1440
    asleep = minutes[own["purpose"] == "sleep"].sum() / 7 / 60
    assert 6.0 <= asleep <= 9.6


def test_the_nurse_works_at_night_and_sleeps_by_day(week: CityModel) -> None:
    done = week.activities()
    own = done[done["person"] == PROFILES["night-shift nurse"].id]
    works = own[own["purpose"] == "work"]["start"].dt.hour
    sleeps = own[own["purpose"] == "sleep"]["start"].dt.hour
    assert works.isin([21, 22, 23, 0, 1, 2, 3]).all()
    assert sleeps.between(5, 11).mean() > 0.7


def test_who_works_at_home_stays_there() -> None:
    designer = profile("freelance designer", home=9, work=40)
    assert designer.work == designer.home == 9

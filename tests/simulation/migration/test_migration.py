"""Households of a city leave and come, as a component decides."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city import City, CityModel, Clock, Persona, Population
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.sampled_clock import SampledClock
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.household_move import HouseholdMigration
from mesa_llm_city.migration.origins import Background, Origins, Settlement
from mesa_llm_city.migration.personas import ColumnSource, PersonaMapping
from mesa_llm_city.migration.survey.shipped import chfs
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.migration.register import AwayHousehold, AwayRegister
from mesa_llm_city.simulation.reseeding import reseed

CITY = City.synthetic(rng=1, places=300)
PEOPLE = tuple(Population.synthesize(12, city=CITY, rng=1))
MAPPING = PersonaMapping(schema=chfs(), sources={"age": ColumnSource(property="age")})
NOWHERE = frozenset({"social", "memory", "needs", "perception", "goals", "mood", "reflection"})
ONE_YEAR = CityParameters().with_(
    "migration.decision", {"years_at_risk": 1.0, "years_at_home": 1.0}
)


class Constant:
    """A model that gives everybody the same probability of being home."""

    def __init__(self, p: float) -> None:
        self.p = p

    def predict_proba(self, table: SurveyTable) -> Float:
        return np.tile([1.0 - self.p, self.p], (len(table), 1))


def component(p: float, **options: object) -> HouseholdMigration:
    decision = MigrationDecision(ONE_YEAR, model=Constant(p), name="constant")
    return HouseholdMigration(MAPPING, decision, **options)  # type: ignore[arg-type]


def town(
    p: float, people: tuple[Persona, ...] = PEOPLE, years: int = 0, **options: object
) -> CityModel:
    """Return a town after the decisions of some years, in which households go home with `p`."""
    model = CityModel(
        CITY,
        people,
        rng=3,
        clock=SampledClock(days_per_year=1, step_min=1440),
        components={"migration": component(p, **options)},
        without=NOWHERE,
    )
    for day in range(1, years + 1):
        model.migration.decide_due(day * DAY_MIN)  # nothing else happens in these years
    return model


def able(people: tuple[Persona, ...]) -> set[int]:
    """Return the households in which somebody has an age at which people decide."""
    return {one.household.id for one in people if 16 <= one.age <= 60}


def test_who_leaves_is_kept_with_when_where_and_why() -> None:
    village = Settlement(name="village 1", wage=20e3)
    backgrounds = {one.id: Background(hometown="village 1") for one in PEOPLE}
    origins = Origins(city=None, hometowns=(village,), backgrounds=backgrounds)
    model = town(1.0, years=1, origins=origins)
    away = model.migration.away.to_frame()
    gone = able(PEOPLE)
    assert set(away["household"]) == gone
    assert {one.persona.household.id for one in model.citizens} & gone == set()
    assert set(away["person"]) == {one.id for one in PEOPLE if one.household.id in gone}
    assert set(away["place"]) == {"village 1"}
    since = away.drop_duplicates("household").set_index("household")["since"]
    moved = model.migration.moves().set_index("household")["date"]
    assert since.to_dict() == moved.to_dict()
    assert away["reason"].str.startswith("by constant").all()
    moves = model.migration.moves()
    assert moves["people"].sum() == len(away)
    assert set(moves["origin"]) == {"the city"}
    assert moves["date"].nunique() > 1


def test_decisions_tell_source_and_reason_of_everybody_who_took_part() -> None:
    model = town(0.3, years=2)
    decisions = model.decisions()
    made = decisions[decisions["component"] == "migration"]
    assert set(made["source"]) == {"constant"}
    assert {"stay in the city", "move to elsewhere"} <= set(made["choice"])
    assert made["reason"].str.contains(r"risk 0\.300 a year, p 0\.300").any()
    moved = made[made["choice"] == "move to elsewhere"]
    assert moved["reason"].str.startswith("by constant").all()
    assert len(moved) == sum(
        16 <= one.age <= 60
        for household in model.migration.moved
        if household.destination == "elsewhere"
        for one in PEOPLE
        if one.household.id == household.household
    )


def test_one_more_household_changes_nobody_elses_decision() -> None:
    some = tuple(one for one in PEOPLE if one.household.id != PEOPLE[0].household.id)
    fewer, more = town(0.4, some, years=3), town(0.4, years=3)
    own = PEOPLE[0].household.id
    assert [one[:5] for one in more.migration.moved if one.household != own] == [
        one[:5] for one in fewer.migration.moved
    ]
    assert len(fewer.migration.moved) > 0


def test_others_arrive_as_households_and_nobody_else_is_touched() -> None:
    family = min(able(PEOPLE))
    others = tuple(one for one in PEOPLE if one.household.id != family)
    model = town(0.0, others)
    model.migration.keep_away([one for one in PEOPLE if one.household.id == family])
    assert model.migration.away.people == len(PEOPLE) - len(others)
    model.step()
    assert len(model.migration.away) == 0
    (move,) = model.migration.moved
    assert (move.origin, move.destination) == ("elsewhere", "the city")
    # The family decided within the first year, before anybody there was a year older.
    came = {agent.person: agent.age for agent in model.citizens}
    for one in PEOPLE:
        assert came[one.id] == one.age


def test_a_household_goes_and_comes_back_with_the_same_ids() -> None:
    model = town(0.5, years=8)
    frame = model.migration.moves()
    back = frame[frame["destination"] == "the city"]
    assert len(back) > 0
    living = {agent.person for agent in model.citizens}
    away = set(model.migration.away.to_frame()["person"])
    assert living | away == {one.id for one in PEOPLE}
    assert not living & away
    trips = frame.groupby("household")["origin"].apply(list)
    for origins in trips:  # by turns
        assert origins == ["the city", "elsewhere"] * (len(origins) // 2) + ["the city"] * (
            len(origins) % 2
        )


def test_a_life_event_brings_a_decision_forward() -> None:
    model = CityModel(
        CITY,
        PEOPLE,
        rng=3,
        clock=Clock(step_min=1440),
        components={"migration": component(1.0)},
        without=NOWHERE,
    )
    first, second = sorted(able(PEOPLE))[:2]
    worker = next(one for one in model.citizens if one.persona.household.id == first)
    model.registration.history.note(worker.persona, "birth", at_min=0)
    model.migration.reconsider([second])
    model.migration.decide_due(DAY_MIN)
    assert [one.id for one in model.migration.away] == [first, second]


def test_the_component_of_the_oldest_member_decides_for_the_household() -> None:
    stays, goes = component(0.0), component(1.0)
    family = min(able(PEOPLE))

    def made(persona: Persona) -> HouseholdMigration:
        return goes if persona.household.id == family else stays

    model = CityModel(
        CITY,
        PEOPLE,
        rng=3,
        clock=SampledClock(days_per_year=1, step_min=1440),
        components={"migration": made},
        without=NOWHERE,
    )
    model.step()
    assert [one.id for one in model.migration.away] == [family]


def test_a_model_without_the_component_says_so() -> None:
    model = CityModel(CITY, PEOPLE[:2], rng=3)
    with pytest.raises(ConfigError, match="nobody decides about moving away here"):
        _ = model.migration


def test_who_lives_in_the_city_cannot_be_entered_as_away() -> None:
    with pytest.raises(ConfigError, match="lives in the city"):
        town(0.0).migration.keep_away(PEOPLE)


def test_a_household_of_which_some_are_away_decides_in_the_city_and_follows_them() -> None:
    family = next(one for one in PEOPLE if one.household.id in able(PEOPLE))
    model = town(1.0)
    relative = replace(family, id=999)
    model.migration.keep_away([relative], place="the hills")
    assert not model.migration.household(family.household.id).is_home
    model.migration.decide_due(DAY_MIN)
    household = model.migration.away[family.household.id]
    assert household.place == "the hills"
    assert {relative.id, family.id} <= {one.id for one in household.people}


@pytest.mark.slow
def test_a_pickled_model_goes_on_in_the_same_way() -> None:
    model = town(0.4)
    copied = pickle.loads(pickle.dumps(model))
    for one in (model, copied):
        one.step()
    assert copied.digest() == model.digest()
    assert copied.migration.moved == model.migration.moved


def test_ages_of_those_away_count_whole_years() -> None:
    away = AwayHousehold(people=PEOPLE[:1], since=date(2024, 6, 15), place="village")
    ages = [away.aged(day)[0].age for day in (date(2025, 6, 14), date(2025, 6, 15))]
    assert ages == [PEOPLE[0].age, PEOPLE[0].age + 1]


def test_members_join_their_household_where_it_is() -> None:
    register = AwayRegister()
    one, other = PEOPLE[0], replace(PEOPLE[1], household=PEOPLE[0].household)
    register.enter([one], since=date(2024, 1, 1), place="village 1")
    register.enter([other], since=date(2026, 1, 1), place="village 2")
    (household,) = register
    assert household.place == "village 1"
    assert [who.age for who in household.people] == [one.age + 2, other.age]
    assert register.people == 2


def test_the_state_survives_json() -> None:
    village = Settlement(name="village 1", wage=20e3)
    backgrounds = {one.id: Background(hometown="village 1", answers={"hukou": 1}) for one in PEOPLE}
    origins = Origins(hometowns=(village,), backgrounds=backgrounds)
    model, other = town(0.7, years=1, origins=origins), town(0.7)
    other.migration.restore(json.loads(json.dumps(model.migration.state())))
    assert list(other.migration.away) == list(model.migration.away) != []
    assert other.migration.moved == model.migration.moved
    assert other.migration.hometowns == {"village 1": village}
    assert other.migration.state() == model.migration.state()
    with pytest.raises(DataError, match="no state of a migration"):
        other.migration.restore({"away": 3})


def test_a_saved_model_goes_on_to_the_same_moves_and_the_same_calendar(tmp_path: Path) -> None:
    model = town(0.6)
    model.step()
    model.save(tmp_path / "saved")
    loaded = CityModel.load(tmp_path / "saved", components={"migration": component(0.6)})
    assert loaded.clock == model.clock
    for one in (model, loaded):
        one.step()
    assert loaded.migration.moved == model.migration.moved != []
    assert loaded.digest() == model.digest()


def test_another_seed_draws_other_decisions_on_the_same_dates() -> None:
    plain, other = town(0.5), town(0.5)
    reseed(other, 99)
    for one in (plain, other):
        for day in range(1, 4):
            one.migration.decide_due(day * DAY_MIN)
    moved = [
        [(move.date, move.household) for move in one.migration.moved] for one in (plain, other)
    ]
    assert moved[0] != moved[1]
    dates = {household: when for when, household in moved[0] if when.year == 2024}
    assert all(when == dates[one] for when, one in moved[1] if one in dates and when.year == 2024)

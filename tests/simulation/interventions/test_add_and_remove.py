"""Households are added and removed at a time, and places are closed for good."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from mesa_llm_city import Population
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.simulation.interventions import add, read_interventions, remove
from tests.motion import assert_true, few_people, tiny_city, tiny_town


def others() -> pd.DataFrame:
    """Return a table of three people whose ids are their own."""
    table = Population.synthesize(3, city=tiny_city(), rng=9).to_frame()
    return table.assign(id=table["id"] + 100, household_id=table["household_id"] + 100)


def test_households_come_at_their_time() -> None:
    plan = [add(at="day 1 02:00", households=2, text="new homes"), add(at=180, people=others())]
    model = tiny_town(interventions=plan)
    model.step()
    assert len(model.citizens) == 20
    for _ in range(4):
        model.step()
    assert_true(model)
    arrived = model.events()
    assert set(arrived["time"].dt.hour) == {2, 3}
    assert {100, 101, 102} <= set(model.residents.by_id)
    assert model.interventions()["people"].tolist() == [len(arrived) - 3, 3]
    assert model.interventions()["target"].str.endswith("households").all()


def test_people_leave_with_their_households_or_alone() -> None:
    first = few_people()[0]
    members = [one.id for one in few_people() if one.household.id == first.household.id]
    together = tiny_town(interventions=[remove(at=60, agents={"ids": [first.id]})])
    alone = tiny_town(interventions=[remove(at=60, agents={"ids": [first.id]}, alone=True)])
    for model, gone in ((together, members), (alone, [first.id])):
        model.step()
        model.step()
        assert sorted(model.events()["person"]) == gone
        assert_true(model)
    assert len(members) > 1


def test_a_place_that_is_removed_stays_closed() -> None:
    place = next(one.work for one in few_people() if one.is_employed and one.work != one.home)
    assert place is not None
    model = tiny_town(interventions=[remove(at="day 1 06:00", place=place)])
    model.run_days(1)
    at_work = model.activities().query("place == @place and purpose == 'work'")
    assert at_work.empty
    assert model.world.closures.is_closed(place, 10**6)


def test_they_can_be_written_down_and_read_again() -> None:
    given = [add(at=5, people=others()), remove(at=9, agents={"age": [65, 120]})]
    data = json.loads(json.dumps([one.to_dict() for one in given]))
    assert [one.to_dict() for one in read_interventions(data)] == data


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (add(at=5), "give either households, a number, or people, a table"),
        (add(at=5, households=0), "households must be a whole number from 1 to 1000000, got 0"),
        (add(at=5, people=few_people().to_frame()), "ids 0, 1, 2, 3, 4 are those of people"),
        (add(at=5, people="nowhere.csv"), "nowhere.csv"),
        (remove(at=5), "there is no target; give place"),
        (remove(at=5, agents={"ag": 3}), "agents.ag: there is no such condition"),
        (remove(at=5, place=3, agents={"age": 3}), "give either agents or places"),
        (remove(at=5, place=3, minutes=9), "minutes does not belong to what is for good"),
    ],
)
def test_what_is_wrong_is_told_when_the_model_is_made(wrong: object, told: str) -> None:
    with pytest.raises(DataError, match=told):
        tiny_town(interventions=[wrong])

"""Messages, surveys, interventions and reporters reach the rows of a crowd."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import mesa
import numpy as np
import pytest

from mesa_llm_city import City, CityModel, Clock, Crowd, Population
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.simulation import interventions
from mesa_llm_city.simulation.saving import restored, snapshot
from mesa_llm_city.simulation.surveys import SurveyQuestion

MORNING = 96


@cache
def town() -> City:
    return City.synthetic(rng=3, places=300)


def model_with(rows: int = 60, citizens: int = 0, *, steps: int = 0) -> CityModel:
    people = Population.synthesize(citizens, city=town(), rng=7) if citizens else []
    model = CityModel(town(), people, rng=7, crowd=Crowd(rows))
    walk(model, steps)
    return model


def walk(model: CityModel, steps: int) -> CityModel:
    for _ in range(steps):
        model.step()
    return model


@cache
def warned() -> CityModel:
    """Return a model whose rows and citizens were told of a flood half an hour ago."""
    model = model_with(citizens=6, steps=MORNING)
    model.tell(None, "The river rises", danger=0.9, zone=[0, 1], topic="flood", channel="phone")
    return walk(model, 6)


def test_all_rows_hear_what_everybody_is_told() -> None:
    told = warned().crowd.heard()
    assert told["text"].tolist() == ["The river rises"]
    awake = 60 - warned().crowd.doing["sleep"]
    assert told["heard"][0] >= awake > 20
    kinds = ["flee", "stay_in", "replan", "inform", "continue"]
    assert told[kinds].sum(axis=1)[0] == told["heard"][0] >= told["believed"][0]


def test_who_flees_is_at_a_place_out_of_danger_until_it_is_over() -> None:
    model = warned()
    walk(model, 30)
    crowd, heard = model.crowd, model.crowd.news.heard["flood"]
    left = crowd.rows[heard.avoids[crowd.rows] & ~crowd.values("is_travelling")]
    home = crowd.people.home[left]
    endangered = np.isin(model.city.places.zone[home], [0, 1])
    assert endangered.any()
    assert not np.isin(model.city.places.zone[crowd.state.place[left]], [0, 1]).any()


def test_a_message_for_some_reaches_nobody_else_before_it_is_passed_on() -> None:
    model = model_with(steps=MORNING)
    young = model.crowd.select("age", lambda age: age < 30)
    model.tell({"age": [0, 29]}, "A concert tonight", source="media", channel="phone")
    waiting = np.flatnonzero(model.crowd.news.waiting)
    assert 0 < len(waiting) <= len(young)
    assert np.isin(waiting, young).all()


def test_rows_tell_citizens_whom_they_know() -> None:
    model = model_with(steps=MORNING)
    crowd = model.crowd
    agent = model.promote(int(crowd.rows[5]))
    assert crowd.meetings is not None
    knows = crowd.rows[(crowd.meetings.known.ties.other[crowd.rows] == agent.person).any(axis=1)]
    told = [crowd[int(row)] for row in knows]
    model.tell(told, "Leave", danger=1.0, zone=list(range(len(model.city.zones))), topic="fire",
               channel="in_person")  # fmt: skip
    walk(model, 6)
    assert set(model.messages()["sender"].dropna()) <= {one.person for one in told}
    assert len(model.messages()) > 0


def test_a_model_saved_in_the_middle_of_a_warning_goes_on_as_it_would_have() -> None:
    model = model_with(30, steps=MORNING)
    model.tell(None, "A storm", danger=0.9, topic="storm")
    walk(model, 2)
    copy = restored(snapshot(model))
    for one in (model, copy):
        walk(one, 8)
    assert copy.crowd.digest() == model.crowd.digest()
    assert copy.crowd.heard().equals(model.crowd.heard())


def test_a_hurricane_is_told_to_rows_who_stay_in() -> None:
    peak = datetime.fromisoformat("2024-04-03T12:00")
    given = interventions.hurricane_interventions(peak, clock=Clock())
    tell = given[0]
    model = model_with(30, steps=MORNING)
    model.intervene(interventions.Tell(text=tell.text, danger=tell.danger, topic=tell.topic))
    walk(model, 24)
    told = model.crowd.heard()
    assert told["stay_in"][0] > 0
    assert model.interventions()["people"].tolist() == [30]


def test_a_rule_over_columns_answers_a_survey_of_rows_and_changes_nothing() -> None:
    model = warned()
    before = model.crowd.digest()
    asked = model.crowd.survey(
        "How do you feel?", scale=(0, 10), rule=lambda crowd, rows: np.rint(
            5 + 5 * crowd.values("mood", rows))
    )  # fmt: skip
    assert len(asked) == len(model.crowd)
    assert asked["answer"].between(0, 10).all()
    assert asked["person"].tolist() == model.crowd.values("person").tolist()
    assert model.crowd.digest() == before


def test_a_survey_of_some_rows_names_a_column_and_words_of_answers() -> None:
    model = warned()
    ages = model.survey("How old are you?", rule="age", agents=model.crowd)  # type: ignore[arg-type]
    assert ages["answer"].tolist() == model.crowd.values("age").tolist()
    old = model.crowd.survey(
        "Do you drive?",
        scale=["yes", "no"],
        rule=lambda crowd, rows: np.where(crowd.people.has_car[rows], 1.0, np.nan),
        agents={"age": [18, 60]},
    )
    assert set(old["label"]) == {"yes", ""}
    assert old["answer"].isna().equals(old["reason"] == "no answer")


def test_what_is_no_answer_of_rows_is_told() -> None:
    crowd = warned().crowd
    with pytest.raises(ConfigError, match="one answer for each of"):
        crowd.survey("?", rule=lambda _, rows: rows[:1])
    with pytest.raises(ConfigError, match="11"):
        crowd.survey("?", scale=(0, 10), rule=lambda _, rows: np.full(len(rows), 11))
    matrix = SurveyQuestion(
        name="m", text="?", kind="matrix", low=0, high=1, items=(("a", "A"), ("b", "B"))
    )
    with pytest.raises(ConfigError, match="one by one"):
        crowd.survey(matrix, rule="age")


def test_households_of_rows_come_and_leave_by_interventions() -> None:
    model = model_with(steps=2)
    model.intervene({"kind": "add", "households": 3, "as_rows": True})
    model.step()
    came = len(model.crowd) - 60
    assert came >= 3
    gone = int(model.crowd.values("person")[0])
    house = model.crowd.values("household") == model.crowd.values("household")[0]
    model.intervene({"kind": "remove", "agents": [gone]})
    model.step()
    assert len(model.crowd) == 60 + came - int(house.sum())
    assert model.interventions()["people"].tolist() == [came, int(house.sum())]


def test_nobody_comes_as_a_row_where_there_is_no_crowd() -> None:
    model = CityModel(town(), [], rng=7)
    with pytest.raises(DataError, match="as_rows needs a crowd"):
        model.intervene({"kind": "add", "households": 1, "as_rows": True})


def test_rows_that_are_woken_think_at_once() -> None:
    model = model_with(steps=24)
    sleeping = model.crowd.doing["sleep"]
    model.intervene({"kind": "wake", "agents": {"age": [0, 120]}})
    model.step()
    assert model.crowd.doing["sleep"] < sleeping
    assert model.interventions()["people"].tolist() == [60]


def test_what_rows_do_is_reported_at_each_step() -> None:
    model = model_with(20, steps=3)
    frame = model.datacollector.get_model_vars_dataframe()
    doing = frame[[name for name in frame if name.startswith("crowd_doing_")]]
    assert doing.sum(axis=1).tolist() == [20, 20, 20]
    assert frame["crowd_trips"].tolist() == [0, 0, 0]
    plain = CityModel(town(), [], rng=7)
    assert not any("crowd" in name for name in plain.datacollector.model_reporters)


class Village(CityModel):
    """A model with a crowd whose size is swept."""

    def __init__(self, rows: int = 10, rng: int | None = None) -> None:
        super().__init__(town(), [], crowd=Crowd(rows), rng=rng)


def test_a_model_with_a_crowd_runs_in_a_batch_of_mesa() -> None:
    found = mesa.batch_run(
        Village, {"rows": [5, 9], "rng": [7]}, max_steps=3, display_progress=False
    )
    assert [row["rows"] for row in found] == [5, 9]
    assert [row["crowd_doing_sleep"] > 0 for row in found] == [True, True]


def test_who_becomes_a_citizen_and_a_row_again_still_knows_of_the_danger() -> None:
    model = model_with(steps=MORNING)
    model.tell(None, "Leave", danger=1.0, zone=[0, 1], topic="fire", channel="in_person")
    waiting = int(np.flatnonzero(model.crowd.news.waiting)[0])
    agent = model.promote(waiting)
    assert [one.text for one in agent.citizen.now.news] == ["Leave"]
    walk(model, 2)
    heard = model.crowd.news.heard["fire"]
    row = int(model.crowd.rows[heard.avoids[model.crowd.rows]][0])
    agent = model.promote(row)
    assert [one.avoids for one in agent.citizen.now.heard] == [True]
    again = model.demote(agent)
    assert model.crowd.news.heard["fire"].avoids[again]
    walk(model, 2)

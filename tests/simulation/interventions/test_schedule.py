"""Interventions are checked together, happen in their order, and are written down."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mesa_llm_city import CityModel, DataError
from mesa_llm_city.simulation.interventions import (
    Schedule,
    change,
    close,
    event,
    read_interventions,
    reopen,
    wake,
)
from tests.town import small_town, townspeople


def model_of(*interventions: object, people: int = 20) -> CityModel:
    return CityModel(
        small_town(),
        townspeople(people),
        rng=7,
        interventions=interventions,  # type: ignore[arg-type]
    )


def test_all_that_is_wrong_with_all_of_them_is_told_at_once() -> None:
    wrong = [
        close(zone="Atlantis", start="day 1 12:00"),
        close(place_kind="amenity=scool", start="day 1 12:00"),
        close(mode="zeppelin", start="day 1 12:00"),
        close(mode="walk", start="day 1 12:00"),
        close(start="day 1 12:00"),
        close(place=3, start="day 2 12:00", end="day 1 12:00"),
        close(place=3, start="soon"),
        close(place=10**6, start=0, grace_min=-1),
        wake(at="day 1 12:00", when="doing_rest > 3"),
        wake(when="trips >> 3"),
        wake(when="trip > 3"),
        wake(at=5, agents={"agee": 3}),
        wake(at=5, repeats=True),
        event(start=0),
        change(start=0),
        change(start=0, parameters={"population.hobbies.x": 1}, weather={"rain": 3}),
        change(start=0, parameters={"city.town.homes": 1}),
        change(start=0, hours="whenever", place=3),
    ]
    with pytest.raises(DataError) as caught:
        model_of(*wrong)
    told = {line.split(" (")[0] for line in caught.value.defects}
    assert told == {f"number {number}" for number in range(1, len(wrong) + 1)}
    assert "the zones" not in str(caught.value)
    assert "there is no zone 'Atlantis'" in str(caught.value)


@pytest.mark.parametrize("given", [close(zone=1), {"kind": "close", "zone": 1}])
def test_a_single_intervention_must_stand_in_a_list(given: Any) -> None:  # noqa: ANN401
    with pytest.raises(DataError, match=r"must be a list, such as \[close\(zone=1\)\], got"):
        read_interventions(given)


def test_the_name_of_a_file_is_to_be_read_first() -> None:
    with pytest.raises(DataError, match="read a file with read_intervention_file"):
        read_interventions("flood.toml")  # type: ignore[arg-type]


def test_unknown_kinds_and_keys_of_data_are_told_with_the_right_ones() -> None:
    given = [{"kind": "closes", "zone": 0}, {"kind": "close", "zones": 0}, {"zone": 0}, 3]
    with pytest.raises(DataError) as caught:
        model_of(*given)
    assert len(caught.value.defects) == 4
    assert "did you mean 'close'?" in caught.value.defects[0]
    assert "did you mean 'zone'?" in caught.value.defects[1]


def test_data_and_objects_are_the_same() -> None:
    objects = [
        close(zone="Old Town", start="day 2 12:00", minutes=60, text="flood"),
        wake(when="trips > 4", repeats=True, agents={"age": [18, 30]}),
        change(start=0, parameters={"modes.train.cost_per_trip": 0.5}),
    ]
    data = json.loads(json.dumps([one.to_dict() for one in objects]))
    assert data[0] == {
        "kind": "close",
        "zone": "Old Town",
        "start": "day 2 12:00",
        "minutes": 60,
        "text": "flood",
    }
    assert read_interventions(data) == tuple(objects)


def test_they_happen_at_the_next_full_five_minutes_ends_first() -> None:
    model = model_of(
        wake(at=12, text="second"),
        close(place=3, start=0, end=12, text="first"),
        wake(at=11, text="third", agents={"ids": []}),
    )
    for _ in range(4):
        model.step()
    rows = model.interventions()
    assert rows["kind"].tolist() == ["close", "wake", "end of close", "wake"]
    assert [int(one.minute) for one in rows["time"]] == [0, 15, 15, 15]


def test_a_condition_is_looked_at_once_a_step_and_holds_once_unless_it_repeats() -> None:
    class Counted(CityModel):
        looked = 0

    def is_odd_hour(model: CityModel) -> bool:
        assert isinstance(model, Counted)
        model.looked += 1
        return model.minute // 60 % 2 == 1

    model = Counted(
        small_town(),
        townspeople(20),
        rng=7,
        interventions=[
            wake(when=is_odd_hour, repeats=True, text="each"),
            wake(when="minute >= 100", text="once"),
        ],
    )
    for _ in range(5 * 12):
        model.step()
    rows = model.interventions()
    assert model.looked == 60
    assert rows.loc[rows["text"] == "each", "time"].dt.hour.tolist() == [1, 3]
    assert rows.loc[rows["text"] == "once", "time"].dt.strftime("%H:%M").tolist() == ["01:40"]


def test_a_closing_under_a_condition_lasts_its_minutes() -> None:
    model = model_of(close(place=3, when="minute >= 60", minutes=30))
    for _ in range(13):
        model.step()
    assert model.world.closures.is_closed(3, model.minute)
    for _ in range(8):
        model.step()
    assert not model.world.closures.active


def test_an_intervention_in_mid_run_happens_at_the_next_step() -> None:
    model = model_of()
    model.step()
    model.intervene(close(place=3), {"kind": "wake"})
    model.step()
    assert model.interventions()["kind"].tolist() == ["close", "wake"]
    with pytest.raises(DataError, match="lies before now"):
        model.intervene(wake(at=0))


def test_opening_takes_out_what_is_named_and_leaves_the_rest_closed() -> None:
    model = model_of(
        close(place=[3, 4], start=0, end=600),
        reopen(place=3, at=30),
        reopen(at=60),
    )
    for _ in range(7):
        model.step()
    closures = model.world.closures
    assert (closures.is_closed(3, 30), closures.is_closed(4, 30)) == (False, True)
    for _ in range(6):
        model.step()
    assert not closures.active
    for _ in range(120):
        model.step()
    assert model.interventions()["kind"].tolist() == ["close", "open", "open"]


def test_without_interventions_there_is_no_table_and_nothing_is_due() -> None:
    model = model_of()
    before = model.digest()
    assert len(model.interventions()) == 0
    assert before == CityModel(small_town(), townspeople(20), rng=7).digest()


def test_an_idle_list_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    model = model_of(*(wake(at=f"day {day} 12:00") for day in range(2, 30)))
    monkeypatch.setattr(Schedule, "live", None)
    monkeypatch.setattr(Schedule, "look", None)
    for _ in range(100):
        model.step()
    assert model.intervention_schedule.next_min == 1440 + 720


def test_what_lasts_goes_on_in_a_restored_model() -> None:
    given = [
        close(zone="Old Town", start=60, end=600),
        close(place=[3, 4], start=0),
        close(mode="car", start=0),
        reopen(place=3, mode="car", at=30),
        change(start=60, end=120, parameters={"modes.train.cost_per_trip": 0.5}),
        change(start=60, weather={"rain_mm_h": 9.0}),
        event(name="fair", place=5, start=60, end=90),
        wake(when="minute >= 300"),
    ]
    model, other = model_of(*given), model_of(*given)
    for _ in range(14):
        model.step()
    state = json.loads(json.dumps(model.intervention_schedule.state()))
    other.minute = model.minute
    other.intervention_schedule.restore(other, state)
    assert other.intervention_schedule.state() == state
    assert not other.world.closures.modes
    assert other.world.closures.state() == model.world.closures.state()
    assert other.parameters.modes["train"].cost_per_trip == 0.5
    assert other.world.weather(70).rain_mm_h == 9.0
    assert [one.name for one in other.world.events] == ["fair"]
    assert other.intervention_schedule.next_min == 90

"""Traits: the same people low and high, what they do, and the verdict beside what is published."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city import CityModel, Population
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.traits import SIGNS, check_traits, with_trait
from mesa_llm_city.experiments.traits.folder import write_traits
from mesa_llm_city.experiments.traits.signs import BEHAVIOURS, behaviour_table
from mesa_llm_city.experiments.traits.trait_check import TraitCheck, correlation_of, gap_of
from mesa_llm_city.population import BigFive
from tests.town import small_town, townspeople

PEOPLE_SEED = 3


def _town(people: Population, seed: int) -> CityModel:
    return CityModel(small_town(), people, rng=seed)


@pytest.fixture(scope="module")
def checked() -> TraitCheck:
    """Return what extraversion changes among 60 people on a day."""
    return check_traits(
        _town,
        townspeople(60),
        city=small_town(),
        traits=["extraversion"],
        days=1,
        people_seed=PEOPLE_SEED,
    )


def test_without_a_change_people_stay_who_they_are() -> None:
    people = townspeople()
    same = with_trait(people, "openness", {}, city=small_town(), seed=PEOPLE_SEED)
    assert tuple(same) == tuple(people)


def test_another_level_changes_preferences_and_neither_home_nor_work() -> None:
    people = townspeople()
    given = {one.id: 3 for one in people}
    outgoing = with_trait(people, "extraversion", given, city=small_town(), seed=PEOPLE_SEED)
    given = dict.fromkeys(given, 1)
    reserved = with_trait(people, "extraversion", given, city=small_town(), seed=PEOPLE_SEED)
    assert {one.big_five.extraversion for one in outgoing} == {3}
    for one, other in zip(outgoing, reserved, strict=True):
        assert (one.home, one.work, one.age, one.name) == (
            other.home, other.work, other.age, other.name
        )  # fmt: skip
        assert one.preferences.get("social", 0.0) >= other.preferences.get("social", 0.0)
    assert any(
        one.preferences != other.preferences for one, other in zip(outgoing, reserved, strict=True)
    )


def test_behaviour_is_counted_per_person_and_day() -> None:
    model = _town(townspeople(), 7)
    model.run_days(1)
    ids = np.array([one.id for one in townspeople()])
    found = behaviour_table(model, ids)
    assert set(found) == set(BEHAVIOURS)
    frames = model.frames()
    sport = frames["activities"].query("purpose == 'sport'")
    assert found["sport_min"].sum() == pytest.approx(
        (sport["end"] - sport["start"]).dt.total_seconds().sum() / 60.0
    )
    # Each conversation has two sides.
    assert found["conversations"].sum() == 2 * len(frames["conversations"])


def test_outgoing_people_talk_more_by_rule(checked: TraitCheck) -> None:
    row = checked.effects.set_index("behaviour").loc["conversations"]
    assert row["verdict"] == "as published"
    assert row["from"] > 0.0
    assert row["people"] == sum(one.age >= 18 for one in townspeople(60))


def test_every_behaviour_has_a_row_and_only_published_ones_a_verdict(checked: TraitCheck) -> None:
    assert checked.effects["behaviour"].tolist() == list(BEHAVIOURS)
    known = {one.behaviour for one in SIGNS if one.trait == "extraversion"}
    assert set(checked.effects.query("verdict != ''")["behaviour"]) == known


def test_a_gap_and_the_correlation_that_gives_it_are_one() -> None:
    # Thirds of a normal trait lie 2.18 SD apart: r = .23 is .52 SD of the rest.
    assert float(gap_of(0.23)) == pytest.approx(0.5156, abs=1e-4)
    assert correlation_of(gap_of([-0.11, 0.0, 0.5])).tolist() == pytest.approx([-0.11, 0.0, 0.5])


def test_results_tell_who_decided(checked: TraitCheck, tmp_path: Path) -> None:
    home = write_traits(checked, tmp_path / "traits", facts={"seeds": 1})
    manifest = json.loads((home / "manifest.json").read_text())
    assert (manifest["decided_by"], manifest["seeds"]) == ("rules", 1)
    assert (home / "traits.png").stat().st_size > 10_000
    assert "conversations a day" in checked.text()
    assert "is no finding" in checked.text()
    assert "is no finding" not in replace(checked, decided_by="m").text()


def test_what_cannot_be_checked_is_refused() -> None:
    with pytest.raises(ConfigError, match="no trait 'extravert'; did you mean 'extraversion'"):
        check_traits(_town, townspeople(), city=small_town(), traits=["extravert"])
    with pytest.raises(ConfigError, match="at least 20 adults"):
        check_traits(_town, townspeople(10), city=small_town())


def test_signs_are_of_known_traits_and_behaviours() -> None:
    for one in SIGNS:
        assert one.trait in BigFive._fields
        assert one.behaviour in BEHAVIOURS
        assert one.source

"""What is left out of a fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.calibration.held_out import (
    HALF,
    NONE,
    overlap,
    split_departures,
    split_modes,
    split_popularity,
    split_time_use,
)
from mesa_llm_city.experiments.observed.departures import read_departures
from mesa_llm_city.experiments.observed.modes import read_modes
from mesa_llm_city.experiments.observed.popularity import read_popularity
from mesa_llm_city.experiments.observed.respondents import Respondents
from mesa_llm_city.experiments.observed.time_use import ObservedTimeUse, read_time_use


@pytest.fixture
def survey(tmp_path: Path) -> ObservedTimeUse:
    groups = [("all", "15+"), *((sex, age) for sex in ("all", "male") for age in AGES)]
    rows = [
        f"{sex},{age},{activity},720" for sex, age in groups for activity in ("sleep", "leisure")
    ]
    file = tmp_path / "time_use.csv"
    file.write_text("\n".join(["sex,age,activity,mean_min", *rows]), encoding="utf-8")
    return read_time_use(file)


AGES = ("15-24", "25-44", "45-64", "65+")


def _who(part: ObservedTimeUse | None) -> list[str]:
    return [] if part is None else [str(cell.respondents) for cell in part.cells]


def test_every_second_age_group_is_left_out_and_groups_of_both_are_not_used(
    survey: ObservedTimeUse,
) -> None:
    parts = split_time_use(survey, [HALF])
    assert _who(parts.fitted) == ["15-24", "45-64", "male, 15-24", "male, 45-64"]
    assert _who(parts.left_out) == ["25-44", "65+", "male, 25-44", "male, 65+"]
    assert parts.names == ("25-44", "65+")
    assert parts.unused == ("15+",)


def test_named_groups_are_left_out_or_none(survey: ObservedTimeUse) -> None:
    parts = split_time_use(survey, ["male, 15-24", "65+"])
    assert _who(parts.left_out) == ["65+", "male, 15-24", "male, 65+"]
    assert parts.unused == ("15+", "15-24")
    assert split_time_use(survey, [NONE]).left_out is None


def test_something_must_be_left_to_fit(survey: ObservedTimeUse) -> None:
    with pytest.raises(ConfigError, match=r"nothing of time_use\.csv is left to fit"):
        split_time_use(survey, AGES)


def test_rows_overlap_if_they_may_be_about_the_same_day() -> None:
    assert overlap(Respondents(employment="employed"), Respondents(employment="part"))
    assert not overlap(Respondents(employment="none"), Respondents(employment="employed"))
    assert not overlap(Respondents(day_type="weekday"), Respondents(day_type="weekend"))
    assert overlap(Respondents(day_type="sunday"), Respondents(day_type="weekend"))


def test_every_second_curve_class_and_place(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("day_type,hour,trips\nweekday,8,1\nweekend,9,1\n", encoding="utf-8")
    curves = split_departures(read_departures(file), [HALF])
    assert curves.names == ("weekend",)
    assert len(curves.fitted.curves) == 1
    rows = [f"{mode},{low},{low + 1},0.5" for low in (0, 1, 2) for mode in ("walk", "car")]
    file.write_text("\n".join(["mode,from_km,to_km,share", *rows, "walk,,,1"]), encoding="utf-8")
    classes = split_modes(read_modes(file, ("walk", "car")), [HALF])
    assert classes.names == ("1-2 km",)
    assert [str(band) for band in classes.fitted.shares] == ["0-1 km", "2-3 km"]
    assert classes.unused == ("all trips",)
    file.write_text("id,n_users\na,1\nb,2\nc,3\nd,4\n", encoding="utf-8")
    places = split_popularity(read_popularity(file), [HALF], np.array([0, 1, 3]))
    # The third is not in the run: kinds are learnt from it in both parts.
    assert places.fitted.ids == ("a", "c", "d")
    assert places.left_out is not None
    assert places.left_out.ids == ("b", "c")

"""Tables of rows: what is going on, what is streamed, and samples."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from mesa_llm_city import City, CityModel, Crowd
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.records import RecordOptions

DAY_STEPS = 288


@cache
def town() -> City:
    return City.synthetic(rng=3, places=300)


def lived(crowd: Crowd, steps: int = DAY_STEPS) -> CityModel:
    model = CityModel(town(), [], rng=7, crowd=crowd)
    for _ in range(steps):
        model.step()
    return model


@cache
def day() -> CityModel:
    return lived(Crowd(60, tables=True))


def test_activities_fill_the_day_of_every_row_until_now() -> None:
    stays = day().crowd.activities()
    length = (stays["end"] - stays["start"]).dt.total_seconds() / 60.0
    assert length.groupby(stays["person"]).sum().tolist() == [1440.0] * 60


def test_counts_by_the_hour_hold_what_is_going_on() -> None:
    crowd = day().crowd
    assert crowd.hourly_activity()["person_min"].sum() == 60 * 1440


def test_flows_between_zones_are_the_trips_that_have_ended() -> None:
    crowd = day().crowd
    assert crowd.zone_flows()["trips"].sum() == crowd.trips_ended == len(crowd.trips()) > 0


def test_tables_that_are_streamed_are_the_same_as_those_in_memory(tmp_path: Path) -> None:
    options = RecordOptions(stream=tmp_path / "rows")
    streamed = lived(Crowd(60, tables=True, records=options)).crowd
    whole = day().crowd
    assert streamed.records.stream is not None
    assert (tmp_path / "rows").is_dir()
    for name in ("activities", "trips", "visits"):
        parts = pd.concat(streamed.part_frames(name), ignore_index=True)
        in_order = ["person", "start"]
        expected = getattr(whole, name)().sort_values(in_order, ignore_index=True)
        pd.testing.assert_frame_equal(parts.sort_values(in_order, ignore_index=True), expected)
    assert streamed.digest() == whole.digest()


def test_a_sample_of_the_rows_keeps_their_whole_days() -> None:
    sampled = lived(Crowd(60, tables=True, records=RecordOptions(sample=0.3))).crowd
    kept = sampled.activities()
    whole = day().crowd.activities()
    persons = set(kept["person"])
    assert 0 < len(persons) < 60
    assert len(kept) == whole["person"].isin(persons).sum()
    assert sampled.hourly_modes()["trips"].sum() == day().crowd.trips_ended


def test_a_crowd_without_tables_says_how_to_keep_them() -> None:
    crowd = lived(Crowd(5), steps=1).crowd
    with pytest.raises(ConfigError, match="trips of the crowd are not kept"):
        crowd.trips()

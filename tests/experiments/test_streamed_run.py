"""Runs whose tables are streamed: the same results in parts, also after a run was broken off."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments import run_records
from mesa_llm_city.experiments.inputs import read_city, read_people
from mesa_llm_city.experiments.options import OptionsError, RunOptions
from mesa_llm_city.experiments.run_records import (
    begin_records,
    check_records,
    keeping_records,
    records_of,
)
from mesa_llm_city.experiments.saved_run import read_manifest
from mesa_llm_city.experiments.saved_sample import of_sample, sample_of
from mesa_llm_city.experiments.saved_tables import read_table
from mesa_llm_city.experiments.simulate import build_model
from mesa_llm_city.experiments.simulation_run import run
from mesa_llm_city.experiments.validation.run_tables import RunTables
from mesa_llm_city.simulation.model import CityModel
from tests.streamed_runs import PEOPLE, SMALL_PARTS, streamed_runs
from tests.town import small_town, townspeople

TABLES = ("activities", "trips", "visits", "conversations", "insights", "decisions", "needs")


def options(folder: Path, *, sample_persons: Any = 1.0, stream: bool = False) -> RunOptions:  # noqa: ANN401 - also what is refused
    return RunOptions(citizens=PEOPLE, out=folder, stream=stream, sample_persons=sample_persons)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the runs."""
    return streamed_runs(tmp_path_factory.getbasetemp())


def test_a_run_in_parts_has_the_tables_and_the_manifest_of_one_in_files(runs: Path) -> None:
    files, parts = read_manifest(runs / "files"), read_manifest(runs / "parts")
    assert len(list((runs / "parts" / "activities").iterdir())) > 2
    assert parts.pop("records") == {"in_parts": True, "sample": None}
    del files["cpu_s"], parts["cpu_s"]
    assert parts == files
    for name in TABLES:
        whole, joined = (read_table(runs / one, name) for one in ("files", "parts"))
        pd.testing.assert_frame_equal(whole, joined, check_categorical=False)


def test_nothing_is_left_beside_a_run_that_is_complete(runs: Path) -> None:
    assert sorted(one.name for one in runs.iterdir()) == ["files", "parts", "some"]


def test_columns_and_rows_of_one_person_are_read_alone(runs: Path) -> None:
    for folder in (runs / "files", runs / "parts"):
        frame = read_table(folder, "trips", ["mode", "person"])
        assert sorted(frame.columns) == ["mode", "person"]
        mine = read_table(folder, "activities", person=3)
        wanted = read_table(folder, "activities")
        wanted = wanted[wanted["person"] == 3].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, wanted, check_categorical=False)


def test_hourly_tables_are_of_everybody_in_every_run(runs: Path) -> None:
    for name in ("hourly_activity", "hourly_modes", "zone_flows"):
        frames = [read_table(runs / one, name) for one in ("files", "parts", "some")]
        pd.testing.assert_frame_equal(frames[0], frames[1])
        pd.testing.assert_frame_equal(frames[0], frames[2])
    minutes = read_table(runs / "some", "hourly_activity")["person_min"]
    assert minutes.sum() == PEOPLE * 24 * 60


def test_a_sample_is_told_by_the_manifest_and_measured_by_its_own_people(runs: Path) -> None:
    told = read_manifest(runs / "some")
    sample = sample_of(told)
    assert sample is not None
    people = read_table(runs / "some", "people")
    drawn = people["id"][sample.keeps(people["id"].to_numpy())].tolist()
    assert 0 < len(drawn) < PEOPLE
    assert told["records"] == {"in_parts": False, "sample": {"share": 0.5, "seed": 7}}
    assert told["digest"].startswith("sample-0.5:")
    trips = read_table(runs / "some", "trips")
    assert set(trips["person"]) <= set(drawn)
    rate = told["findings"]["trips_per_person_day"]
    assert rate == pytest.approx(len(trips) / len(drawn), abs=1e-4)
    assert RunTables.read(runs / "some", told).people["id"].tolist() == sorted(drawn)
    assert of_sample(people, read_manifest(runs / "parts")) is people


def test_a_manifest_that_tells_no_sample_rightly_is_refused() -> None:
    for wrong in ("all", {"sample": {"share": "x", "seed": 1}}, {"sample": {"share": 0.5}}):
        with pytest.raises(DataError, match="must tell share and seed"):
            sample_of({"records": wrong})


def test_validation_measures_parts_as_it_measures_files(runs: Path) -> None:
    files, parts = (
        RunTables.read(runs / one, read_manifest(runs / one)) for one in ("files", "parts")
    )
    for name in ("person", "start_min", "place", "purpose"):
        assert np.array_equal(getattr(files.activities, name), getattr(parts.activities, name))
    assert np.array_equal(files.trips.distance_m, parts.trips.distance_m)


def test_a_part_that_is_missing_or_damaged_is_named(runs: Path, tmp_path: Path) -> None:
    home = tmp_path / "copy"
    shutil.copytree(runs / "parts", home)
    (home / "trips" / "part-00000.parquet").write_bytes(b"no parquet")
    with pytest.raises(DataError, match="trips cannot be read"):
        read_table(home, "trips")
    (home / "activities" / "part-00001.parquet").unlink()
    with pytest.raises(DataError, match=r"part-00001\.parquet is missing"):
        read_table(home, "activities")


def test_options_of_whole_tables_are_those_of_earlier_versions(tmp_path: Path) -> None:
    assert "sample_persons" not in options(tmp_path / "x").to_dict()
    told = options(tmp_path / "x", sample_persons="0.5").to_dict()
    assert told["sample_persons"] == 0.5
    assert RunOptions(**told).sample_persons == 0.5


def test_options_tell_what_a_share_is(tmp_path: Path) -> None:
    for wrong in (0, 1.5, "many"):
        with pytest.raises(OptionsError, match="sample_persons"):
            options(tmp_path / "x", sample_persons=wrong)


def half_a_day(asked: RunOptions) -> CityModel:
    """Return the model of a run after half a day."""
    city = read_city(asked)
    model = build_model(asked, city, read_people(asked, city))
    begin_records(model, asked)
    for _ in range(144):
        model.step()
    return model


def interrupted(model: CityModel, asked: RunOptions) -> KeyboardInterrupt:
    """Return the error that breaks off the run of a model."""
    with pytest.raises(KeyboardInterrupt) as error, keeping_records(model, asked):
        raise KeyboardInterrupt
    return error.value


@pytest.mark.slow
def test_a_run_that_was_broken_off_keeps_its_parts_and_goes_on_from_its_save(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_records, "RecordOptions", SMALL_PARTS)
    asked = options(tmp_path / "x", stream=True)
    model = half_a_day(asked)
    model.save(tmp_path / "x.save")
    (told,) = interrupted(model, asked).__notes__
    assert "rows of needs until minute" in told
    with pytest.raises(ConfigError, match=r"x\.records is there already.*--from.*--force"):
        run(asked)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("matplotlib.figure.Figure.savefig", lambda *_, **__: None)
        folder = run(RunOptions(from_save=tmp_path / "x.save", out=tmp_path / "x"))
    digests = [read_manifest(one)["digest"] for one in (folder, runs / "files")]
    assert digests[0] == digests[1]
    # The save still needs them.
    assert (tmp_path / "x.records" / "needs").is_dir()


def test_a_run_that_was_broken_off_without_parts_leaves_nothing(tmp_path: Path) -> None:
    asked = options(tmp_path / "x", stream=True)
    model = CityModel(small_town(), townspeople(2), rng=7)
    begin_records(model, asked)
    assert records_of(tmp_path / "x").is_dir()
    interrupted(model, asked)
    assert not records_of(tmp_path / "x").exists()


def test_records_that_were_left_are_removed_by_force(tmp_path: Path) -> None:
    asked = options(tmp_path / "x", stream=True)
    records_of(tmp_path / "x").mkdir()
    check_records(asked.with_(force=True))
    assert not records_of(tmp_path / "x").exists()

"""Records in files: the same tables, bounded memory, and futures that never mix."""

from __future__ import annotations

import json
import shutil
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.records import RecordOptions, read_records
from mesa_llm_city.simulation.saving import restored, snapshot
from tests.town import small_town, townspeople

CHUNK, PEOPLE = 30, 8
HOURS = ("hourly_activity", "hourly_modes", "zone_flows")


def live(one: CityModel, hours: int) -> None:
    for _ in range(hours * 12):
        one.step()


def model(records: RecordOptions | None = None) -> CityModel:
    return CityModel(small_town(), townspeople(PEOPLE), rng=7, records=records)


@pytest.fixture(scope="module")
def in_memory() -> CityModel:
    """Return a model after half a day."""
    one = model()
    live(one, 12)
    return one


@pytest.fixture
def streamed(tmp_path: Path) -> CityModel:
    """Return the same with records in parts."""
    one = model(RecordOptions(stream=tmp_path / "rows", chunk_rows=CHUNK))
    live(one, 12)
    return one


def test_tables_and_digest_are_the_same_in_files_and_in_memory(
    in_memory: CityModel, streamed: CityModel
) -> None:
    for name, frame in in_memory.frames().items():
        pd.testing.assert_frame_equal(streamed.frames()[name], frame)
    for name in HOURS:
        pd.testing.assert_frame_equal(getattr(streamed, name)(), getattr(in_memory, name)())
    assert streamed.digest() == in_memory.digest()
    assert streamed.digest("day 1 08:00") == in_memory.digest("day 1 08:00")


def test_few_rows_are_in_memory(streamed: CityModel) -> None:
    for table in streamed.records.streamed.values():
        assert table.to_arrow(in_memory=True).num_rows <= CHUNK
    assert len(streamed.records.activities) > CHUNK


def test_rows_of_one_person_and_late_rows_are_read_from_files_too(
    in_memory: CityModel, streamed: CityModel
) -> None:
    for person in (0, 5, 999):
        mine = streamed.records.activities.to_frame(person=person)
        pd.testing.assert_frame_equal(mine, in_memory.records.activities.to_frame(person=person))
    late = streamed.records.trips.since(5)
    assert late["start"].tolist() == in_memory.records.trips.since(5)["start"].tolist()
    times = [one[0] for one in streamed.records.needs.since(9)]
    assert times == [9 * 60, 10 * 60, 11 * 60]


def test_the_hourly_counts_add_up_the_full_tables(in_memory: CityModel) -> None:
    done, trips, places = in_memory.activities(), in_memory.trips(), small_town().places
    minutes = (done["end"] - done["start"]).dt.total_seconds() / 60
    hours = in_memory.hourly_activity()
    by_purpose = hours.groupby("purpose", observed=True)["person_min"].sum()
    wanted = minutes.groupby(done["purpose"].astype(str)).sum()
    assert by_purpose.rename(index=str).to_dict() == wanted.to_dict()
    at = done["place"].to_numpy(dtype=np.int64, na_value=-1)
    zone = np.where(at < 0, -1, places.zone[at])
    assert (
        hours.groupby("zone")["person_min"].sum().to_dict() == minutes.groupby(zone).sum().to_dict()
    )
    modes = in_memory.hourly_modes().groupby("mode", observed=True)["trips"].sum()
    assert modes.rename(index=str).to_dict() == trips["mode"].astype(str).value_counts().to_dict()
    pairs = pd.Series(1, index=[places.zone[trips[one]] for one in ("origin", "destination")])
    flows = in_memory.zone_flows().set_index(["origin", "destination"])["trips"]
    assert flows.to_dict() == pairs.groupby(level=[0, 1]).sum().to_dict()


def test_two_futures_write_apart_and_are_those_of_memory(
    in_memory: CityModel, streamed: CityModel
) -> None:
    wanted = [restored(snapshot(in_memory), seed=seed) for seed in (None, 5)]
    futures = [restored(snapshot(streamed), seed=seed) for seed in (None, 5)]
    for one in (*wanted, *futures, streamed):
        live(one, 6)
    assert [one.digest() for one in futures] == [one.digest() for one in wanted]
    assert streamed.digest() == wanted[0].digest()
    files = [
        {part.path for name in one.records.stream.names for part in one.records.stream.parts(name)}
        for one in (streamed, *futures)
        if one.records.stream is not None
    ]
    shared = set.intersection(*files)
    assert shared
    for some, others in combinations(files, 2):
        assert some & others == shared


def test_a_save_refers_to_parts_and_goes_on_in_a_folder_of_its_own(
    in_memory: CityModel, streamed: CityModel, tmp_path: Path
) -> None:
    in_memory.save(tmp_path / "whole.save")
    streamed.save(tmp_path / "day.save")
    wanted = CityModel.load(tmp_path / "whole.save")
    loaded = [CityModel.load(tmp_path / "day.save") for _ in range(2)]
    for one in (wanted, *loaded):
        live(one, 6)
    assert {one.digest() for one in loaded} == {wanted.digest()}
    pd.testing.assert_frame_equal(loaded[1].hourly_activity(), wanted.hourly_activity())
    assert {one.name for one in (tmp_path / "rows").glob("branch-*")} == {"branch-1", "branch-2"}


def test_a_save_whose_parts_were_moved_is_told_where_they_are(
    streamed: CityModel, tmp_path: Path
) -> None:
    streamed.save(tmp_path / "day.save")
    digest = streamed.digest()
    shutil.move(tmp_path / "rows", tmp_path / "moved")
    with pytest.raises(DataError, match=r"missing[^$]*RecordOptions\(stream=FOLDER\)"):
        CityModel.load(tmp_path / "day.save")
    loaded = CityModel.load(tmp_path / "day.save", records=RecordOptions(stream=tmp_path / "moved"))
    assert loaded.digest() == digest


def test_a_loaded_model_may_write_elsewhere(streamed: CityModel, tmp_path: Path) -> None:
    streamed.save(tmp_path / "day.save")
    loaded = CityModel.load(tmp_path / "day.save", records=RecordOptions(stream=tmp_path / "new"))
    live(loaded, 6)
    assert (tmp_path / "new" / "activities").is_dir()
    assert not list((tmp_path / "rows").glob("branch-*"))
    loaded.records.flush()
    assert read_records(tmp_path / "new").rows("trips") == len(loaded.records.trips)


def test_a_run_that_was_broken_off_says_until_when_its_records_are(
    streamed: CityModel, tmp_path: Path
) -> None:
    with pytest.warns(UserWarning, match="end early.* rows of activities until minute [0-9]{3}"):
        found = read_records(tmp_path / "rows")
    kept = sum(one.num_rows for one in found.batches("activities", ["person"]))
    assert len(streamed.records.activities) - CHUNK <= kept <= len(streamed.records.activities)
    streamed.records.flush()
    whole = read_records(tmp_path / "rows")
    assert whole.is_complete
    assert whole.rows("activities") == len(streamed.records.activities)
    assert whole.about == {"run_seed": 7, "start": "2024-04-01T00:00:00", "sample": None}


def test_a_trial_writes_no_files(streamed: CityModel, tmp_path: Path) -> None:
    trial = restored(snapshot(streamed))
    trial.records.write_no_more()
    live(trial, 6)
    assert not list((tmp_path / "rows").glob("branch-*"))
    assert len(trial.records.activities) > len(streamed.records.activities)


def test_what_is_written_to_the_folder_of_others_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"holds 'notes\.txt'"):
        model(RecordOptions(stream=tmp_path))


def test_folders_that_hold_no_records_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no records\.json"):
        read_records(tmp_path)
    (tmp_path / "records.json").write_text(json.dumps({"format": 9}), encoding="utf-8")
    with pytest.raises(DataError, match="format 9, not 1"):
        read_records(tmp_path)


def test_a_part_that_is_gone_is_named(streamed: CityModel) -> None:
    stream = streamed.records.stream
    assert stream is not None
    stream.parts("activities")[0].path.write_bytes(b"damaged")
    with pytest.raises(DataError, match=r"part-00000\.parquet cannot be read"):
        streamed.activities()


def test_a_full_disk_is_an_error_and_loses_no_row(
    streamed: CityModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.parquet as pq

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    digest = streamed.digest()
    with monkeypatch.context() as patched:
        patched.setattr(pq, "write_table", full)
        with pytest.raises(DataError, match="No space left"):
            streamed.records.flush()
    assert streamed.digest() == digest
    streamed.records.flush()
    assert streamed.digest() == digest

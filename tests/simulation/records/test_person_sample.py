"""A sample of persons: the same whoever else is there, and said wherever it counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.records import RecordOptions
from mesa_llm_city.simulation.records.person_sample import PersonSample
from tests.town import small_town, townspeople


def model(**records: float) -> CityModel:
    options = RecordOptions(**records) if records else None  # type: ignore[arg-type]
    one = CityModel(small_town(), townspeople(12), rng=7, records=options)
    for _ in range(12 * 12):
        one.step()
    return one


def test_the_share_is_kept_for_any_seed_and_greater_samples_hold_smaller_ones() -> None:
    ids = np.arange(200_000)
    for seed in (0, 7, 2**64 - 1):
        few, many = (PersonSample(share, seed).keeps(ids) for share in (0.1, 0.4))
        assert abs(few.mean() - 0.1) < 0.003
        assert not (few & ~many).any()
    assert (PersonSample(0.4, 0).keeps(ids) != PersonSample(0.4, 1).keeps(ids)).any()


def test_tables_hold_the_rows_of_the_sample_and_no_others() -> None:
    whole, some = model(), model(sample=0.4)
    sample = PersonSample(0.4, 7)
    for name in ("activities", "trips", "decisions", "needs"):
        frame = getattr(whole, name)()
        wanted = frame[sample.keeps(frame["person"].to_numpy())].reset_index(drop=True)
        found = getattr(some, name)()
        assert found.attrs["sample"] == {"share": 0.4, "seed": 7}
        assert 0 < len(found) < len(frame)
        for column in wanted.columns.drop("geometry", errors="ignore"):
            assert found[column].astype(str).tolist() == wanted[column].astype(str).tolist()
    for name in ("hourly_activity", "hourly_modes", "zone_flows"):
        pd.testing.assert_frame_equal(getattr(some, name)(), getattr(whole, name)())
    assert some.records.trips.added == len(whole.records.trips)
    assert len(some.records.trips) == len(some.trips())
    assert some.digest().startswith("sample-0.4:")
    assert some.digest().removeprefix("sample-0.4:") != whole.digest()


def test_a_conversation_is_kept_if_one_of_both_is_in_the_sample() -> None:
    one = CityModel(small_town(), townspeople(12), rng=7, records=RecordOptions(sample=0.4))
    keeps = PersonSample(0.4, 7).keeps(np.arange(12))
    inside, outside = np.flatnonzero(keeps).tolist(), np.flatnonzero(~keeps).tolist()
    row = (5, "face", None, "news", "good", "good", "rule", "", "")
    for pair in ((inside[0], outside[0]), (outside[0], inside[0]), (outside[0], outside[1])):
        one.records.conversations.add((pair[0], row[0], pair[1], *row[1:]))
    assert one.conversations()["person"].tolist() == sorted([inside[0], outside[0]])


def test_a_sample_survives_saving_and_another_one_is_refused(tmp_path: Path) -> None:
    some = model(sample=0.4)
    some.save(tmp_path / "save")
    loaded = CityModel.load(tmp_path / "save")
    assert loaded.digest() == some.digest()
    assert loaded.records.trips.added == some.records.trips.added
    with pytest.raises(ConfigError, match=r"sample=0\.5 cannot be set any more"):
        CityModel.load(tmp_path / "save", records=RecordOptions(sample=0.5))


def test_what_is_no_share_is_refused() -> None:
    for share in (0.0, -0.1, 1.1, float("nan")):
        with pytest.raises(ConfigError, match="sample must be a share"):
            RecordOptions(sample=share)
    with pytest.raises(ConfigError, match="chunk_rows must be at least 1, got 0"):
        RecordOptions(chunk_rows=0)


def test_a_sample_of_rows_that_are_there_already_is_refused() -> None:
    with pytest.raises(ConfigError, match="rows of everybody are kept already"):
        model().keep_records(RecordOptions(sample=0.5))

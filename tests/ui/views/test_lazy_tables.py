"""The replay of a run in parts shows what that of one in files does, and reads what it needs."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.ui.views.lazy_tables import LazyTables
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.run_folder import check_folder
from tests.streamed_runs import PEOPLE, streamed_runs


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the runs."""
    return streamed_runs(tmp_path_factory.getbasetemp())


def test_a_replay_of_parts_shows_the_same_city_and_people(runs: Path) -> None:
    files, parts = Replay.read(runs / "files"), Replay.read(runs / "parts")
    for minute in (0, 500, 1_440):
        files.go_to(minute)
        parts.go_to(minute)
        assert np.array_equal(files.crowd().x, parts.crowd().x)
        assert np.array_equal(files.crowd().mode, parts.crowd().mode)
        one, other = files.person(3), parts.person(3)
        assert (one.plan, one.needs, one.insights) == (other.plan, other.needs, other.insights)
        pd.testing.assert_frame_equal(one.decisions, other.decisions, check_categorical=False)
        for name in ("trips", "decisions", "visits"):
            whole, joined = files.table(name), parts.table(name)
            pd.testing.assert_frame_equal(whole, joined, check_categorical=False)


def test_a_person_is_shown_without_reading_everybodys_decisions(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay = Replay.read(runs / "parts")
    replay.go_to(600)
    tables = replay.history.tables
    assert isinstance(tables, LazyTables)
    replay.person(3)
    replay.crowd()
    monkeypatch.setattr(tables, "folder", runs / "nowhere")
    assert len(tables["activities"]) > 0
    for name in ("decisions", "insights", "trips"):
        with pytest.raises(DataError, match="missing"):
            tables[name]


def test_people_outside_a_sample_are_not_shown(runs: Path) -> None:
    replay = Replay.read(runs / "some")
    replay.go_to(600)
    assert 0 < replay.people == len(replay.history.ids) < PEOPLE
    assert replay.crowd().person.tolist() == replay.history.ids.tolist()


def test_a_table_of_parts_that_is_missing_is_told_at_once(runs: Path, tmp_path: Path) -> None:
    shutil.copytree(runs / "parts", tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy" / "visits")
    with pytest.raises(DataError, match=r"visits\.parquet is missing"):
        check_folder(tmp_path / "copy")

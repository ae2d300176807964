"""Replays: as the model was at each minute, from a live model and from a folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.experiments.base_map import BASE_MAP
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.views.history import History
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import TABLES, CityView, Crowd
from mesa_llm_city.ui.views.replay import Replay
from tests.town import small_town, townspeople

_EVERY = 13
_STEPS = 288


class Moment:
    """What a live model shows at a minute."""

    def __init__(self, model: CityModel) -> None:
        view = LiveView(model)
        self.minute = model.minute
        self.crowd: Crowd = view.crowd()
        self.rows = {name: len(view.table(name)) for name in TABLES if name != "needs"}
        seen = view.person(5)
        self.doing, self.place = seen.doing, seen.place


@pytest.fixture(scope="module")
def lived() -> tuple[CityModel, list[Moment]]:
    """Return a model after a day, and what it showed on the way."""
    model, moments = CityModel(small_town(), townspeople(), rng=7), []
    for step in range(_STEPS):
        model.step()
        if not step % _EVERY:
            moments.append(Moment(model))
    return model, moments


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, empty_pictures: None) -> Path:
    """Return the folder of a run."""
    del empty_pictures
    out = tmp_path_factory.mktemp("runs") / "small"
    return run(RunOptions(citizens=12, seed=3, out=out))


@pytest.mark.slow
def test_it_is_a_view(lived: tuple[CityModel, list[Moment]]) -> None:
    assert isinstance(Replay.of(lived[0]), CityView)


def test_nobody_is_known_of_a_model_that_has_not_begun() -> None:
    replay = Replay.of(CityModel(small_town(), townspeople(), rng=7))
    assert (replay.people, len(replay.crowd()), len(replay.under_way().person)) == (0, 0, 0)


def test_everybody_is_where_the_model_had_them(
    lived: tuple[CityModel, list[Moment]],
) -> None:
    model, moments = lived
    replay = Replay.of(model)
    for moment in moments:
        replay.go_to(moment.minute)
        crowd = replay.crowd()
        np.testing.assert_allclose(crowd.x, moment.crowd.x)
        np.testing.assert_allclose(crowd.y, moment.crowd.y)
        assert crowd.doing.tolist() == moment.crowd.doing.tolist()
        assert crowd.mode.tolist() == moment.crowd.mode.tolist()


def test_tables_hold_what_was_known_at_that_minute(lived: tuple[CityModel, list[Moment]]) -> None:
    model, moments = lived
    replay = Replay.of(model)
    for moment in moments:
        replay.go_to(moment.minute)
        rows = {name: len(replay.table(name)) for name in TABLES if name != "needs"}
        assert rows == moment.rows
        assert replay.table("activities")["end"].max() <= pd.Timestamp(
            model.clock.at(replay.minute)
        )


def test_a_person_does_the_same_as_in_the_model(lived: tuple[CityModel, list[Moment]]) -> None:
    model, moments = lived
    replay = Replay.of(model)
    for moment in moments:
        replay.go_to(moment.minute)
        seen = replay.person(5)
        assert (seen.doing, seen.place) == (moment.doing, moment.place)


class TestFolder:
    @pytest.mark.slow
    def test_it_is_read_with_its_map(self, folder: Path) -> None:
        replay = Replay.read(folder)
        base_map = replay.basemap()
        assert (replay.people, replay.end, replay.minute) == (12, 1440, 0)
        assert len(base_map.streets) > 100
        assert len(base_map.stations) == len(base_map.station_names) == 5
        assert len(base_map.zones) == len(base_map.zone_names) > 5
        assert len(base_map.places) == len(base_map.names)

    def test_an_older_folder_without_streets_has_hulls_for_zones(self, folder: Path) -> None:
        file = folder / BASE_MAP
        kept = file.read_bytes()
        file.unlink()
        try:
            found = Replay.read(folder).basemap()
        finally:
            file.write_bytes(kept)
        assert len(found.zones) > 5
        assert found.streets.shape == (0, 4)

    def test_it_plays_to_its_end_and_no_further(self, folder: Path) -> None:
        replay = Replay.read(folder)
        replay.go_to(1437)
        replay.step()
        assert (replay.minute, replay.running) == (1440, False)
        replay.go_to(-5)
        assert (replay.minute, replay.running) == (0, True)

    def test_a_person_is_shown_as_far_as_the_tables_show(self, folder: Path) -> None:
        replay = Replay.read(folder)
        replay.go_to(12 * 60)
        seen = replay.person(3)
        assert seen.name in seen.described
        assert seen.missing == ()
        assert [row.status for row in seen.plan].count("now") == 1
        assert seen.plan[0].start == 0
        assert seen.plan[-1].end == 1440
        assert set(seen.needs) == {"hunger", "energy", "safety", "social"}
        assert seen.decisions["time"].is_monotonic_decreasing

    def test_people_can_be_coloured_by_what_the_run_keeps(self, folder: Path) -> None:
        replay = Replay.read(folder)
        replay.go_to(600)
        assert {"mood", "belief"} <= set(replay.colours())
        for by in replay.colours():
            assert replay.values(by).shape == (12,)
        with pytest.raises(ConfigError, match="does not keep 'noise'"):
            replay.values("noise")

    def test_people_are_found_by_name_and_id(self, folder: Path) -> None:
        replay = Replay.read(folder)
        name = replay.names()[4]
        assert (4, name) in replay.find(name.upper())
        assert replay.find("4")[0] == (4, name)
        assert replay.find(" ") == []

    def test_people_under_way_are_on_the_lines_of_their_trips(self, folder: Path) -> None:
        replay = Replay.read(folder)
        seen = 0
        for minute in range(420, 600, 5):
            replay.go_to(minute)
            trips, crowd = replay.under_way(), replay.crowd()
            start, end = trips.times.T
            here = trips.lines.at((minute - start) / (end - start))
            rows = np.searchsorted(crowd.person, trips.person)
            assert np.allclose(np.column_stack([crowd.x, crowd.y])[rows], here)
            seen += len(rows)
        assert seen > 0

    def test_lines_of_all_trips_lead_from_place_to_place(self, folder: Path) -> None:
        track = History.read(folder).track
        lines, line_of = track.lines(most=1000)
        goes = np.flatnonzero(line_of >= 0)
        assert (goes == np.flatnonzero(track.mode >= 0)).all()
        one = lines.take(line_of[goes])
        ends = np.hstack([one.points[one.first[:-1]], one.points[one.first[1:] - 1]])
        assert np.allclose(ends, track.ends[goes])
        few, line_of = track.lines(most=1)
        assert len(few) == 1
        assert set(line_of.tolist()) == {-1, 0}

    def test_two_replays_share_a_run_but_not_their_minute(self, folder: Path) -> None:
        history = History.read(folder)
        one, other = Replay(history), Replay(history)
        one.go_to(300)
        assert other.minute == 0

    def test_unknown_people_and_tables_are_refused(self, folder: Path) -> None:
        replay = Replay.read(folder)
        with pytest.raises(ConfigError, match="no person has the id 99"):
            replay.person(99)
        with pytest.raises(ConfigError, match="no table 'wishes'"):
            replay.table("wishes")


class TestDefects:
    def test_a_folder_that_does_not_exist_is_refused_with_what_to_do(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"does not exist.*mesa-llm-city run"):
            Replay.read(tmp_path / "nowhere")

    def test_a_folder_of_something_else_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"no folder of a run.*manifest\.json"):
            Replay.read(tmp_path)

    def test_all_missing_tables_are_listed(self, tmp_path: Path) -> None:
        (tmp_path / "manifest.json").write_text("{}")
        with pytest.raises(DataError, match=r"(?s)activities\.parquet.*places\.parquet"):
            Replay.read(tmp_path)

"""Exports: pictures, tables, films, and a replay in one file that asks for nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import zlib
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from PIL import Image

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.records import RecordOptions
from tests.town import small_town, townspeople

pytest.importorskip("solara")

from mesa_llm_city.ui.export.export import chart_png, film_kind, save_film
from mesa_llm_city.ui.export.html_replay import html_replay, save_html_replay
from mesa_llm_city.ui.export.replay import replay_of
from mesa_llm_city.ui.export.tables import EXPORTED, table_csv, tables_zip
from mesa_llm_city.ui.map.picture import MapPicture, map_png
from mesa_llm_city.ui.palette import colouring
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.replay import Replay

_HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def model() -> CityModel:
    """Return a model at ten in the morning."""
    model = CityModel(small_town(), townspeople(), rng=7)
    for _ in range(120):
        model.step()
    return model


@pytest.fixture(scope="module")
def view(model: CityModel) -> LiveView:
    """Return its view."""
    return LiveView(model)


@pytest.mark.slow
@pytest.mark.parametrize("by", ["activity", "hunger", "mode", "income"])
def test_the_map_is_a_picture(view: LiveView, by: str) -> None:
    image = Image.open(BytesIO(map_png(view, by=by, dark=by == "hunger")))
    assert image.format == "PNG"
    assert image.width == 2700


def test_a_chart_is_a_picture(view: LiveView) -> None:
    assert Image.open(BytesIO(chart_png(view, "time_use"))).format == "PNG"


def test_unknown_and_empty_charts_say_what_to_do(view: LiveView) -> None:
    with pytest.raises(ConfigError, match="no chart 'moods'"):
        chart_png(view, "moods")
    begun = LiveView(CityModel(small_town(), townspeople(), rng=7))
    with pytest.raises(ConfigError, match="nothing to draw yet"):
        chart_png(begun, "time_use")


def test_a_table_is_read_back_as_it_was(view: LiveView) -> None:
    table = pd.read_csv(BytesIO(table_csv(view, "trips")))
    assert table["person"].tolist() == view.table("trips")["person"].tolist()


def test_all_tables_with_rows_are_in_the_archive(view: LiveView) -> None:
    names = ZipFile(BytesIO(tables_zip(view))).namelist()
    assert {"activities.csv", "trips.csv", "decisions.csv", "needs.csv", "README.txt"} <= set(names)
    assert "calls.csv" not in names


@pytest.mark.parametrize("is_replay", [False, True])
def test_tables_can_be_joined_and_laid_on_a_map(model: CityModel, *, is_replay: bool) -> None:
    shown = Replay.of(model) if is_replay else LiveView(model)
    archive = ZipFile(BytesIO(tables_zip(shown)))
    frames = {name: pd.read_csv(archive.open(f"{name}.csv")) for name in ("people", "places")}
    trips = pd.read_csv(archive.open("trips.csv"))
    places = frames["places"].set_index("id")
    assert set(trips["person"]) <= set(frames["people"]["id"])
    assert places.loc[frames["people"]["home_place"], "name"].notna().all()
    lines = gpd.GeoSeries.from_wkt(trips["geometry"], crs=4326).to_crs(model.city.crs)
    ends = shapely.get_coordinates(lines.to_numpy()).reshape(-1, 2, 2)
    for at, name in enumerate(("origin", "destination")):
        assert places.loc[trips[name], "lon"].between(-180.0, 180.0).all()
        row = trips[name].to_numpy()
        # Seven decimals of a degree are about a centimetre.
        np.testing.assert_allclose(ends[:, at, 0], model.city.places.x[row], atol=0.05)
        np.testing.assert_allclose(ends[:, at, 1], model.city.places.y[row], atol=0.05)


def test_tables_without_trips_are_written_as_well() -> None:
    begun = LiveView(CityModel(small_town(), townspeople(), rng=7))
    assert "trips.csv" not in ZipFile(BytesIO(tables_zip(begun))).namelist()
    for name in EXPORTED:
        assert table_csv(begun, name).count(b"\n") >= 1
    with pytest.raises(ConfigError, match="there is no table 'taxes'; the tables are people"):
        table_csv(begun, "taxes")


class TestFilm:
    @pytest.mark.slow
    def test_a_gif_has_the_colours_of_its_pictures(self, view: LiveView, tmp_path: Path) -> None:
        progress: list[tuple[int, int]] = []
        file = save_film(
            view,
            tmp_path / "town.gif",
            every_min=250,
            on_frame=lambda done, total: progress.append((done, total)),
        )
        assert progress == [(1, 3), (2, 3), (3, 3)]
        replay = replay_of(view)
        picture = MapPicture(replay, width_in=8.0)
        with Image.open(file) as film:
            # At midnight everybody sleeps: a palette of that picture alone lacks the rest.
            assert getattr(film, "n_frames", 1) == 3
            film.seek(2)
            replay.go_to(500)
            picture.update()
            shown = np.asarray(film.convert("RGB"), dtype=np.int16)
        meant = np.asarray(Image.open(BytesIO(picture.png(dpi=90))).convert("RGB"), dtype=np.int16)
        assert np.abs(shown - meant).max() < 60
        for colour in picture.colours:
            rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
            is_meant = (meant == rgb).all(axis=-1)
            assert (shown[is_meant] == rgb).all()

    @pytest.mark.slow
    def test_making_it_does_not_move_the_view(self, model: CityModel, tmp_path: Path) -> None:
        replay = Replay.of(model)
        replay.go_to(300)
        save_film(replay, tmp_path / "town.gif", every_min=300)
        assert replay.minute == 300

    @pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
    def test_an_mp4_is_written_where_ffmpeg_is(self, view: LiveView, tmp_path: Path) -> None:
        assert film_kind() == "mp4"
        assert save_film(view, tmp_path / "town.mp4", every_min=120).stat().st_size > 1000

    @pytest.mark.slow
    @pytest.mark.skipif(os.name == "nt", reason="the failing program is a shell script")
    def test_a_failing_encoder_is_reported_and_leaves_no_file(
        self, view: LiveView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        failing = tmp_path / "ffmpeg"
        failing.write_text("#!/bin/sh\nfor last; do :; done\necho half > $last\nexit 3\n")
        failing.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        with pytest.raises(ConfigError, match="exit code 3"):
            save_film(view, tmp_path / "town.mp4", every_min=60)
        assert not (tmp_path / "town.mp4").exists()

    def test_without_ffmpeg_an_mp4_is_refused(
        self, view: LiveView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "which", lambda _: None)
        assert film_kind() == "gif"
        with pytest.raises(ConfigError, match=r"install it, or write a \.gif"):
            save_film(view, tmp_path / "town.mp4")

    @pytest.mark.parametrize(("name", "every_min"), [("town.avi", 10), ("town.gif", 0)])
    def test_other_kinds_are_refused(
        self, view: LiveView, tmp_path: Path, name: str, every_min: int
    ) -> None:
        with pytest.raises(ConfigError, match=r"\.gif or \.mp4"):
            save_film(view, tmp_path / name, every_min=every_min)

    def test_before_the_first_step_there_is_none(self, tmp_path: Path) -> None:
        begun = LiveView(CityModel(small_town(), townspeople(), rng=7))
        with pytest.raises(ConfigError, match="nothing has happened yet"):
            save_film(begun, tmp_path / "town.gif")


class TestHtml:
    def test_it_holds_the_run(self, view: LiveView, tmp_path: Path) -> None:
        text = save_html_replay(view, tmp_path / "run.html").read_text(encoding="utf-8")
        found = re.search(r'id="run">(.*?)</script>', text, re.DOTALL)
        assert found is not None
        held = json.loads(found[1])
        assert held["ids"] == view.crowd().person.tolist()
        assert held["end"] == 600

    def test_it_says_how_large_it_is_and_whose_minds_it_has(self, model: CityModel) -> None:
        text = html_replay(Replay.of(model))
        note = re.search(r"<footer>(.*?)</footer>", text, re.DOTALL)
        assert note is not None
        assert "It has the minds of all of them" in note[1]
        minds, file = (
            float(number) * {"kB": 1e3, "MB": 1e6}[unit]
            for number, unit in re.findall(r"([\d.]+) ([kM]B)", note[1])
        )
        assert file == pytest.approx(len(text.encode()), abs=60_000)
        assert 0.0 < minds < file

    def test_its_colours_and_charts_are_for_light_and_dark_pages(self, model: CityModel) -> None:
        text = html_replay(Replay.of(model))
        held = json.loads(re.findall(r'id="run">(.*?)</script>', text, re.DOTALL)[0])
        sleep = model.parameters.purposes["sleep"]
        assert f"light-dark({sleep.colour}, {sleep.colour_dark})" in held["shades"]
        assert all(colour.startswith("light-dark(") for _, colour in held["need_looks"])
        pictures = re.findall(r'<source media="\(prefers-color-scheme: dark\)" srcset="data:', text)
        assert len(pictures) == text.count("<picture>") == 2

    def test_it_has_feelings_by_hour(self) -> None:
        model = CityModel(small_town(), townspeople(), rng=7, records=RecordOptions(minds=100))
        for _ in range(150):
            model.step()
        held = json.loads(
            re.findall(r'id="run">(.*?)</script>', html_replay(Replay.of(model)), re.DOTALL)[0]
        )
        assert held["feelings"] == ["mood", "belief"]
        column = held["columns"]["feelings"]
        codes = np.frombuffer(zlib.decompress(b64decode(column["data"])), dtype=np.uint8)
        by_hour = codes.reshape(13, -1, 2)
        replay = Replay.of(model)
        for hour in range(13):
            replay.go_to(60 * hour + 1)
            for row, by in enumerate(held["feelings"]):
                expected = colouring(by, model.parameters).codes(replay.values(by))
                assert by_hour[hour, :, row].tolist() == expected.tolist()
        assert {"mood", "belief"} <= set(held["zone_looks"])

    def test_its_options_have_a_ground_of_their_own(self, model: CityModel) -> None:
        # Dark letters would lie on the dark list of a page with a dark colour scheme.
        rule = re.search(r"select option\{([^}]+)\}", html_replay(Replay.of(model)))
        assert rule is not None
        assert {"background", "color"} <= {one.split(":")[0] for one in rule[1].split(";")}

    def test_its_people_are_all_who_lived_there(self) -> None:
        model = CityModel(small_town(), townspeople(), rng=7)
        for _ in range(100):
            model.step()
        replay = Replay.of(model)
        track = replay.history.track
        track.end[track.rows_at(replay.end)[0]] = replay.end - 5
        text = html_replay(replay)
        replay.go_to(replay.end)
        assert replay.people == 29
        assert "30 simulated people" in text
        assert "the minds of all of them" in text

    def test_it_asks_for_nothing_outside_itself(self, view: LiveView) -> None:
        text = html_replay(view)
        assert "default-src 'none'" in text
        assert re.findall(r'(?:src|href)="(?!data:)[^"]+"', text) == []
        addresses = set(re.findall(r"https?://[^\s\"'`)]+", text))
        assert addresses <= {"http://www.w3.org/2000/svg"}

    def test_a_name_is_text_and_no_markup(self, model: CityModel) -> None:
        replay = Replay.of(model)
        replay.history.persons.loc[0, "name"] = _HOSTILE
        text = html_replay(replay)
        assert "alert(1)" in text
        assert "<script>alert(1)" not in text
        assert "<img src=x" not in text

    def test_before_the_first_step_there_is_none(self) -> None:
        begun = LiveView(CityModel(small_town(), townspeople(), rng=7))
        with pytest.raises(ConfigError, match="nothing has happened yet"):
            html_replay(begun)


def test_views_without_a_past_are_refused() -> None:
    class Still:
        """A view of nothing."""

    with pytest.raises(ConfigError, match="cannot be replayed"):
        replay_of(Still())  # type: ignore[arg-type]

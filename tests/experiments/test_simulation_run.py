"""A run leaves tables that agree with the model, a manifest, and a picture."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from mesa_llm_city.models.town_day.model import TownDay

from mesa_llm_city import City, Clock, ConfigError, Population
from mesa_llm_city.experiments import PICTURE, Progress, RunOptions, run
from mesa_llm_city.experiments import write as writing
from mesa_llm_city.experiments.manifest import NO_LANGUAGE_MODEL

TABLES = ("activities", "decisions", "needs", "people", "places", "trips", "visits")


class _Count(Progress):
    def __init__(self) -> None:
        super().__init__()
        self.steps = 0

    def advance(self) -> None:
        self.steps += 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a Friday and a Saturday of fifteen people."""
    out = tmp_path_factory.mktemp("runs") / "two_days"
    return run(RunOptions(citizens=15, days=2, seed=5, start=date(2024, 4, 5), out=out))


@pytest.fixture(scope="module")
def twin() -> TownDay:
    """Return a model that has lived the same days."""
    city = City.synthetic()
    people = Population.synthesize(15, city=city, rng=5)
    model = TownDay(city=city, people=people, days=2, rng=5, clock=Clock(start=date(2024, 4, 5)))
    while model.running:
        model.step()
    return model


@pytest.fixture(scope="module")
def manifest(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return told


class TestTables:
    @pytest.mark.slow
    def test_they_hold_what_the_model_tells(self, folder: Path, twin: TownDay) -> None:
        for name in ("activities", "visits", "decisions", "needs"):
            written = pd.read_parquet(folder / f"{name}.parquet")
            pd.testing.assert_frame_equal(
                written, getattr(twin, name)(), check_dtype=False, check_categorical=False
            )

    def test_trips_and_places_come_with_their_reference_system(
        self, folder: Path, twin: TownDay
    ) -> None:
        trips = gpd.read_parquet(folder / "trips.parquet")
        places = gpd.read_parquet(folder / "places.parquet")
        assert len(trips) == len(twin.records.trips)
        assert len(places) == len(twin.city.places)
        assert trips.crs == places.crs == twin.city.crs

    def test_a_trip_begins_and_ends_at_its_places(self, folder: Path) -> None:
        trips = gpd.read_parquet(folder / "trips.parquet")
        places = gpd.read_parquet(folder / "places.parquet").geometry
        ends = trips.geometry.boundary.explode()
        assert (ends.iloc[::2].to_numpy() == places.loc[trips["origin"]].to_numpy()).all()
        assert (ends.iloc[1::2].to_numpy() == places.loc[trips["destination"]].to_numpy()).all()

    def test_the_people_can_be_read_back(self, folder: Path, twin: TownDay) -> None:
        people = pd.read_parquet(folder / "people.parquet")
        assert people["id"].tolist() == [one.id for one in twin.population]
        assert people["home_place"].tolist() == [one.home for one in twin.population]

    def test_they_are_documented_column_by_column(self, folder: Path) -> None:
        page = Path(__file__).parents[2] / "docs" / "reference" / "outputs.md"
        text = page.read_text(encoding="utf-8")
        for name in TABLES:
            assert f"## `{name}.parquet`" in text
            section = text.partition(f"## `{name}.parquet`")[2].partition("\n## ")[0]
            written = pd.read_parquet(folder / f"{name}.parquet")
            assert [one for one in written.columns if f"`{one}`" not in section] == []


class TestManifest:
    def test_the_digest_is_that_of_the_model(self, manifest: dict[str, Any], twin: TownDay) -> None:
        assert manifest["digest"] == twin.digest()

    def test_counts_are_those_of_the_tables(self, manifest: dict[str, Any], folder: Path) -> None:
        for name, count in manifest["counts"].items():
            assert count == len(pd.read_parquet(folder / f"{name}.parquet"))

    def test_rules_decided_everything(self, manifest: dict[str, Any]) -> None:
        assert manifest["decision_sources"] == {
            "rule": manifest["counts"]["decisions"],
            "prompt": 0,
        }
        assert manifest["language_model"] == NO_LANGUAGE_MODEL

    def test_it_tells_what_was_asked_for(self, manifest: dict[str, Any]) -> None:
        assert manifest["config"]["citizens"] == manifest["people"] == 15
        assert (manifest["seed"], manifest["start"], manifest["days"]) == (5, "2024-04-05", 2)
        assert RunOptions.load(**manifest["config"]).seed == 5

    def test_it_tells_versions_time_and_assumptions(self, manifest: dict[str, Any]) -> None:
        assert set(manifest["versions"]) >= {"python", "mesa-llm-city", "mesa", "numpy", "pandas"}
        assert set(manifest["cpu_s"]) == {"set_up", "simulation"}
        assert min(manifest["cpu_s"].values()) > 0
        assert manifest["city"]["notes"]
        assert manifest["population"]["assumptions"]
        assert 0 <= manifest["population"]["largest_difference_to_marginals"] <= 1

    def test_its_keys_are_documented(self, manifest: dict[str, Any]) -> None:
        page = Path(__file__).parents[2] / "docs" / "reference" / "outputs.md"
        section = page.read_text(encoding="utf-8").partition("## `manifest.json`")[2]
        nested = [key for name in ("findings", "city", "population") for key in manifest[name]]
        assert [key for key in [*manifest, *nested] if f"`{key}`" not in section] == []


class TestRun:
    @pytest.mark.slow
    def test_it_is_the_same_each_time(self, manifest: dict[str, Any], tmp_path: Path) -> None:
        options = RunOptions.load(**manifest["config"], out=tmp_path / "again")
        again = json.loads((run(options) / "manifest.json").read_text())
        assert again["digest"] == manifest["digest"]
        differing = {key for key in manifest if manifest[key] != again[key]}
        assert differing <= {"cpu_s"}

    @pytest.mark.slow
    def test_it_is_repeated_from_its_manifest_with_its_parameters(self, tmp_path: Path) -> None:
        changed = {
            "mobility.gravity.gamma": 0.5,
            "modes.train.cost_per_trip": 9.0,
            "purposes.meal.places": ["amenity=pub"],
            "needs.hunger.gains_per_h.meal": 1.0,
        }
        first = run(RunOptions(citizens=4, parameters=changed, out=tmp_path / "first"))
        manifest = json.loads((first / "manifest.json").read_text())
        assert manifest["parameters"] == changed
        options = RunOptions.load(first / "manifest.json", out=tmp_path / "again")
        again = json.loads((run(options) / "manifest.json").read_text())
        assert {key for key in manifest if manifest[key] != again[key]} <= {"cpu_s"}

    @pytest.mark.slow
    def test_a_run_with_a_table_of_people_is_repeated_from_its_manifest(
        self, tmp_path: Path
    ) -> None:
        people = tmp_path / "people.csv"
        people.write_text("id,age,gender\n7,34,female\n9,70,male\n")
        first = run(RunOptions(people=people, out=tmp_path / "first"))
        options = RunOptions.load(first / "manifest.json", out=tmp_path / "again")
        assert (options.people, options.citizens) == (people, 500)

    @pytest.mark.slow
    def test_every_step_is_reported(self, tmp_path: Path) -> None:
        progress = _Count()
        run(RunOptions(citizens=2, out=tmp_path / "run"), progress=progress)
        assert progress.steps == 288

    @pytest.mark.slow
    def test_a_picture_that_cannot_be_drawn_costs_no_run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(file: Path, *_: object) -> None:
            file.write_bytes(b"half a picture")
            message = "no fonts"
            raise RuntimeError(message)

        monkeypatch.setattr(writing, "save_summary", fail)
        with pytest.warns(UserWarning, match=r"could not be drawn \(RuntimeError\('no fonts'\)\)"):
            folder = run(RunOptions(citizens=2, out=tmp_path / "run"))
        assert not (folder / PICTURE).exists()
        assert (folder / "manifest.json").is_file()
        assert len(pd.read_parquet(folder / "activities.parquet")) > 0

    def test_the_picture_is_a_picture(self, folder: Path) -> None:
        assert (folder / PICTURE).read_bytes().startswith(b"\x89PNG")

    def test_a_folder_that_exists_is_refused_before_anything_is_read(self, folder: Path) -> None:
        before = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
        with pytest.raises(ConfigError, match="exists"):
            run(RunOptions(citizens=10**7, out=folder))
        assert hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest() == before

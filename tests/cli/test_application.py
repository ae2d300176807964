"""The command line: what it leaves behind, what it prints, and how it fails."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli import application as cli
from mesa_llm_city.simulation.model import CityModel

pytestmark = pytest.mark.usefixtures("empty_pictures")

TABLES = (
    *("activities", "base_map", "conversations", "decisions", "insights", "needs", "people"),
    *("places", "trips", "visits", "hourly_activity", "hourly_modes", "zone_flows"),
    *("mind_beliefs", "mind_insights", "mind_memories", "mind_moods", "mind_ties"),
)
MODELS = Path(__file__).parents[2] / "models"
SMALL = ("--citizens", "12", "--quiet")
TINY = ("--citizens", "3", "--quiet")


def _call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.APPLICATION, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """Return the folder of a run, and what was printed."""
    out = tmp_path_factory.mktemp("runs") / "small"
    return out, _call("run", "town_day", *SMALL, "--out", out)


class TestRun:
    @pytest.mark.slow
    def test_it_leaves_tables_manifest_and_picture(self, finished: tuple[Path, Result]) -> None:
        out, result = finished
        assert result.exit_code == 0, result.output
        expected = [*(f"{name}.parquet" for name in TABLES), "manifest.json", "summary.png"]
        assert sorted(path.name for path in out.iterdir()) == sorted(expected)

    def test_it_leaves_nothing_beside_the_folder(self, finished: tuple[Path, Result]) -> None:
        out, _ = finished
        assert list(out.parent.iterdir()) == [out]

    def test_it_prints_key_figures_and_where_the_results_are(
        self, finished: tuple[Path, Result]
    ) -> None:
        out, result = finished
        names = [line.split(maxsplit=1)[0] for line in result.stdout.splitlines()]
        assert names == [
            "people",
            "seed",
            "llm",
            "trips",
            "time",
            "modes",
            "digest",
            "results",
            "picture",
        ]
        assert f"picture  {out / 'summary.png'}" in result.stdout
        assert "no language model was used" in result.stdout
        manifest = json.loads((out / "manifest.json").read_text())
        assert manifest["digest"] in result.stdout

    def test_quiet_it_tells_no_progress(self, finished: tuple[Path, Result]) -> None:
        assert finished[1].stderr == ""

    @pytest.mark.slow
    def test_else_it_writes_plain_lines_where_there_is_no_terminal(self, tmp_path: Path) -> None:
        result = _call("run", "town_day", "--citizens", "3", "--out", tmp_path / "run")
        lines = [line for line in result.stderr.splitlines() if line.startswith("day ")]
        assert len(lines) == 10
        assert re.match(r"day 1/1, step 29/288, \d+ steps/s, \d+:\d\d left", lines[0])

    def test_ids_and_times_agree_between_the_tables(self, finished: tuple[Path, Result]) -> None:
        out, _ = finished
        tables = {name: pd.read_parquet(out / f"{name}.parquet") for name in TABLES}
        people = set(tables["people"]["id"])
        for name in ("activities", "trips", "visits", "decisions", "needs"):
            assert set(tables[name]["person"]) <= people
            times = tables[name].select_dtypes("datetime")
            assert len(times.columns) in {1, 2}
            assert times.min().min() >= pd.Timestamp("2024-04-01")
            assert times.max().max() <= pd.Timestamp("2024-04-02")
        keys = ["person", "start", "end"]
        travel = tables["activities"].query("purpose == 'travel'")
        ended = travel[travel["end"] < pd.Timestamp("2024-04-02")]
        assert ended[keys].to_numpy().tolist() == tables["trips"][keys].to_numpy().tolist()

    @pytest.mark.slow
    def test_options_of_a_file_give_way_to_those_of_the_command_line(self, tmp_path: Path) -> None:
        config, out = tmp_path / "run.toml", tmp_path / "out"
        config.write_text('citizens = 6\nseed = 3\nout = "other"\n')
        result = _call(
            "run", "town_day", "--config", config, "--seed", "5", "--out", out, "--quiet"
        )
        assert result.exit_code == 0, result.output
        manifest = json.loads((out / "manifest.json").read_text())
        assert (manifest["people"], manifest["seed"]) == (6, 5)

    @pytest.mark.slow
    def test_own_cities_and_people_are_named_with_their_hashes(
        self, tmp_path: Path, town: Path, villagers: Path
    ) -> None:
        out = tmp_path / "out"
        result = _call(
            "run", "town_day", "--places", town, "--people", villagers, "--out", out, "--quiet"
        )
        assert result.exit_code == 0, result.output
        manifest = json.loads((out / "manifest.json").read_text())
        assert [one["file"] for one in manifest["inputs"]] == [town.name, villagers.name]
        assert all(re.fullmatch("[0-9a-f]{64}", one["sha256"]) for one in manifest["inputs"])
        assert manifest["people"] == 2


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Write a table of places: a street of homes, a school, offices, shops and restaurants."""
    kinds = ["building=apartments"] * 60 + ["office=company", "shop=bakery"] * 10
    kinds += ["amenity=restaurant"] * 10 + ["amenity=school", "leisure=park"]
    rows = [
        f"{number},{13.40 + 0.0004 * number:.5f},{52.5 + 0.001 * (number % 5):.5f},{kind}"
        for number, kind in enumerate(kinds)
    ]
    file = tmp_path / "town.csv"
    file.write_text("\n".join(["id,lon,lat,category", *rows]))
    return file


@pytest.fixture
def villagers(tmp_path: Path) -> Path:
    """Write a table of two people."""
    file = tmp_path / "villagers.csv"
    file.write_text("id,age,gender\n7,34,female\n9,70,male\n")
    return file


class TestBadInput:
    def test_every_defect_of_the_options_is_reported_at_once(self, tmp_path: Path) -> None:
        config, out = tmp_path / "run.toml", tmp_path / "out"
        config.write_text('dayz = 2\nstart = "yesterday"\nunknown = "keep"\n')
        result = _call(
            "run",
            "town_dya",
            "--config",
            config,
            "--citizens",
            "0",
            "--days",
            "many",
            "--seed",
            "-1",
            "--places",
            tmp_path / "none.csv",
            "--out",
            out,
        )
        assert result.exit_code == 2
        for told in (
            "the options have 8 defects",
            "dayz: unknown option; did you mean days?",
            "MODEL: there is no model 'town_dya'; did you mean town_day?",
            "--citizens: must be a whole number of at least 1, got 0",
            "--days: must be a whole number of at least 1, got 'many'",
            "--seed: must be a whole number of at least 0, got -1",
            "start: must be a date such as 2024-04-01, of 1700 to 2199",
            "without a time of day, got 'yesterday'",
            "unknown: must be error or drop, got 'keep'",
            f"--places: there is no file {tmp_path / 'none.csv'}",
        ):
            assert told in result.stderr
        assert not out.exists()

    def test_every_defect_of_a_file_is_reported_at_once_and_no_folder_is_left(
        self, tmp_path: Path, town: Path
    ) -> None:
        text = town.read_text().replace("office=company", "moon=base", 1)
        town.write_text(f"{text}\n0,999,52.5,shop=bakery\n500,13.4,95,shop=bakery\n")
        result = _call("run", "town_day", "--places", town, "--out", tmp_path / "a" / "out")
        assert result.exit_code == 2
        assert "town.csv has" in result.stderr
        for told in ("moon=base", "999", "row 94", "row 95"):
            assert told in result.stderr
        assert not (tmp_path / "a").exists()

    def test_every_defect_of_a_table_of_people_is_reported_at_once(
        self, tmp_path: Path, villagers: Path
    ) -> None:
        villagers.write_text("id,age,gender\n7,34,female\n7,200,male\n9,20,robot\n")
        result = _call("run", "town_day", "--people", villagers, "--out", tmp_path / "out")
        assert result.exit_code == 2
        for told in ("7", "200", "robot"):
            assert told in result.stderr
        assert not (tmp_path / "out").exists()

    @pytest.mark.slow
    def test_a_program_error_is_no_message_but_a_traceback(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_: CityModel) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(CityModel, "step", fail)
        result = _call("run", "corner_shop", *SMALL, "--out", tmp_path / "deep" / "out")
        assert isinstance(result.exception, ZeroDivisionError)
        assert list(tmp_path.iterdir()) == []


class TestParameters:
    @pytest.mark.slow
    def test_they_are_set_one_by_one_over_those_of_a_file(self, tmp_path: Path) -> None:
        config, out = tmp_path / "run.toml", tmp_path / "out"
        config.write_text("citizens = 3\n[modes.bus]\nspeed_km_h = 12\nwait_min = 4\n")
        result = _call(
            *("run", "town_day", "--config", config, "--out", out, "--quiet"),
            *("--set", "modes.bus.wait_min=9", "--set", "mobility.gravity.gamma=1.5"),
        )
        assert result.exit_code == 0, result.output
        manifest = json.loads((out / "manifest.json").read_text())
        assert manifest["parameters"] == {
            "modes.bus.speed_km_h": 12.0,
            "modes.bus.wait_min": 9.0,
            "mobility.gravity.gamma": 1.5,
        }
        assert "mobility.gravity.gamma=1.5" in result.stdout

    def test_wrong_ones_are_defects_among_the_others(self) -> None:
        result = _call("run", "town_day", "--days", "0", "--set", "modes.bus.sped_km_h=1")
        assert result.exit_code == 2
        assert "--days: must be" in result.stderr
        assert "modes.bus.sped_km_h: there is no such parameter; did you mean" in result.stderr

    def test_a_setting_without_a_value_is_refused_by_the_name_of_the_option(self) -> None:
        result = _call("run", "town_day", "--set", "gamma")
        assert "--set: must be NAME=VALUE" in result.stderr


class TestExistingFolder:
    @pytest.mark.slow
    def test_without_out_the_next_free_number_is_taken(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        for name in ("corner_shop-7", "corner_shop-7-2"):
            result = _call("run", "corner_shop", "--citizens", "2", "--quiet")
            assert f"results  {Path('runs', name)}" in result.stdout
        names = sorted(path.name for path in Path("runs").iterdir())
        assert names == ["corner_shop-7", "corner_shop-7-2"]

    def test_it_is_never_overwritten_without_force(self, finished: tuple[Path, Result]) -> None:
        out, _ = finished
        before = {path.name: path.read_bytes() for path in out.iterdir()}
        result = _call("run", "town_day", *SMALL, "--out", out, "--seed", "8")
        assert result.exit_code == 2
        assert "--force" in result.stderr
        assert {path.name: path.read_bytes() for path in out.iterdir()} == before

    @pytest.mark.slow
    def test_it_is_replaced_with_force(self, tmp_path: Path) -> None:
        out = tmp_path / "run"
        seeds = []
        for seed in ("1", "2"):
            result = _call("run", "town_day", *TINY, "--out", out, "--seed", seed, "--force")
            assert result.exit_code == 0, result.output
            seeds.append(json.loads((out / "manifest.json").read_text())["seed"])
        assert seeds == [1, 2]
        assert list(tmp_path.iterdir()) == [out]

    def test_what_no_run_has_left_is_not_replaced_even_with_force(self, tmp_path: Path) -> None:
        treasure = tmp_path / "treasure.txt"
        treasure.write_text("mine")
        result = _call("run", "town_day", *SMALL, "--out", tmp_path, "--force")
        assert result.exit_code == 2
        assert "not the folder of a run" in result.stderr
        assert treasure.read_text() == "mine"


class TestConfig:
    def test_the_file_of_another_model_is_refused(self, tmp_path: Path) -> None:
        config = tmp_path / "shop.toml"
        config.write_text('model = "corner_shop"\ncitizens = 3\n', encoding="utf-8")
        result = _call("run", "town_day", "--config", config, "--out", tmp_path / "run")
        assert result.exit_code == 2
        assert "MODEL:" in result.stderr
        assert "is for the model 'corner_shop'; run that one" in result.stderr
        assert not (tmp_path / "run").exists()


class TestInterruption:
    @pytest.mark.slow
    def test_it_leaves_nothing_and_keeps_what_was_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out = tmp_path / "run"
        assert _call("run", "corner_shop", *TINY, "--out", out).exit_code == 0
        before = (out / "manifest.json").read_bytes()

        def interrupt(_: CityModel) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(CityModel, "step", interrupt)
        result = _call("run", "corner_shop", *TINY, "--out", out, "--force", "--seed", "9")
        assert result.exit_code == 130
        assert "nothing was written" in result.stderr
        assert (out / "manifest.json").read_bytes() == before
        assert list(tmp_path.iterdir()) == [out]


def test_models_are_listed_with_a_line_and_their_description() -> None:
    result = _call("models")
    assert result.exit_code == 0
    names = [line for line in result.stdout.splitlines() if not line.startswith(" ")]
    assert names == sorted(path.parent.name for path in MODELS.glob("*/model.py"))
    assert "by rules or by prompts" in result.stdout
    assert "run it: mesa-llm-city run town_day" in result.stdout
    assert "run it: mesa-llm-city run return_migration" in result.stdout
    assert "run it: mesa-llm-city run opinion_grid" not in result.stdout
    assert str(Path("town_day", "README.md")) in result.stdout


def test_the_version_is_reported_with_those_it_depends_on() -> None:
    assert re.fullmatch(
        r"mesa-llm-city [\d.]+ \(Mesa [\d.]+, Python [\d.]+\)\n", _call("version").stdout
    )


@pytest.mark.slow
def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom mesa_llm_city.cli import main\nsys.argv[1:] = ['run', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "assert not {'mesa', 'numpy', 'pandas', 'matplotlib'} & set(sys.modules)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "--citizens" in told.stdout


@pytest.mark.slow
def test_it_is_also_a_module_to_run() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "mesa_llm_city", "version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.startswith("mesa-llm-city ")

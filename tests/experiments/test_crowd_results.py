"""The folder of a run with a crowd, and what is measured of its rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from mesa_llm_city.cli import application as cli
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import RunOptions, run, validate
from mesa_llm_city.ui.views.replay import Replay

SMALL: dict[str, Any] = {
    "model": "metropolis",
    "citizens": 4,
    "crowd": 40,
    "crowd_tables": True,
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory, empty_pictures: None) -> dict[bool, Path]:
    """Return the folders of the same run, with its tables whole and in parts."""
    del empty_pictures
    home = tmp_path_factory.mktemp("runs")
    found = {}
    for stream in (False, True):
        options = RunOptions.load(**SMALL, stream=stream, out=home / f"stream-{stream}")
        found[stream] = run(options)
    return found


def test_tables_of_the_crowd_are_the_same_whole_and_in_parts(folders: dict[bool, Path]) -> None:
    digests = [
        json.loads((one / "manifest.json").read_text(encoding="utf-8"))["crowd"]["digest"]
        for one in folders.values()
    ]
    assert digests[0] == digests[1]
    assert (folders[False] / "crowd" / "trips.parquet").is_file()
    assert (folders[True] / "crowd" / "trips").is_dir()
    assert not list(folders[True].parent.glob("*.crowd-records"))


def test_the_people_of_the_crowd_are_those_of_its_tables(folders: dict[bool, Path]) -> None:
    people = pd.read_parquet(folders[False] / "crowd" / "people.parquet")
    stays = pd.read_parquet(folders[False] / "crowd" / "activities.parquet")
    assert len(people) == 40
    assert set(stays["person"]) == set(people["id"])


def test_rows_are_measured_like_citizens(folders: dict[bool, Path]) -> None:
    for folder in folders.values():
        found = validate(folder, crowd=True, draws=2)
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["crowd"]
        assert found["trips a day"].value == pytest.approx(told["trips"] / 40)
        assert "crowd: 40 people" in found.text()
        assert "every choice by rules" in found.text()


def test_results_for_the_crowd_lie_in_its_folder(folders: dict[bool, Path]) -> None:
    told = CliRunner().invoke(
        cli.APPLICATION, ["validate", str(folders[False]), "--crowd", "--draws", "2"]
    )
    assert told.exit_code == 0, told.output
    assert (folders[False] / "crowd" / "validation" / "validation.json").is_file()


def test_the_manifest_counts_the_rows_of_each_table(folders: dict[bool, Path]) -> None:
    told = json.loads((folders[False] / "manifest.json").read_text(encoding="utf-8"))["crowd"]
    for name, count in told["counts"].items():
        assert len(pd.read_parquet(folders[False] / "crowd" / f"{name}.parquet")) == count


def test_a_replay_shows_the_rows_instead_of_the_citizens(folders: dict[bool, Path]) -> None:
    whole, parts = (Replay.read(folders[stream], crowd=True) for stream in (False, True))
    for replay in (whole, parts):
        replay.go_to(13 * 60)
        assert replay.people == 40
        assert replay.title.endswith(", crowd")
    assert np.array_equal(whole.crowd().x, parts.crowd().x)
    person = int(whole.history.ids[0])
    assert len(whole.history.of_person("activities", person, 1440)) > 1


def test_a_run_whose_crowd_kept_no_tables_says_how_to_keep_them(tmp_path: Path) -> None:
    (tmp_path / "crowd").mkdir()
    manifest = {"crowd": {"people": 3, "digest": ""}, "parameters": {}}
    from mesa_llm_city.experiments.crowd_results import crowd_in

    with pytest.raises(ConfigError, match="run it again with --crowd-tables"):
        crowd_in(tmp_path, manifest)
    with pytest.raises(ConfigError, match="a run without a crowd"):
        crowd_in(tmp_path, {})

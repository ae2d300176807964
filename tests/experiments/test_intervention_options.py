"""Interventions of a run come from files and tables, and a run is repeated with them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.experiments.options import OptionsError
from mesa_llm_city.experiments.unfinished import differences
from mesa_llm_city.simulation.interventions import close

SHOCK = """
[[interventions]]
kind = "close"
zone = 0
start = "day 1 12:00"
minutes = 240
text = "flood"
"""


def test_tables_of_a_config_and_of_files_are_added_up(tmp_path: Path) -> None:
    config, more = tmp_path / "run.toml", tmp_path / "more.toml"
    config.write_text(f"days = 2\n{SHOCK}", encoding="utf-8")
    more.write_text(
        '[[interventions]]\nkind = "wake"\nat = 2024-04-01 12:30:00\n', encoding="utf-8"
    )
    options = RunOptions.load(config, interventions=[str(more)])
    assert [one["kind"] for one in options.interventions] == ["close", "wake"]
    assert options.interventions[1]["at"] == "2024-04-01T12:30:00"
    again = RunOptions(**json.loads(json.dumps(options.to_dict())))
    assert again.interventions == options.interventions


def test_a_config_may_name_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "flood.toml").write_text(SHOCK, encoding="utf-8")
    (tmp_path / "run.toml").write_text('interventions = "flood.toml"\n', encoding="utf-8")
    assert len(RunOptions.load(tmp_path / "run.toml").interventions) == 1


def test_objects_are_options_too_and_nothing_is_written_without_any() -> None:
    options = RunOptions(interventions=[close(zone=0, start=60)])
    assert options.to_dict()["interventions"] == [{"kind": "close", "zone": 0, "start": 60}]
    assert "interventions" not in RunOptions().to_dict()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[interventions]]\nkind = "closing"\n', "there is no kind 'closing'"),
        ("days = 3\n", "must hold tables [[interventions]] and nothing else, but it holds days"),
        ("", "but it holds none"),
    ],
)
def test_files_that_cannot_be_used_are_told(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OptionsError) as caught:
        RunOptions(interventions=[file])
    assert message in str(caught.value)


def test_a_run_that_was_broken_off_goes_on_only_with_the_same_list() -> None:
    flood = RunOptions(interventions=[close(zone=0, start=60)])
    assert differences(flood.to_dict(), flood) == []
    (told,) = differences(RunOptions().to_dict(), flood)
    assert told.startswith("interventions: [{'kind': 'close'")


@pytest.mark.slow
@pytest.mark.usefixtures("empty_pictures")
def test_a_run_is_repeated_from_its_manifest_with_the_same_interventions(tmp_path: Path) -> None:
    file = tmp_path / "flood.toml"
    file.write_text(SHOCK, encoding="utf-8")
    first = run(RunOptions(citizens=8, interventions=[file], out=tmp_path / "first"))
    manifest = json.loads((first / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["config"]["interventions"][0]["text"] == "flood"
    assert manifest["counts"]["interventions"] == 2
    table = pd.read_parquet(first / "interventions.parquet")
    assert table["kind"].tolist() == ["close", "end of close"]
    second = run(RunOptions.load(first / "manifest.json", out=tmp_path / "second"))
    again = json.loads((second / "manifest.json").read_text(encoding="utf-8"))
    assert again["digest"] == manifest["digest"]

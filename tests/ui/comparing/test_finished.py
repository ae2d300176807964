"""Finished runs in folders that are compared: what they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mesa_llm_city.experiments import RunOptions, run

pytest.importorskip("solara")

from mesa_llm_city.ui.comparing.done import Done
from mesa_llm_city.ui.comparing.finished import finished_run
from mesa_llm_city.ui.comparing.runs import differing_options
from mesa_llm_city.ui.page.runner import Runner
from mesa_llm_city.ui.page.sources import Source
from mesa_llm_city.ui.views.replay import Replay

_CHANGE = {"kind": "set", "start": "day 1 07:00", "parameters": {"needs.energy.fall_h": 20.0}}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, empty_pictures: None) -> Path:
    """Return a folder with two runs, of one day and of two."""
    del empty_pictures
    made = tmp_path_factory.mktemp("runs")
    run(RunOptions(citizens=8, out=made / "plain"))
    run(RunOptions(citizens=8, out=made / "other", days=2))
    return made


def test_a_finished_run_tells_its_options_and_what_was_done_to_it(
    home: Path, tmp_path: Path
) -> None:
    manifest = json.loads((home / "plain" / "manifest.json").read_text())
    manifest["config"]["interventions"] = [_CHANGE]
    manifest["acts"] = [{"minute": 480, "kind": "close", "what": {"zone": 1}, "who": "Ada"}]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    city = Replay.read(home / "plain")
    plain = finished_run("plain", home / "plain", city)
    acted = finished_run("acted", tmp_path, city)
    assert plain.done == ()
    assert acted.done == (Done(0, "set", _CHANGE), Done(480, "close", {"zone": 1}))
    assert differing_options(plain, acted) == {}
    manifest["config"]["crowd"] = 200
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    told = (finished_run("x", tmp_path, city, crowd=crowd).hidden_rows for crowd in (False, True))
    assert (plain.hidden_rows, *told) == (0, 200, 0)
    other = finished_run("other", home / "other", city)
    assert differing_options(plain, other) == {"days": (1, 2)}


def test_a_source_of_two_folders_has_them_compared(home: Path) -> None:
    source = Source(folder=home / "plain", second=home / "other", names=("", "two days"))
    assert Source.from_json(source.to_json()) == source
    made = source.make()
    runner = Runner(made)
    forks = source.make_runs(made, runner, source.make_others())
    assert [one.name for one in forks.runs] == ["plain", "two days"]
    assert forks.compared is forks["two days"]
    other = forks["two days"].city
    assert isinstance(other, Replay)
    assert other.end == 2880
    comparison = forks.comparison
    assert comparison is not None
    assert comparison.folders == (home / "plain", home / "other")
    assert comparison.acts == {"plain": [], "two days": []}
    runner.close()

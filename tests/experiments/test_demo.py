"""The demonstration runs with no key and no model, by rules and from the recording."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from mesa_llm_city.cli.application import APPLICATION
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import demo, demo_options
from mesa_llm_city.llm.clients import forbid_requests

DIGEST = "d53c300c35e8981bf99e7d6f5f52d43e"
"""Of the recorded run; the same on all versions of Python and Mesa that are supported."""


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the recorded demonstration."""
    out = tmp_path_factory.mktemp("demo") / "run"
    with forbid_requests():
        told = CliRunner().invoke(APPLICATION, ["demo", "--replay", "--out", str(out), "--quiet"])
    assert told.exit_code == 0, told.output
    return out


@pytest.mark.slow
def test_the_recorded_day_repeats_to_the_last_bit(replayed: Path) -> None:
    assert json.loads((replayed / "manifest.json").read_text())["digest"] == DIGEST


def test_it_says_whose_recording_decided_what(replayed: Path) -> None:
    told = json.loads((replayed / "manifest.json").read_text())
    assert "a recording of local/SmolLM2-135M-Instruct.Q4_1" in told["language_model"]
    assert set(told["calls"]["prompts"]) == {"plan", "mode"}
    assert told["calls"]["stored"] == told["calls"]["calls"] > 50
    decisions = pd.read_parquet(replayed / "decisions.parquet")
    asked = decisions[decisions["source"] == "prompt"]["component"]
    assert set(asked) == {"planner", "mode_choice"}


def test_by_rules_it_is_a_day_of_five_hundred() -> None:
    chosen = demo_options(Path("runs", "demo"))
    assert (chosen.citizens, chosen.days, chosen.asks) == (500, 1, False)


def test_a_missing_recording_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_RECORDING", "none.jsonl.gz")
    with pytest.raises(ConfigError, match=r"the file none\.jsonl\.gz of town_day"):
        demo_options(Path("demo"), replay=True)


@pytest.mark.slow
def test_a_replay_leaves_the_results_of_the_other_demonstration_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    earlier = tmp_path / "runs" / "demo"
    earlier.mkdir(parents=True)
    (earlier / "summary.png").write_text("earlier", encoding="utf-8")
    done = CliRunner().invoke(APPLICATION, ["demo", "--replay", "--quiet"])
    assert done.exit_code == 0
    assert (earlier / "summary.png").read_text(encoding="utf-8") == "earlier"
    assert (tmp_path / "runs" / "demo-replay" / "manifest.json").is_file()

"""Models of society are run from options to a folder: by rules, by a server, from a recording."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from mesa_llm_city.models.community.program import PROGRAM

from mesa_llm_city.core.errors import ConfigError, LLMBudgetError
from mesa_llm_city.experiments.language_model import open_llm
from mesa_llm_city.experiments.options import OptionsError, ProgramOptions
from mesa_llm_city.experiments.program_run import result_lines
from mesa_llm_city.prompts import PromptLibrary
from mesa_llm_city.simulation.society import SocietyModel
from tests.llm.servers import LoopbackServer, serving

SMALL = {"members": 12, "days": 1}


def asked(server: LoopbackServer, out: Path, **changes: Any) -> ProgramOptions:  # noqa: ANN401 - of any option
    """Return a day of twelve members who ask a server."""
    given: dict[str, Any] = {
        "model": "community",
        "options": SMALL,
        "mind": "prompt",
        "llm": "openai/loopback",
        "api_base": server.base_url,
        "out": out,
        "skip_check": True,
        **changes,
    }
    return ProgramOptions(**given)


def manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a run."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def test_a_run_by_rules_leaves_tables_and_a_manifest_that_repeats_it(tmp_path: Path) -> None:
    lines = PROGRAM.simulate({**SMALL, "rng": 3, "social.community.found": 0.5}, tmp_path / "run")
    found = manifest(tmp_path / "run")
    names = {one.name for one in (tmp_path / "run").iterdir()}
    assert names == {
        *("history.csv", "history.parquet", "manifest.json", "members.parquet"),
        *("posts.parquet", "summary.png"),
    }
    assert (found["seed"], found["options"]["days"], found["options"]["changes"]) == (3, 1, None)
    assert found["parameters"] == {"social.community.found": 0.5}
    assert found["language_model"] == "no language model was used"
    assert found["decision_sources"]["rule"] >= found["counts"]["posts"] > 0
    assert lines == result_lines(tmp_path / "run")
    assert any(line.startswith("digest") and line.endswith(found["digest"]) for line in lines)
    again = ProgramOptions.load(tmp_path / "run" / "manifest.json", out=tmp_path / "again")
    assert manifest(PROGRAM.run(again))["digest"] == found["digest"]


def test_a_file_gives_options_that_the_command_line_overlays(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_text(
        "seed = 5\n[options]\nmembers = 30\ndays = 2\n[parameters.social.community]\nfound = 0.1\n",
        encoding="utf-8",
    )
    read = ProgramOptions.load(file, options={"days": 3}, seed=None)
    assert (read.seed, read.options) == (5, {"members": 30, "days": 3})
    assert read.parameters == {"social.community.found": 0.1}


def test_a_language_model_decides_and_its_recording_gives_the_same_run(tmp_path: Path) -> None:
    recording = tmp_path / "answers.jsonl.gz"
    with serving() as server:
        folder = PROGRAM.run(asked(server, tmp_path / "live", record=recording))
    live = manifest(folder)
    assert live["calls"]["sent"] > 0
    assert live["language_model"].endswith("decisions by openai/loopback")
    assert len(pd.read_parquet(folder / "calls.parquet")) == live["calls"]["calls"]
    replay = ProgramOptions(
        model="community", options=SMALL, mind="prompt", replay=recording, out=tmp_path / "replay"
    )
    again = manifest(PROGRAM.run(replay))
    assert again["digest"] == live["digest"]
    assert "a recording of openai/loopback" in again["language_model"]
    assert (again["calls"]["sent"], again["decision_sources"]) == (0, live["decision_sources"])


def test_a_run_over_its_budget_keeps_its_answers_and_is_resumed(tmp_path: Path) -> None:
    with serving() as server:
        with pytest.raises(LLMBudgetError) as error:
            PROGRAM.run(asked(server, tmp_path / "run", max_calls=2, prompts="contribute"))
        assert "go on with --resume" in str(error.value.__notes__)
        assert not (tmp_path / "run").exists()
        assert server.stats.requests == 2
        folder = PROGRAM.run(asked(server, tmp_path / "run", resume=True, prompts="contribute"))
        # Nothing was asked, or paid for, twice.
        assert server.stats.requests == manifest(folder)["calls"]["sent"] > 2


def test_prompts_beside_a_model_come_after_those_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = {name: tmp_path / name for name in ("own/prompts", "users")}
    moderate = PromptLibrary()["moderate"]
    for name, folder in folders.items():
        folder.mkdir(parents=True)
        text = Path(moderate.source).read_text(encoding="utf-8")
        changed = text.replace("# now", f"# now\nSeen by {name}.")
        (folder / "moderate.md").write_text(changed, encoding="utf-8")
    (tmp_path / "own" / "model.py").write_text("", encoding="utf-8")
    monkeypatch.setattr("inspect.getfile", lambda _: str(tmp_path / "own" / "model.py"))
    assert PROGRAM.own_prompts == folders["own/prompts"]
    spec: dict[str, Any] = {"model": "community", "mind": "prompt", "llm": "m", "max_calls": 1}
    spec |= {"api_base": "http://127.0.0.1:9/v1", "own_prompts": PROGRAM.own_prompts}
    for more, seen in (({}, "own/prompts"), ({"prompts_from": folders["users"]}, "users")):
        llm = open_llm(ProgramOptions(**spec, **more))
        assert llm is not None
        assert f"Seen by {seen}." in llm.library.example("moderate").messages[1][1]


def test_impossible_options_are_refused() -> None:
    with pytest.raises(ConfigError, match="no option 'mebers'; did you mean 'members'"):
        PROGRAM.make({"mebers": 3})
    with pytest.raises(ConfigError, match=r"no option 'colour'\. Its options are design"):
        PROGRAM.make({"colour": 3})
    with pytest.raises(ConfigError, match="days must be a whole number, got 'many'"):
        PROGRAM.make({"days": "many"})
    with pytest.raises(ConfigError, match="an option of community has a value of another kind"):
        PROGRAM.make({"design": 3})
    with pytest.raises(OptionsError, match="belongs to a language model; add --mind prompt"):
        ProgramOptions(model="community", max_calls=3)
    with pytest.raises(ConfigError, match="takes no argument colour"):
        replace(PROGRAM, model=SocietyModel, options={"colour": ""})

"""Commands about policies: compile, show, report, and a run that a policy decides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mesa_llm_city.cli.application import APPLICATION
from mesa_llm_city.experiments import RunOptions, simulation_run
from mesa_llm_city.experiments.compiling import policy_run
from tests.llm.servers import serving
from tests.town import small_town

RUN = ["--citizens", "4", "--quiet"]


def _said(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(APPLICATION, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(scope="module", autouse=True)
def _in_a_small_town() -> Iterator[None]:
    """Let commands take a small town, since the usual one takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (policy_run, simulation_run):
            patch.setattr(module, "read_city", lambda _: small_town())
        yield


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a policy about modes, compiled by the command, and what was said."""
    file = tmp_path_factory.mktemp("policies") / "mode.parquet"
    with serving() as server:
        model = ["--model", "openai/loopback", "--api-base", server.base_url, "--skip-check"]
        asked = ["compile", "--prompt", "mode", "--by", "distance,car", "--answers", "2"]
        asked += ["--held-out", "0.3"]
        said = _said(*asked, *model, *RUN, "--out", str(file))
        number = len(server.stats.bodies)
        assert f"{number} calls" in said
        report = _said(
            "policy", "report", "--policy", str(file), *model, "--quiet", "--seeds", "1", "--live"
        )
    return file, f"{said}\n{report}"


def test_a_policy_is_compiled_and_compared(compiled: tuple[Path, str]) -> None:
    file, said = compiled
    names = {one.name for one in file.parent.iterdir()}
    assert names == {"mode.parquet", "mode.json", "mode.sqlite", "mode_report.json"}
    assert "of 4 people" in said
    assert "within  between" in said
    assert "beside rules, 1 seeds" in said
    told = json.loads((file.parent / "mode_report.json").read_text(encoding="utf-8"))
    assert set(told["comparison"]["minds"]) == {"live", "policy", "rule"}
    assert {one["mind"] for one in told["effects"]} == {"policy", "live"}


def test_a_policy_is_shown(compiled: tuple[Path, str]) -> None:
    said = _said("policy", "show", str(compiled[0]), "--cells", "9")
    assert "Policy('mode' by distance, car" in said
    assert "everywhere: " in said


@pytest.mark.usefixtures("empty_pictures")
def test_a_run_is_decided_by_a_policy_and_says_so(
    compiled: tuple[Path, str], tmp_path: Path
) -> None:
    out = tmp_path / "run"
    chosen = ["--mind", "policy", "--policy", f"mode={compiled[0]}"]
    said = _said("run", "town_day", *chosen, *RUN, "--out", str(out))
    assert "no language model was used" in said
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["decision_sources"]["policy"] > 0
    assert manifest["policies"]["mode"]["model"] == "openai/loopback"
    assert len(manifest["policies"]["mode"]["sha256"]) == 64
    again = RunOptions.load(out / "manifest.json")
    assert (again.mind, again.policy_files) == ("policy", (("mode", compiled[0]),))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--mind", "policy"], "--policy: mind policy needs one"),
        (["--policy", "{file}"], "--policy: decides in place of rules; add --mind policy"),
        (["--mind", "policy", "--policy", "plan={file}"], "holds a policy for mode, not for plan"),
        (["--mind", "policy", "--policy", "none.parquet"], "there is no file none.parquet"),
        (
            ["--mind", "policy", "--policy", "{file}", "--policy", "mode={file}"],
            "is a second policy for mode",
        ),
    ],
)
def test_options_that_do_not_fit_are_explained(
    compiled: tuple[Path, str], given: list[str], told: str, tmp_path: Path
) -> None:
    arguments = [one.replace("{file}", str(compiled[0])) for one in given]
    said = _said("run", "town_day", *arguments, *RUN, "--out", str(tmp_path / "x"), code=2)
    assert told in " ".join(said.split())


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--prompt", "mode", "--by", "hours"], "no dimension 'hours'; did you mean 'hour'?"),
        (["--prompt", "talk", "--by", "hour"], "no policy can decide about talk"),
        (["--prompt", "mode", "--by", "car", "--answers", "0"], "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_compiled_is_told_before_anything_is_asked(
    given: list[str], told: str, tmp_path: Path
) -> None:
    out = ["--out", str(tmp_path / "x.parquet")]
    said = _said("compile", *given, "--model", "a/b", "--no-limit", *RUN, *out, code=2)
    assert told in " ".join(said.split())
    assert list(tmp_path.iterdir()) == []


def test_an_estimate_asks_nothing(tmp_path: Path) -> None:
    said = _said(
        *("compile", "--prompt", "mode", "--by", "distance", "--model", "a/b", "--no-limit"),
        *("--price", "1,2", "--estimate", *RUN),
        *("--api-base", "http://127.0.0.1:9/v1", "--out", str(tmp_path / "mode.parquet")),
    )
    assert "calls for" in said
    assert "USD" in said
    assert list(tmp_path.iterdir()) == []

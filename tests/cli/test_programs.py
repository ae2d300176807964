"""Models that are no city are run and shown by the same commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli import application as cli
from mesa_llm_city.cli import serve as cli_serve
from mesa_llm_city.experiments.catalogue import PROGRAM_VARIABLE

SMALL = ("--citizens", 40, "--seed", 3, "--set", "years=2", "--set", "rural_subsidy=9000")


def _call(*words: object) -> Result:
    return CliRunner().invoke(cli.APPLICATION, [str(one) for one in words])


def test_return_migration_is_run_as_other_models(tmp_path: Path) -> None:
    done = _call("run", "return_migration", *SMALL, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["seed"], manifest["years"], manifest["rural_subsidy"]) == (3, 2, 9000.0)
    assert manifest["digest"] in done.output
    assert {"history.csv", "moves.csv", "country.png"} <= {one.name for one in tmp_path.iterdir()}


def test_both_commands_leave_the_same_run(tmp_path: Path) -> None:
    one = _call("run", "return_migration", *SMALL, "--out", tmp_path / "one")
    words = ["--persons", 40, "--seed", 3, "--years", 2, "--subsidy", 9000]
    other = _call("migration", "run", *words, "--out", tmp_path / "other")
    digests = [
        next(line for line in done.output.splitlines() if line.startswith("digest"))
        for done in (one, other)
    ]
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--days", 3, "--mind", "rules"), "has no use for --days, --mind"),
        (("--set", "yers=3"), "the model takes no argument 'yers'"),
        (("--set", "persons=many"), "has a value of another kind"),
        (("--set", "data=nowhere.csv"), "nowhere.csv"),
    ],
)
def test_options_that_cannot_be_are_told(
    more: tuple[object, ...], told: str, tmp_path: Path
) -> None:
    done = _call("run", "return_migration", *more, "--out", tmp_path / "run")
    assert done.exit_code == 2
    assert told in done.stderr
    assert not (tmp_path / "run").exists()


def test_return_migration_is_served_with_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("solara")
    seen: list[dict[str, str]] = []

    def note(what: dict[str, str], **_: Any) -> None:  # noqa: ANN401 - as the command calls it
        seen.append(what)

    monkeypatch.setattr(cli_serve, "_serve", note)
    done = _call("serve", "return_migration", *SMALL)
    assert done.exit_code == 0, done.output
    assert seen[0]["SOLARA_APP"] == "mesa_llm_city.models.return_migration.page"
    options = json.loads(seen[0][PROGRAM_VARIABLE])
    assert options == {"rng": 3, "persons": 40, "years": 2, "rural_subsidy": 9000}


def test_a_model_of_society_is_run_with_people_days_and_parameters(tmp_path: Path) -> None:
    words = ["--citizens", 12, "--days", 1, "--set", "social.community.found=0.5", "--quiet"]
    done = _call(
        "run", "community", *words, "--set", "changes=respect=off", "--out", tmp_path / "r"
    )
    assert done.exit_code == 0, done.output
    manifest = json.loads((tmp_path / "r" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["config"]["options"] == {"members": 12, "days": 1, "changes": "respect=off"}
    assert manifest["parameters"] == {"social.community.found": 0.5}
    assert manifest["digest"] in done.output


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--start", "2024-01-01"), "has no use for --start"),
        (("--mind", "prompt"), "--model: mind prompt asks one model, or replays one recording"),
        (("--max-calls", 3), "--max-calls: belongs to a language model"),
        (("--set", "dais=3"), "no option 'dais'; did you mean 'days'?"),
        (("--set", "social.community.found=2"), "social.community.found"),
    ],
)
def test_options_that_a_model_of_society_cannot_have_are_told(
    more: tuple[object, ...], told: str, tmp_path: Path
) -> None:
    done = _call("run", "community", *more, "--out", tmp_path / "run")
    assert done.exit_code == 2
    assert told in done.stderr
    assert not (tmp_path / "run").exists()


def test_a_model_of_society_is_served_with_the_page_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("solara")
    seen: list[dict[str, str]] = []

    def note(what: dict[str, str], **_: Any) -> None:  # noqa: ANN401 - as the command calls it
        seen.append(what)

    monkeypatch.setattr(cli_serve, "_serve", note)
    done = _call("serve", "community", "--citizens", 12, "--seed", 3)
    assert done.exit_code == 0, done.output
    assert seen[0]["SOLARA_APP"] == "mesa_llm_city.ui.program_page"
    options = json.loads(seen[0][PROGRAM_VARIABLE])
    assert (options["model"], options["seed"], options["options"]) == (
        "community",
        3,
        {"members": 12},
    )


def test_a_city_with_a_page_of_its_own_is_served_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("solara")
    seen: list[dict[str, str]] = []

    def note(what: dict[str, str], **_: Any) -> None:  # noqa: ANN401 - as the command calls it
        seen.append(what)

    monkeypatch.setattr(cli_serve, "_serve", note)
    monkeypatch.setattr(cli_serve, "_show", lambda *_, **__: seen.append({"SOLARA_APP": "city"}))
    done = _call("serve", "city_and_village", "--citizens", 12, "--set", "villages=2")
    assert done.exit_code == 0, done.output
    assert seen[0]["SOLARA_APP"] == "mesa_llm_city.models.city_and_village.page"
    assert json.loads(seen[0][PROGRAM_VARIABLE]) == {"rng": 7, "persons": 12, "villages": 2}
    assert _call("serve", "city_and_village", "--days", 2).exit_code == 0
    assert seen[1]["SOLARA_APP"] == "city"


def test_impossible_options_are_told_before_anything_is_served() -> None:
    done = _call("serve", "return_migration", "--set", "hukou_reform=2")
    assert done.exit_code == 2
    assert "hukou_reform must be a share in [0, 1] a year, got 2" in done.stderr

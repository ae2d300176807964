"""The command line of prompts: what it lists, shows and finds wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli.prompts import PROMPTS
from mesa_llm_city.prompts import PromptLibrary


def call(*arguments: str) -> Result:
    return CliRunner().invoke(PROMPTS, list(arguments))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = Path(PromptLibrary()["mode"].source).read_text(encoding="utf-8")
    (tmp_path / "mode.md").write_text(text.replace("version: 2", "version: 5"), encoding="utf-8")
    return tmp_path


def test_the_list_shows_version_digest_estimate_and_facts() -> None:
    lines = call("list").stdout.splitlines()
    assert len(lines) == len(list(PromptLibrary())) + 2
    mode = next(line for line in lines if line.startswith("mode@2"))
    assert PromptLibrary()["mode"].digest in mode
    assert mode.endswith("person, purpose, when, weather, options")
    assert lines[-1] == "tokens: estimate for the example of each prompt, characters / 4"


def test_an_own_folder_comes_first(folder: Path) -> None:
    assert "mode@5" in call("list", "--folder", str(folder)).stdout


def test_show_prints_the_messages_of_the_example() -> None:
    told = call("show", "mode").stdout
    assert "[system]\nYou decide how one person" in told
    assert 'Answer with one JSON object: {"reason": ..., "choice": ...}' in told
    assert "[user]\nThe person:" in told
    assert "prompt of some" in told


def test_an_unknown_prompt_is_named_and_the_code_is_two() -> None:
    done = call("show", "gossip")
    assert done.exit_code == 2
    assert "error: there is no prompt 'gossip'; the prompts are" in done.stderr


def test_check_lists_the_correct_prompts() -> None:
    done = call("check")
    assert done.exit_code == 0
    names = list(PromptLibrary())
    assert done.stdout == f"{len(names)} prompts are correct: {', '.join(names)}\n"


def test_check_says_what_is_wrong(folder: Path) -> None:
    text = (folder / "mode.md").read_text(encoding="utf-8").replace("{{ purpose }}", "{{ why }}")
    (folder / "mode.md").write_text(text, encoding="utf-8")
    done = call("check", "--folder", str(folder))
    assert done.exit_code == 2
    assert "'why' is undefined" in done.stderr


def test_it_is_part_of_the_program() -> None:
    from mesa_llm_city.cli import application as cli

    done = CliRunner().invoke(cli.APPLICATION, ["prompts", "check"])
    assert done.exit_code == 0

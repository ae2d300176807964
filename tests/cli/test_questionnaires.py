"""The commands about questionnaires."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from mesa_llm_city.cli.application import APPLICATION


def _run(*words: str | Path) -> Result:
    return CliRunner().invoke(APPLICATION, ["questionnaires", *map(str, words)])


def test_those_of_the_package_are_listed_and_shown() -> None:
    assert "life_satisfaction      7 questions" in _run("list").stdout
    shown = _run("show", "values").stdout
    assert "freedom (scale)" in shown
    assert "from 1 to 10: 1 = no choice at all" in shown
    assert "[4] very important" in shown


def test_a_file_is_checked_and_its_defects_are_told(tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.toml", tmp_path / "wrong.toml"
    right.write_text('[[questions]]\nname = "q"\nkind = "open"\ntext = "Rain?"\n')
    wrong.write_text('[[questions]]\nname = "q"\nkind = "grid"\n')
    assert "is correct: 1 questions (open)" in _run("check", right).stdout.replace("\n", " ")
    failed = _run("check", right, wrong)
    assert failed.exit_code != 0
    assert "no text" in failed.output
    assert "kind must be one of" in failed.output

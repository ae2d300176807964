"""The commands that draft and check the description of a survey."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from mesa_llm_city.cli.migration import MIGRATION

ROWS = "hh,age,health,union\n" + "".join(
    f"{row // 2},{20 + row},{row % 3 + 1},{'yes' if row % 3 else 'no'}\n" for row in range(40)
)


def _call(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(MIGRATION, ["schema", *map(str, words)])
    return done.exit_code, done.output


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path / "rows.csv"


def test_a_draft_is_written_and_checked(rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "schema.toml"
    code, told = _call("--from", rows, "--outcome", "union", "--group", "hh", "--out", out)
    assert code == 0, told
    assert "columns  3" in told
    code, told = _call("check", out, "--data", rows)
    assert code == 0, told
    assert "union: no (no), yes (yes); label 1 is yes" in told
    assert "rows      40, of which 65.0% have label 1" in told
    assert "none, so language models refuse it" in told


def test_a_schema_of_the_package_is_checked_by_name() -> None:
    code, told = _call("check", "health_insurance")
    assert code == 0, told
    assert "weight    perweight" in told
    assert "levers    empl, inc" in told


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ((), "a draft needs --from FILE and --outcome NAME"),
        (("check", "nothing.toml"), "there is no schema 'nothing.toml'"),
    ],
)
def test_what_cannot_be_done_is_told(words: tuple[str, ...], problem: str) -> None:
    code, told = _call(*words)
    assert code == 2
    assert problem in " ".join(told.split())

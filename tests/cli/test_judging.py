"""``mesa-llm-city judge``: from folders of runs to a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mesa_llm_city.cli.application import APPLICATION
from mesa_llm_city.experiments.judges import draw_items
from mesa_llm_city.experiments.judges.results import NO_CLAIM
from tests.experiments.judges.sources import source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    draw_items({"a": source(), "b": source()}, kinds=("routine",), trials=2).write(tmp_path)
    return tmp_path


def judge(*arguments: str | Path) -> tuple[int, str]:
    told = CliRunner().invoke(APPLICATION, ["judge", *map(str, arguments)])
    return told.exit_code, told.output


def test_a_rule_judges_and_a_report_claims_nothing(folder: Path) -> None:
    code, told = judge("ask", folder, "--rule")
    assert code == 0, told
    assert "pairs    4 of 4 judged by oddities, 4 of them now" in told
    code, told = judge("report", folder, "--json")
    assert json.loads(told)["claims"] == [NO_CLAIM]


def test_a_form_goes_out_and_comes_in(folder: Path) -> None:
    code, told = judge("form", folder, "--name", "Anna", "--ratings")
    assert code == 0, told
    file = folder / "form_Anna_ratings.csv"
    file.write_text(file.read_text().replace(",,\n", ",3,\n"), encoding="utf-8")
    code, told = judge("read", folder, file, "--name", "Anna")
    assert (code, told) == (0, "4 answers of Anna were taken over\n")


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    code, told = judge("export", f"a={tmp_path}", "--out", tmp_path / "items")
    assert code == 2
    assert "is no folder of a run" in told


def test_two_runs_need_two_labels(tmp_path: Path) -> None:
    code, told = judge("export", f"a={tmp_path}", f"a={tmp_path}")
    assert code == 2
    assert "label of its own" in told


def test_a_model_needs_a_name_and_a_limit(folder: Path) -> None:
    code, told = judge("ask", folder)
    assert code == 2
    assert "--model" in told
    assert "give --model PROVIDER/NAME, or --rule" in " ".join(told.split())

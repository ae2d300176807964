"""The methods card of a trained decision."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mesa_llm_city.cli.migration import MIGRATION
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.card import MethodsCard, methods_card
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.survey.splitting import split
from tests.migration.small_survey import members

PARTS = split(members(600), "grouped", seed=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("card") / "union_model"
    TabularModel("logistic_regression").fit(PARTS.train, PARTS.val).save(place)
    return place


@pytest.fixture(scope="module")
def card(folder: Path) -> MethodsCard:
    return methods_card(folder, PARTS.test, train=PARTS.train, bootstrap=20)


def test_a_card_tells_sample_outcome_protocol_effects_and_hashes(card: MethodsCard) -> None:
    text = card.to_markdown("calibration.png")
    assert text.startswith("# Methods card: union_model")
    assert "label 1 is yes (member)" in text
    assert "A stock" in text
    assert f"- rows: {len(PARTS.test)}" in text
    assert "equal rows" in text
    assert "protocol   grouped" in text
    assert "| Pay |" in text
    assert "![Predicted and observed shares](calibration.png)" in text
    assert card.hashes["schema"] == PARTS.train.schema.hash()
    assert "config.json" in card.hashes
    assert "numpy" in card.versions


def test_the_view_of_missing_values_is_explained(card: MethodsCard) -> None:
    assert "should use the imputed view" in card.to_markdown()


def test_a_card_is_written_by_a_command(folder: Path, tmp_path: Path) -> None:
    PARTS.test.to_frame().to_csv(tmp_path / "test.csv", index=False)
    words = ["card", str(folder), "--data", str(tmp_path / "test.csv"), "--out", str(tmp_path)]
    done = CliRunner().invoke(MIGRATION, [*words, "--bootstrap", "10"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "calibration.png").stat().st_size > 1000
    content = json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))
    assert content["outcome"]["name"] == "union"
    assert "Not examined" in (tmp_path / "card.md").read_text(encoding="utf-8")


def test_a_card_without_rows_is_an_error(folder: Path) -> None:
    with pytest.raises(DataError, match="needs labelled rows"):
        methods_card(folder, PARTS.test.take([]))

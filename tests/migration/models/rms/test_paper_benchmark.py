"""The benchmark of the paper from end to end, with random language models and few rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli.migration import MIGRATION
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.evaluation.benchmark import Benchmark
from mesa_llm_city.migration.evaluation.cell_store import CellStore
from mesa_llm_city.migration.evaluation.paper import paper_plan
from mesa_llm_city.migration.models.loading import load_model
from tests.migration.models.rms.tiny import save_backbone, save_encoder, survey

pytestmark = pytest.mark.slow  # networks are trained

SMALL = ("--rms", "epochs=1", "--rms", "batch_rows=32", "--rms", "precision=fp32")


def call(*arguments: object) -> Result:
    return CliRunner().invoke(MIGRATION, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def options(backbone_path: Path, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    folder = tmp_path_factory.mktemp("paper")
    for part, count, seed in (("train", 60, 1), ("val", 16, 2)):
        table = survey(count, seed=seed, is_travelled=True)
        frame = table.frame.assign(returnee=table.target, hhid=table.group)
        frame.to_csv(folder / f"{part}_x.csv", index=False)
    schema = folder / "schema.json"
    schema.write_text(json.dumps(survey(2).schema.to_json()), encoding="utf-8")
    encoder = save_encoder(folder / "bert")
    return [
        *("benchmark", "--preset", "paper", "--data", folder, "--schema", schema),
        *("--backbone", backbone_path, "--bert", encoder, "--bootstrap", 0, *SMALL),
    ]


def test_all_tables_of_the_paper_are_made_and_a_row_can_be_repeated(
    options: list[object], tmp_path: Path
) -> None:
    other = save_backbone(tmp_path / "other", seed=3)
    listed = ("--methods", "logistic_regression,mlp,bert,prompt,sft,rms")
    added = ("--ablations", "--queries", "2,4", "--backbones", other, "--trajectory", "lived")
    tables = (*listed, *added, "--groups", "work,age:16-38,39-60")
    out = ("--out", tmp_path / "out")
    done = call(*options, *tables, *out)
    assert done.exit_code == 0, done.stderr
    told = json.loads((tmp_path / "out/benchmark.json").read_text(encoding="utf-8"))
    assert told["finished"] == told["total"] == len(told["entries"])
    found = {one["variant"]: one for one in told["entries"]}
    assert {"bert", "zero_shot", "sft", "rms", "mlp", "rms_2_queries", "rms@other"} <= set(found)
    assert found["rms"]["training_rows"] == 60
    assert found["rms"]["chosen_on"]["auc"] >= 0.0
    assert found["rms_trajectory"]["options"]["trajectory"] == "lived"
    text = (tmp_path / "out/benchmark.md").read_text(encoding="utf-8")
    assert "## Number of meta-queries" in text
    assert "| x | RMS-Agent | imputed, shown in text |" in text
    assert not (tmp_path / "out/models").exists() or not any((tmp_path / "out/models").iterdir())
    again = call(*options, *tables, *out)
    assert f"{told['total']} of {told['total']} cells are finished already" in again.stdout
    command = found["bert"]["command"].split()
    assert command[:3] == ["mesa-llm-city", "migration", "benchmark"]
    repeated = call(*command[2:], *out)
    assert repeated.exit_code == 0, repeated.stderr
    assert "x/bert/given/impute" in repeated.stdout
    assert "  as before" in repeated.stdout


def test_an_interrupted_training_is_continued(
    options: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = ("--methods", "rms", "--out", tmp_path, "--keep-models")
    monkeypatch.setattr(CellStore, "add", _interrupted)
    stopped = call(*options, *listed)
    assert stopped.exit_code == 130
    monkeypatch.undo()
    assert call(*options, *listed, "--list").stdout == "to do     x/rms/given/impute\n"
    left = [*(tmp_path / "models").iterdir()]
    assert len(left) == 1
    assert call(*options, *listed).exit_code == 0
    record = json.loads((tmp_path / "cells.jsonl").read_text(encoding="utf-8"))
    assert tmp_path / record["model"] == left[0]
    assert load_model(left[0]).predict_proba(survey(4)).shape == (4, 2)


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_trajectory_must_be_text(backbone_path: Path, tmp_path: Path) -> None:
    plan = paper_plan(methods=("rms",), backbone=str(backbone_path), trajectory="age")
    with pytest.raises(ConfigError, match="trajectory age is of kind number; it must be text"):
        Benchmark(tmp_path, survey(2).schema, plan, out=tmp_path)


def test_further_tables_leave_finished_cells_as_they_are(
    options: list[object], backbone_path: Path, tmp_path: Path
) -> None:
    folder = Path(str(options[4]))
    few: dict[str, Any] = {"methods": ("mlp", "rms"), "backbone": str(backbone_path)}
    tables: dict[str, Any] = {"ablations": True, "queries": (2,), "trajectory": "lived"}
    plain, more = (
        Benchmark(folder, survey(2).schema, paper_plan(**few, **added), out=tmp_path)
        for added in ({}, tables)
    )
    keys = {cell.name: more.key(cell) for cell in more.cells}
    assert len(keys) == len(set(keys.values())) == len(plain.cells) + 8
    assert {cell.name: plain.key(cell) for cell in plain.cells}.items() <= keys.items()

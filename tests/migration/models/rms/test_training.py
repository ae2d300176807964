"""Training: resumable, bounded, and loud when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.models.base import OneClassWarning
from mesa_llm_city.migration.models.rms.agent import RMSAgent
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.trained_model import TrainedModel
from mesa_llm_city.migration.models.rms.training import TrainingError, train
from mesa_llm_city.migration.models.rms.training_state import Progress
from tests.migration.models.rms.tiny import survey

pytestmark = pytest.mark.slow  # networks are trained


class KilledError(Exception):
    """Stands for the end of the process."""


def _options(backbone_path: Path, **options: Any) -> dict[str, Any]:  # noqa: ANN401
    fixed = {"backbone": str(backbone_path), "precision": "fp32", "batch_rows": 16}
    return {**fixed, "epochs": 3, "evaluate_rows": 64, "average": 0.9, **options}


def _kill_at(rows: int) -> Any:  # noqa: ANN401
    def report(progress: Progress) -> None:
        if progress.rows >= rows:
            raise KilledError

    return report


def test_training_finds_the_rule_of_the_synthetic_survey(backbone_path: Path) -> None:
    options = _options(backbone_path, epochs=6)
    agent = RMSAgent(**options).fit(survey(400), survey(200, seed=2))
    assert max(point.val_auc or 0.0 for point in agent.curve) > 0.8


def test_an_interrupted_training_continues_with_the_same_result(
    backbone_path: Path, tmp_path: Path
) -> None:
    table, held_out = survey(160), survey(80, seed=2)
    options = _options(backbone_path)
    whole = RMSAgent(**options).fit(table, held_out).predict_proba(held_out)
    with pytest.raises(KilledError):
        RMSAgent(**options).fit(table, held_out, folder=tmp_path, report=_kill_at(240))
    progress: list[Progress] = []
    resumed = RMSAgent(**options).fit(table, held_out, folder=tmp_path, report=progress.append)
    assert progress[0].rows > 64
    assert np.array_equal(resumed.predict_proba(held_out), whole)


def test_an_interrupted_training_leaves_its_best_checkpoint(
    backbone_path: Path, tmp_path: Path
) -> None:
    table, held_out = survey(160), survey(80, seed=2)
    with pytest.raises(KilledError):
        RMSAgent(**_options(backbone_path)).fit(
            table, held_out, folder=tmp_path, report=_kill_at(240)
        )
    p = RMSAgent.load(tmp_path).predict_proba(held_out)
    assert np.isfinite(p).all()


def test_a_refitted_agent_learns_from_all_rows_for_the_epochs_that_were_best(
    backbone_path: Path,
) -> None:
    table, held_out = survey(96), survey(64, seed=2)
    options = _options(backbone_path, epochs=2, evaluate_rows=48)
    steps: list[Progress] = []
    once = RMSAgent(**options).fit(table, held_out)
    again = RMSAgent(**options, refit=True).fit(table, held_out, report=steps.append)
    best = min(once.curve, key=lambda point: point.val_log_loss or 9.0)
    first = 2 * 96 // 16
    refitted = [step.rows for step in steps[first:]]
    assert again.calibration == once.calibration
    assert again.curve == once.curve
    assert refitted[-1] == -(-best.rows * 160 // 96 // 16) * 16
    assert not np.array_equal(again.predict_proba(held_out), once.predict_proba(held_out))


def test_an_interrupted_refit_continues_with_the_same_result(
    backbone_path: Path, tmp_path: Path
) -> None:
    table, held_out = survey(96), survey(64, seed=2)
    options = _options(backbone_path, epochs=2, refit=True)
    whole = RMSAgent(**options).fit(table, held_out).predict_proba(held_out)
    steps: list[Progress] = []

    def killed_at_the_end(progress: Progress) -> None:
        steps.append(progress)
        if len(steps) > 2 * 96 // 16 + 2:
            raise KilledError

    with pytest.raises(KilledError):
        RMSAgent(**options).fit(table, held_out, folder=tmp_path, report=killed_at_the_end)
    resumed = RMSAgent(**options).fit(table, held_out, folder=tmp_path)
    assert np.array_equal(resumed.predict_proba(held_out), whole)


def test_a_state_of_other_rows_or_options_is_an_error(backbone_path: Path, tmp_path: Path) -> None:
    RMSAgent(**_options(backbone_path, epochs=1)).fit(survey(64), folder=tmp_path)
    with pytest.raises(DataError, match="learning_rate was"):
        RMSAgent(**_options(backbone_path, epochs=1, learning_rate=0.01)).fit(
            survey(64), folder=tmp_path
        )
    (tmp_path / "training" / "training.safetensors").write_bytes(b"garbage")
    with pytest.raises(DataError, match="no state of training"):
        RMSAgent(**_options(backbone_path, epochs=1)).fit(survey(64), folder=tmp_path)


def test_training_stops_early_and_keeps_the_best_parameters(backbone_path: Path) -> None:
    draws = np.random.default_rng(0)
    table, held_out = survey(64), survey(200, seed=2)
    held_out.target[:] = draws.permutation(held_out.target)
    options = _options(backbone_path, epochs=50, patience=2, average=0.0, learning_rate=0.01)
    agent = RMSAgent(**options).fit(table, held_out)
    losses = [point.val_log_loss or 0.0 for point in agent.curve]
    assert len(losses) < 50
    assert losses.index(min(losses)) == len(losses) - 3


def test_training_ends_within_its_budget(backbone_path: Path) -> None:
    config = RMSConfig(**_options(backbone_path, epochs=1000, budget_s=10.0))
    model, table = TrainedModel.for_training(survey(64), config), survey(64)

    def seconds() -> Iterator[float]:
        now = 0.0
        while True:
            yield now
            now += 0.1

    ticking = seconds()
    curve = train(model.network, model.read(table), table.target, clock=lambda: next(ticking))
    assert 0 < curve[-1].rows < 64 * 100


def test_a_loss_that_is_not_finite_stops_training_and_keeps_the_checkpoint(
    backbone_path: Path, tmp_path: Path
) -> None:
    table, held_out = survey(160), survey(80, seed=2)
    poisoned: list[RMSAgent] = []

    def poison(progress: Progress) -> None:
        if progress.rows == 240:
            model = poisoned[0]._model
            assert model is not None
            with torch.no_grad():
                model.network.queries.fill_(torch.nan)

    poisoned.append(RMSAgent(**_options(backbone_path)))
    with pytest.raises(TrainingError, match="lower learning_rate"):
        poisoned[0].fit(table, held_out, folder=tmp_path, report=poison)
    assert np.isfinite(RMSAgent.load(tmp_path).predict_proba(held_out)).all()


def test_batches_divided_by_memory_give_the_same_result(backbone_path: Path) -> None:
    options = _options(backbone_path, epochs=1, dropout=0.0)
    table = survey(64)
    ample = RMSAgent(**options).fit(table).predict_proba(table)
    scarce = RMSAgent(**options, memory_mb=0.2).fit(table).predict_proba(table)
    assert np.allclose(ample, scarce, atol=1e-4)


def test_labels_that_are_all_the_same_are_an_error(backbone_path: Path) -> None:
    table = survey(32)
    table.target[:] = 1
    with pytest.raises(DataError, match="all have the same label"):
        RMSAgent(**_options(backbone_path)).fit(table)


def test_validation_rows_of_one_class_are_said_and_not_used(backbone_path: Path) -> None:
    table = survey(32)
    table.target[:] = 1
    agent = RMSAgent(**_options(backbone_path, epochs=1))
    with pytest.warns(OneClassWarning, match="the 32 validation rows are of one class"):
        agent.fit(survey(32, seed=2), table)
    assert agent.calibration is None


def test_heavier_rows_count_more(backbone_path: Path) -> None:
    table = survey(60)
    weight = np.where(table.target == 1, 5.0, 1.0)
    options: Any = {"precision": "fp32", "epochs": 2, "batch_rows": 16}
    mean = {}
    for name, rows in {"plain": table, "heavy": replace(table, weight=weight)}.items():
        agent = RMSAgent(backbone=str(backbone_path), **options).fit(rows)
        mean[name] = agent.predict_proba(table)[:, 1].mean()
    assert mean["heavy"] > mean["plain"] + 0.02

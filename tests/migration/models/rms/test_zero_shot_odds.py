"""Zero-shot answers of a language model, by the odds of its words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.models.loading import load_model
from mesa_llm_city.migration.models.training_rows import training_rows_of
from mesa_llm_city.migration.models.zero_shot_odds import ZeroShotModel
from tests.migration.models.rms.tiny import survey

ROWS = survey(8, seed=3)


def model_of(backbone_path: Path) -> ZeroShotModel:
    return ZeroShotModel(
        backbone=str(backbone_path), path="text", style="compact", precision="fp32"
    )


def test_labels_do_not_change_what_it_answers(backbone_path: Path) -> None:
    table = survey(24)
    flipped = type(table)(
        frame=table.frame,
        target=1 - table.target,
        group=table.group,
        schema=table.schema,
    )
    p = model_of(backbone_path).fit(table, survey(12, seed=2)).predict_proba(ROWS)
    assert np.array_equal(p, model_of(backbone_path).fit(flipped).predict_proba(ROWS))
    assert len(np.unique(p[:, 1])) > 4


def test_a_loaded_model_predicts_the_same_to_the_last_bit(
    backbone_path: Path, tmp_path: Path
) -> None:
    model = model_of(backbone_path).fit(survey(24), folder=tmp_path)
    p = model.predict_proba(ROWS)
    again = ZeroShotModel.load(tmp_path)
    assert np.array_equal(again.predict_proba(ROWS), p)
    assert np.array_equal(load_model(tmp_path).predict_proba(ROWS), p)
    rows = training_rows_of(again)
    assert rows is not None
    assert rows.separation(survey(24)).train_rows == 1.0


def test_fixed_options_cannot_be_changed(backbone_path: Path) -> None:
    with pytest.raises(ConfigError, match="adapter_rank cannot be chosen"):
        ZeroShotModel(backbone=str(backbone_path), adapter_rank=8)

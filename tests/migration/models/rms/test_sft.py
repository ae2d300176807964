"""Supervised fine-tuning of the decoder's own words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.models.rms.agent import RMSAgent
from mesa_llm_city.migration.models.sft import SFTModel
from mesa_llm_city.migration.models.training_rows import training_rows_of
from tests.migration.models.rms.tiny import survey


@pytest.mark.slow
def test_a_loaded_model_predicts_the_same_to_the_last_bit(
    backbone_path: Path, tmp_path: Path
) -> None:
    model = SFTModel(backbone=str(backbone_path), epochs=2)
    p = model.fit(survey(64), survey(32, seed=2)).predict_proba(survey(16, seed=3))
    model.save(tmp_path)
    again = SFTModel.load(tmp_path)
    assert np.array_equal(again.predict_proba(survey(16, seed=3)), p)
    rows = training_rows_of(again)
    assert rows is not None
    assert rows.separation(survey(64)).train_rows == 1.0


def test_fixed_options_cannot_be_changed(backbone_path: Path) -> None:
    with pytest.raises(ConfigError, match="queries"):
        SFTModel(backbone=str(backbone_path), queries=4)


def test_a_checkpoint_of_another_method_is_an_error(backbone_path: Path, tmp_path: Path) -> None:
    RMSAgent(backbone=str(backbone_path), epochs=1).fit(survey(32)).save(tmp_path)
    with pytest.raises(ConfigError, match="not written by SFTModel"):
        SFTModel.load(tmp_path)

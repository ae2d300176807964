"""Attention of the meta-queries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.models.rms.agent import RMSAgent
from mesa_llm_city.migration.models.rms.attention import features_of_tokens
from mesa_llm_city.migration.models.rms.curves import draw_curves
from tests.migration.models.rms.tiny import survey

pytestmark = pytest.mark.slow  # networks are trained


@pytest.mark.parametrize("path", ["cells", "text"])
def test_the_attention_of_each_query_to_features_has_sum_1(
    backbone_path: Path, tmp_path: Path, path: str
) -> None:
    agent = RMSAgent(backbone=str(backbone_path), path=path, epochs=1, queries=2)
    table = survey(40)
    p = agent.fit(table).predict_proba(table)
    attention = agent.attention_of(table.take(np.arange(20)))
    assert attention.features == ("Age", "Wage", "Work")
    assert np.allclose(attention.weights.sum(axis=1), 1.0)
    assert (attention.weights > 0).all()
    attention.draw(tmp_path / "attention.png")
    assert (tmp_path / "attention.png").read_bytes().startswith(b"\x89PNG")
    assert np.array_equal(agent.predict_proba(table), p)


def test_a_token_belongs_to_the_last_label_before_it() -> None:
    text = "Profile\nAge: 3;\nWage: 4;\nAnswer:"
    offsets = [(i, i + 1) for i in range(len(text))]
    owner = features_of_tokens(text, offsets, ["Age", "Wage"])
    assert [i for i, o in enumerate(owner) if o == 0] == list(range(8, 15))
    assert [i for i, o in enumerate(owner) if o == 1] == list(range(16, 24))


def test_attention_needs_queries(backbone_path: Path) -> None:
    agent = RMSAgent(backbone=str(backbone_path), queries=0, epochs=1).fit(survey(32))
    with pytest.raises(ConfigError, match="queries is 0"):
        agent.attention_of(survey(4))


def test_the_learning_curve_is_drawn(backbone_path: Path, tmp_path: Path) -> None:
    agent = RMSAgent(backbone=str(backbone_path), epochs=2, evaluate_rows=32)
    agent.fit(survey(64), survey(32, seed=2))
    draw_curves(agent.curve, tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ConfigError, match="train first"):
        draw_curves([], tmp_path / "none.png")

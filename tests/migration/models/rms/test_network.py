"""The network: what enters, in which order, and what is read off (eqs. 1, 4, 5)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mesa_llm_city.migration.models.rms.agent import RMSAgent
from mesa_llm_city.migration.models.rms.backbone import load_backbone
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.inputs import Inputs, padded
from mesa_llm_city.migration.models.rms.network import LinearHead, RMSNetwork
from mesa_llm_city.migration.models.rms.trained_model import TrainedModel
from mesa_llm_city.migration.models.rms.vectors import CellVectors
from tests.migration.models.rms.tiny import survey

pytestmark = pytest.mark.slow  # networks are trained


def _model(backbone_path: Path, **options: Any) -> TrainedModel:  # noqa: ANN401
    config = RMSConfig(backbone=str(backbone_path), precision="fp32", **options)
    return TrainedModel.for_training(survey(40), config)


def test_v_and_the_queries_follow_the_text_in_this_order(backbone_path: Path) -> None:
    model = _model(backbone_path, queries=3)
    network = model.network.eval()
    inputs = model.read(survey(2))
    tokens = network.appended_tokens(inputs)
    assert network.tabular is not None
    assert tokens.shape[1] == 4 == network.appended_count
    assert torch.equal(tokens[:, :1], network.tabular(torch.as_tensor(inputs.features)))
    assert torch.equal(tokens[0, 1:], network.queries)


def test_new_tokens_have_the_size_of_token_vectors(backbone_path: Path) -> None:
    model = _model(backbone_path)
    tokens = model.network.eval().appended_tokens(model.read(survey(40)))
    size = tokens.square().mean().sqrt()
    assert 0.5 < float(size.detach()) / model.backbone.scale < 2.0


@pytest.mark.parametrize("path", ["cells", "text"])
def test_padding_and_other_rows_do_not_change_a_row(backbone_path: Path, path: str) -> None:
    agent = RMSAgent(backbone=str(backbone_path), path=path, epochs=1, precision="fp32")
    table = survey(40)
    agent.fit(table)
    p = agent.predict_proba(table)
    order = np.random.default_rng(0).permutation(len(table))
    assert np.array_equal(agent.predict_proba(table.take(order)), p[order])
    assert np.array_equal(agent.predict_proba(table.take(np.arange(3))), p[:3])


def test_the_fast_path_equals_the_whole_text_for_a_single_cell(
    backbone_path: Path,
) -> None:
    """One column, whose cell is one token: no cell before it, and its last token is all of it."""
    backbone = load_backbone(backbone_path)
    config = RMSConfig(backbone=str(backbone_path), tabular=False, adapter_rank=0)
    cells = CellVectors(backbone, opening="Who:", widths=[1])
    number = cells.index([np.array(["a"], dtype=object)], rows=1)
    fast = RMSNetwork(backbone, config, features=1, cells=cells).eval()
    whole = RMSNetwork(backbone, config, features=1).eval()
    ids = padded([backbone.ids_of("Who:a")], left=True, multiple=8)
    with torch.no_grad():
        by_cells = fast.state(Inputs.of(np.zeros((1, 1)), number))
        by_text = whole.state(Inputs.of(np.zeros((1, 1)), ids))
    assert torch.allclose(by_cells, by_text, atol=1e-5)


def test_probabilities_are_the_sigmoid_of_a_linear_function_of_the_state(
    backbone_path: Path,
) -> None:
    model = _model(backbone_path)
    network, inputs = model.network.eval(), model.read(survey(8))
    assert isinstance(network.head, LinearHead)
    linear = network.head.linear
    with torch.no_grad():
        linear.weight.normal_()
        wanted = torch.sigmoid(network.state(inputs) @ linear.weight.T + linear.bias)[:, 0]
        assert torch.allclose(network(inputs), wanted)


def test_an_untrained_head_predicts_one_half(backbone_path: Path) -> None:
    model = _model(backbone_path)
    with torch.no_grad():
        assert torch.allclose(model.network(model.read(survey(5))), torch.tensor(0.5))


@pytest.mark.parametrize(
    "options",
    [
        {"queries": 0},
        {"tabular": False},
        {"text": False},
        {"queries": 0, "tabular": False},
        {"head": "generative"},
        {"path": "text", "head": "generative", "queries": 0, "tabular": False},
        {"path": "text", "style": "compact", "language": "zh"},
        {"adapter_rank": 0},
        {"text_missing": "impute", "missing": "impute"},
        {"memory_mb": 0.05},
    ],
)
def test_every_variant_can_be_trained_and_predicts(
    backbone_path: Path, options: dict[str, Any]
) -> None:
    agent = RMSAgent(backbone=str(backbone_path), epochs=1, precision="fp32", **options)
    p = agent.fit(survey(64), survey(32, seed=2)).predict_proba(survey(16, seed=3))
    assert p.shape == (16, 2)
    assert np.allclose(p.sum(axis=1), 1.0)


def test_a_trajectory_that_is_a_token_is_not_told_in_the_text(backbone_path: Path) -> None:
    table = survey(24, is_travelled=True)
    options: dict[str, Any] = {"path": "text", "trajectory": "lived", "adapter_rank": 0}
    agent = RMSAgent(backbone=str(backbone_path), **options).start(table)
    reader = agent._fitted().reader
    assert not any("Sichuan" in text for text in reader.texts(table))
    assert all("Wage" in text for text in reader.texts(table))


def test_a_trajectory_is_learnt_if_it_determines_the_label(backbone_path: Path) -> None:
    options: dict[str, Any] = {"text": False, "tabular": False, "precision": "fp32"}
    agent = RMSAgent(
        backbone=str(backbone_path), trajectory="lived", epochs=8, batch_rows=16, **options
    )
    table = survey(200, is_travelled=True)
    p = agent.fit(table).predict_proba(table)[:, 1]
    assert ((p > 0.5) == (table.target == 1)).mean() > 0.95

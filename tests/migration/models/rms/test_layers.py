"""Layers that are passed by, or feed one position forward."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch

from mesa_llm_city.migration.models.rms.backbone import load_backbone
from mesa_llm_city.migration.models.rms.layers import last_position_only


@pytest.mark.parametrize("positions", [1, 5])
def test_the_last_position_is_as_in_the_whole_highest_layer(
    backbone_path: Path, positions: int
) -> None:
    body: Any = load_backbone(backbone_path).body
    states = torch.randn(3, positions, 32, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        whole = body(inputs_embeds=states).last_hidden_state[:, -1]
        short = last_position_only(deepcopy(body))(inputs_embeds=states).last_hidden_state[:, -1]
    assert torch.allclose(short, whole, atol=1e-6)


def test_only_the_last_position_is_fed_forward(backbone_path: Path) -> None:
    body: Any = last_position_only(deepcopy(load_backbone(backbone_path).body))
    seen: list[tuple[int, ...]] = []
    body.layers[-1].mlp.gate_proj.register_forward_pre_hook(
        lambda _, given: seen.append(tuple(given[0].shape))
    )
    body(inputs_embeds=torch.zeros(3, 5, 32))
    assert seen == [(3, 1, 32)]

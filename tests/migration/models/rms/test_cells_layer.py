"""Keys and values of cells, with room for the tokens behind them."""

from __future__ import annotations

import pytest
import torch

from mesa_llm_city.migration.models.rms.cells_layer import CellsLayer


def _layer() -> CellsLayer:
    """Return one row of two cells with the numbers 1 and 2, and room for one token."""
    numbers = torch.tensor([1.0, 2.0, 9.0]).view(1, 1, 3, 1)
    return CellsLayer(numbers, 10 * numbers, length=2)


def test_a_token_is_written_behind_the_cells() -> None:
    layer = _layer()
    token = torch.full((1, 1, 1, 1), 3.0)
    assert layer.get_seq_length() == 2
    assert layer.get_mask_sizes(1) == (3, 0)
    keys, values = layer.update(token, -token)
    assert keys.flatten().tolist() == [1.0, 2.0, 3.0]
    assert values.flatten().tolist() == [10.0, 20.0, -3.0]
    assert layer.get_seq_length() == 3


def test_gradients_reach_a_token() -> None:
    token = torch.full((1, 1, 1, 1), 3.0, requires_grad=True)
    keys, _ = _layer().update(token, token)
    torch.autograd.backward(keys.square().sum())
    assert token.grad is not None
    assert token.grad.item() == 6.0


def test_more_tokens_than_there_is_room_for_are_refused() -> None:
    layer, two = _layer(), torch.zeros(1, 1, 2, 1)
    with pytest.raises(ValueError, match="there is room for 3 positions, got 4"):
        layer.update(two, two)

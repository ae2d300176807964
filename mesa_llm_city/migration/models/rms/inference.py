"""Prediction of log odds, such that the result of a row does not depend on other rows.

A matrix product may round differently for another number of rows. So rows are computed in
blocks of a fixed size, filled if necessary, and on the text path with the width of their
class of length. Then neither order nor number of rows changes a prediction.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from mesa_llm_city.migration.models.rms.inputs import Inputs
from mesa_llm_city.migration.models.rms.network import RMSNetwork

__all__ = ["log_odds_of", "rows_at_once"]

_CELL_BLOCK, _TEXT_BLOCK = 64, 8  # rows
_CLASS = 8  # text lengths are rounded up to a multiple of this
_STATES = 40  # numbers kept per position, layer and unit of width when training


def log_odds_of(network: RMSNetwork, inputs: Inputs) -> NDArray[np.float64]:
    """Return the log odds of label 1 of every row, shape (n,); equal rows are computed once."""
    distinct, place = inputs.distinct()
    return _log_odds(network, inputs.take(distinct, is_padded=True))[place]


def _log_odds(network: RMSNetwork, inputs: Inputs) -> NDArray[np.float64]:
    network.eval()
    odds = np.empty(len(inputs), dtype=np.float64)
    with torch.inference_mode():
        for rows, size in _blocks(network, inputs):
            # The last row is repeated to fill a block that is not full.
            filled = np.concatenate([rows, np.repeat(rows[-1:], size - len(rows))])
            block = network.log_odds(inputs.take(filled)).double().cpu().numpy()
            odds[rows] = block[: len(rows)]
    return odds


def rows_at_once(network: RMSNetwork, words: int, *, limit: int) -> int:
    """Return how many rows with `words` tokens fit into `RMSConfig.memory_mb`, 1 to `limit`.

    The estimate counts the states of a training pass, about 40 numbers for each position,
    layer and unit of width, and the attention of every position to every other.
    """
    config, cells = network.body.config, network.cells
    positions = network.appended_count + (words if cells is None else 0)
    cached = 0 if cells is None else words + cells.opening_length
    width, heads = config.hidden_size, config.num_attention_heads
    attention = heads * positions * (positions + cached)
    per_layer = _STATES * positions * width + 4 * attention + 4 * cached * width
    size = torch.finfo(network.kind).bits // 8
    row_mb = config.num_hidden_layers * per_layer * size / 2**20
    return int(np.clip(network.config.memory_mb / row_mb, 1, limit))


def _blocks(network: RMSNetwork, inputs: Inputs) -> Iterator[tuple[NDArray[np.int64], int]]:
    """Yield rows of one class of length, at most those of a block, and the size of the block."""
    limit = _TEXT_BLOCK if network.cells is None else _CELL_BLOCK
    kind = -(-inputs.lengths() // _CLASS)
    for length in np.unique(kind):
        rows = np.flatnonzero(kind == length)
        size = rows_at_once(network, int(length) * _CLASS, limit=limit)
        for start in range(0, len(rows), size):
            yield rows[start : start + size], size

"""Keys and values of one layer for rows of cells, with room for the tokens behind them."""

from __future__ import annotations

from torch import Tensor
from transformers.cache_utils import DynamicLayer

__all__ = ["CellsLayer"]


class CellsLayer(DynamicLayer):
    """Keys and values of one layer, to which tokens are added once, without copying the others.

    Parameters
    ----------
    keys, values : Tensor, shape (n, heads, length + room, width)
        Those of the cells, and any numbers where the tokens will be; they are written to.
    length : int
        Number of positions of the cells.
    """

    def __init__(self, keys: Tensor, values: Tensor, *, length: int) -> None:
        super().__init__()
        self.keys, self.values, self.length = keys, values, length
        self.dtype, self.device, self.is_initialized = keys.dtype, keys.device, True

    def update(
        self,
        key_states: Tensor,
        value_states: Tensor,
        *args: object,
        **options: object,
    ) -> tuple[Tensor, Tensor]:
        """Add the keys and values of tokens; return those of all positions."""
        del args, options
        end = self.length + key_states.shape[-2]
        if end > self.keys.shape[-2]:
            message = f"there is room for {self.keys.shape[-2]} positions, got {end}"
            raise ValueError(message)
        self.keys[..., self.length : end, :] = key_states
        self.values[..., self.length : end, :] = value_states
        self.length = end
        return self.keys[..., :end, :], self.values[..., :end, :]

    def get_seq_length(self) -> int:
        """Return the number of positions that are filled."""
        return self.length

"""Keys and values of one layer for rows of cells, with room for the tokens behind them."""

from __future__ import annotations

from torch import Tensor
from transformers.cache_utils import DynamicLayer

__all__ = ["CellsLayer"]


class CellsLayer(DynamicLayer):  # type: ignore[no-untyped-call]
    """Keys and values of one layer, to which tokens are added once, without copying the others.

    Parameters
    ----------
    keys, values : Tensor, shape (n, heads, length + room, width)
        Those of the cells, and any numbers where the tokens will be; they are written to.
    length : int
        Number of positions of the cells.
    """

    def __init__(self, keys: Tensor, values: Tensor, *, length: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
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
        keys, values = self.keys, self.values
        assert keys is not None  # noqa: S101 - for the type checker
        assert values is not None  # noqa: S101 - as above
        end = self.length + key_states.shape[-2]
        if end > keys.shape[-2]:
            message = f"there is room for {keys.shape[-2]} positions, got {end}"
            raise ValueError(message)
        keys[..., self.length : end, :] = key_states
        values[..., self.length : end, :] = value_states
        self.length = end
        return keys[..., :end, :], values[..., :end, :]

    def get_seq_length(self) -> int:
        """Return the number of positions that are filled."""
        return self.length

"""The fast path: every distinct cell of a table is computed once, not once for each row.

A table of thousands of persons has a few hundred distinct cells such as "Marital status:
married". Each is run through the frozen decoder once, after the common opening text and at
the positions of its column in the profile, and the keys and values of its last token are
kept for every layer. A row consists of the keys and values of its cells; only v and the
meta-queries, N + 1 positions, pass through the decoder for each row, and only they are
adapted.

Differences from the whole text: a cell does not attend to the cells before it, numbers are
rounded, and adapters do not change the text. Attention without links between independent
passages at unchanged positions is known as block or parallel-context attention (Ratner et
al., 2023, "Parallel Context Windows for Large Language Models", ACL,
https://doi.org/10.18653/v1/2023.acl-long.352).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import torch
from numpy.typing import NDArray
from pandas import factorize, unique
from torch import Tensor
from transformers import DynamicCache

from mesa_llm_city.migration.models.rms.backbone import Backbone
from mesa_llm_city.migration.models.rms.cells_layer import CellsLayer

__all__ = ["CellVectors", "widths_of"]


class CellVectors:
    """Keys and values of cells, for every layer of a frozen decoder.

    Parameters
    ----------
    backbone : Backbone
        The decoder, before adapters are put beside its maps.
    opening : str
        Text before the profile, common to all rows.
    widths : sequence of int
        Number of positions of each column; see `widths_of`.
    upper : int, optional
        Number of the highest layers for which keys and values are kept; all by default.

    Notes
    -----
    A cell is computed alone, in a batch of one, so that its vectors do not depend on other
    cells, to the last bit.
    """

    def __init__(
        self,
        backbone: Backbone,
        *,
        opening: str,
        widths: Sequence[int],
        upper: int | None = None,
    ) -> None:
        self._backbone = backbone
        self._opened = opened = backbone.whole_ids_of(opening)
        self._lower = 0 if upper is None else max(backbone.depth - upper, 0)
        self._known: dict[tuple[int, str], int] = {}
        self._starts = [len(opened) + before for before in accumulate(widths, initial=0)]
        backbone.check_length(self.end)
        self._opening = self._run(opened, None, 0)
        self._vectors: list[tuple[Tensor, Tensor]] = []
        self._stacked: tuple[Tensor, Tensor] | None = None

    def __len__(self) -> int:
        """Return the number of distinct cells computed so far."""
        return len(self._known)

    @property
    def columns(self) -> int:
        """Number of columns of a profile."""
        return len(self._starts) - 1

    @property
    def end(self) -> int:
        """The position after the profile."""
        return self._starts[-1]

    @property
    def opening_length(self) -> int:
        """Number of tokens before the first cell."""
        return self._starts[0]

    def index(self, texts: Sequence[NDArray[np.object_]], *, rows: int) -> NDArray[np.int64]:
        """Return the numbers of the cells of some rows; new cells are computed.

        Parameters
        ----------
        texts : sequence of ndarray of str, shape (columns)(n,)
            Text of each column for each row.
        rows : int
            Number of rows n, needed if there are no columns.

        Returns
        -------
        ndarray of int64, shape (n, columns)
        """
        numbers = np.zeros((rows, len(texts)), dtype=np.int64)
        for column, cells in enumerate(texts):
            numbers[:, column] = self._column(column, cells)
        return numbers

    def cache_of(self, cells: NDArray[np.int64], *, room: int) -> DynamicCache:
        """Return the cache of the decoder for some rows.

        Parameters
        ----------
        cells : ndarray of int64, shape (n, columns)
            Numbers of cells.
        room : int
            Number of tokens that will be added to each row.
        """
        keys, values = self._all()
        before = self._with_opening(cells)
        # Gathered once with the room: the first vector stands where the tokens will be.
        filled = np.pad(before, ((0, 0), (0, room)))
        number = torch.as_tensor(filled, device=keys.device)
        # For layers that v and the queries do not pass, only the length matters.
        empty = keys.new_zeros(len(number), 1, number.shape[1], 1)
        layers = [(empty, empty)] * self._lower
        layers += [
            (_taken(key, number), _taken(value, number))
            for key, value in zip(keys, values, strict=True)
        ]
        cache = DynamicCache()
        cache.layers = [CellsLayer(*layer, length=before.shape[1]) for layer in layers]
        return cache

    @property
    def entry_scale(self) -> float:
        """Size of the hidden states where v and the queries enter: the median over tokens."""
        ids = torch.tensor([self._opened], device=self._backbone.embeddings.device)
        with torch.no_grad():
            states = self._backbone.body(input_ids=ids, output_hidden_states=True).hidden_states
        sizes = states[self._lower][0].float().square().mean(dim=-1).sqrt()
        # The first token is often a hundred times larger than the others.
        return float(sizes.median())

    def _with_opening(self, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return for each row the numbers of the tokens of the opening, then those of its cells."""
        opening = np.broadcast_to(np.arange(self.opening_length), (len(cells), self.opening_length))
        return np.concatenate([opening, self.opening_length + cells], axis=1)

    def _column(self, column: int, cells: NDArray[np.object_]) -> NDArray[np.int64]:
        place, distinct = factorize(cells, sort=True)
        numbers = np.array([self._number(column, str(text)) for text in distinct], dtype=np.int64)
        return numbers[place]

    def _number(self, column: int, text: str) -> int:
        key = (column, text)
        if key not in self._known:
            self._vectors.append(self._read(column, text))
            self._known[key] = len(self._known)
            self._stacked = None
        return self._known[key]

    def _read(self, column: int, text: str) -> tuple[Tensor, Tensor]:
        keys, values = self._run(self._backbone.ids_of(text), self._opening, self._starts[column])
        return keys[self._lower :, -1], values[self._lower :, -1]

    def _run(
        self, ids: list[int], after: tuple[Tensor, Tensor] | None, start: int
    ) -> tuple[Tensor, Tensor]:
        """Return keys and values, each (layers, tokens, heads, width), of `ids` after a cache."""
        cache = DynamicCache()
        for layer, (key, value) in enumerate(zip(*after, strict=True) if after else ()):
            cache.update(key.transpose(0, 1)[None], value.transpose(0, 1)[None], layer)
        device = self._backbone.embeddings.device
        with torch.no_grad():
            computed = self._backbone.body(
                input_ids=torch.tensor([ids], device=device),
                past_key_values=cache,
                position_ids=torch.arange(start, start + len(ids), device=device)[None],
                use_cache=True,
            ).past_key_values
        return (
            torch.stack([layer.keys[0].transpose(0, 1) for layer in computed.layers]),
            torch.stack([layer.values[0].transpose(0, 1) for layer in computed.layers]),  # noqa: PD011
        )

    def _all(self) -> tuple[Tensor, Tensor]:
        """Return keys and values, each (layers, opening + cells, heads, width)."""
        if self._stacked is None:
            keys, values = self._opening
            self._stacked = (
                _after(keys[self._lower :], [key for key, _ in self._vectors]),
                _after(values[self._lower :], [value for _, value in self._vectors]),
            )
        return self._stacked


def widths_of(backbone: Backbone, texts: Sequence[NDArray[np.object_]]) -> list[int]:
    """Return the number of positions of each column: tokens of its longest cell."""
    return [max(len(backbone.ids_of(str(text))) for text in unique(cells)) for cells in texts]


def _taken(vectors: Tensor, number: Tensor) -> Tensor:
    """Return (n, heads, opening + columns, width): the vectors with these numbers."""
    taken = vectors.index_select(0, number.flatten())
    return taken.view(*number.shape, *vectors.shape[1:]).transpose(1, 2)


def _after(opening: Tensor, cells: list[Tensor]) -> Tensor:
    return torch.cat([opening, *(cell[:, None] for cell in cells)], dim=1)

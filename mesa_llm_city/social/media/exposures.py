"""Who was shown which post, when, where on the page, and by which recommender."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.values import Int
from mesa_llm_city.social.media.codes import Codes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Exposures"]

_COLUMNS = {
    "viewer": np.int32,
    "post": np.int32,
    "minute": np.int32,
    "rank": np.int16,
    "by": np.int16,
}
_FILTER_BITS = 1024
_WORD_BITS, _WORD_SHIFT = 64, 6
_ONE = np.uint64(1)
_POST_BITS = 32
_POST_MASK = 2**_POST_BITS - 1


class Exposures:
    """All that was shown to people, and whether somebody has seen a post.

    Parameters
    ----------
    n : int
        Number of people; their rows are those of the `FollowerGraph`.

    Attributes
    ----------
    n : int
        As given.
    sources : Codes
        Names of recommenders and channels, by code.
    first_remembered : int
        Of earlier posts it is not known any more who has seen them.

    Examples
    --------
    >>> exposures = Exposures(3)
    >>> exposures.record([0, 2], [[5, 7], [7, -1]], minute=60, by="random")
    >>> len(exposures), exposures.has_seen([0, 2], [[5, 6], [5, 7]]).tolist()
    (3, [[True, False], [False, True]])
    """

    __slots__ = ("_chunks", "_filter", "_keys", "_pending", "first_remembered", "n", "sources")

    def __init__(self, n: int) -> None:
        self.n = int(n)
        self.sources = Codes()
        self.first_remembered = 0
        self._chunks: list[dict[str, NDArray[Any]]] = []
        # What was seen, as sorted numbers of person and post; and a filter of some bits a person
        # that says no for most posts that were not seen, without a search.
        self._keys = np.empty(0, dtype=np.int64)
        self._pending: list[Int] = []
        self._filter = np.zeros((self.n, _FILTER_BITS // _WORD_BITS), dtype=np.uint64)

    def __len__(self) -> int:
        """Return the number of exposures: one for each person and post shown."""
        return int(np.sum([len(chunk["viewer"]) for chunk in self._chunks], dtype=np.int64))

    def record(
        self, viewers: ArrayLike, pages: ArrayLike, *, minute: ArrayLike, by: str = "feed"
    ) -> None:
        """Write down what was shown.

        Parameters
        ----------
        viewers : array_like of int, shape (v,)
            Rows of people.
        pages : array_like of int, shape (v, p)
            Posts in the order in which they were shown; -1 for none.
        minute : array_like of int, shape () or (v,)
            When.
        by : str, default "feed"
            Name of the recommender, or of the channel.
        """
        shown = np.asarray(pages, dtype=np.int64)
        place = np.nonzero(shown >= 0)
        rows = np.asarray(viewers, dtype=np.int64)
        when = np.broadcast_to(np.asarray(minute), rows.shape)
        values = {
            "viewer": rows[place[0]],
            "post": shown[place],
            "minute": when[place[0]],
            "rank": place[1],
            "by": np.full(len(place[0]), self.sources.code(by)),
        }
        self._chunks.append({name: one.astype(_COLUMNS[name]) for name, one in values.items()})
        self._remember(values["viewer"], values["post"])

    def has_seen(self, viewers: ArrayLike, posts: ArrayLike) -> NDArray[np.bool_]:
        """Tell which posts people were shown before.

        Parameters
        ----------
        viewers : array_like of int, shape (v,)
            Rows of people.
        posts : array_like of int, shape (v, c)
            Posts for each; nobody has seen -1.
        """
        rows, which = np.asarray(viewers, dtype=np.int64), np.asarray(posts, dtype=np.int64)
        self._merge()
        word, bit = _bits(which)
        maybe = (self._filter[rows[:, np.newaxis], word] & bit != 0) & (which >= 0)
        seen = np.zeros(which.shape, dtype=bool)
        row, place = np.nonzero(maybe)
        if len(row):
            keys = _keys(rows[row], which[row, place])
            found = np.minimum(np.searchsorted(self._keys, keys), max(len(self._keys) - 1, 0))
            seen[row, place] = self._keys[found] == keys
        return seen

    def forget_before(self, post: int) -> None:
        """Forget whether posts with smaller ids were seen; what was written down stays."""
        self.first_remembered = max(post, self.first_remembered)
        self._merge()
        kept = self._keys[(self._keys & _POST_MASK) >= post]
        self._keys = np.empty(0, dtype=np.int64)
        self._filter[:] = 0
        self._remember(kept >> _POST_BITS, kept & _POST_MASK)

    def viewers_of(self, posts: ArrayLike) -> tuple[Int, Int]:
        """Return who has seen posts: rows of people, and the post each has seen.

        Posts that were forgotten (see `forget_before`) are not among them.
        """
        which = np.asarray(posts, dtype=np.int64)
        self._merge()
        seen = self._keys & _POST_MASK
        found = np.isin(seen, which) if len(which) else np.zeros(len(seen), dtype=bool)
        return self._keys[found] >> _POST_BITS, seen[found]

    def column(self, name: str) -> Int:
        """Return one column of all exposures: viewer, post, minute, rank or by (a code)."""
        parts = [chunk[name] for chunk in self._chunks]
        return np.concatenate([np.empty(0, dtype=np.int64), *parts]).astype(np.int64)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each post shown to somebody, in the order of time."""
        import pandas as pd

        columns: dict[str, Any] = {
            name: self.column(name).astype(_COLUMNS[name]) for name in _COLUMNS
        }
        columns["by"] = pd.Categorical.from_codes(
            columns["by"], categories=pd.Index(list(self.sources), dtype="str")
        )
        return pd.DataFrame(columns)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, n: int) -> Exposures:
        """Return the exposures of a table as `to_frame` gives it, of n people."""
        exposures = cls(n)
        by = frame["by"].astype("category").cat
        codes = exposures.sources.codes([str(one) for one in by.categories])
        values = {name: frame[name].to_numpy() for name in _COLUMNS if name != "by"}
        values["by"] = codes[by.codes.to_numpy()] if len(frame) else codes[:0]
        exposures._chunks = [{name: one.astype(_COLUMNS[name]) for name, one in values.items()}]
        exposures._remember(*(frame[name].to_numpy(dtype=np.int64) for name in ("viewer", "post")))
        return exposures

    def to_parquet(self, path: str | Path) -> None:
        """Write all exposures to a file."""
        self.to_frame().to_parquet(path, index=False)

    def grow(self, n: int) -> None:
        """Make room for more people, n in all."""
        more = np.zeros((n - self.n, self._filter.shape[1]), dtype=np.uint64)
        self._filter = np.concatenate([self._filter, more])
        self.n = n

    def _remember(self, viewers: Int, posts: Int) -> None:
        self._pending.append(_keys(viewers, posts))
        word, bit = _bits(posts)
        np.bitwise_or.at(self._filter, (viewers, word), bit)

    def _merge(self) -> None:
        if self._pending:
            self._keys = np.concatenate([self._keys, *self._pending])
            # Sorted runs are merged faster than they are sorted anew.
            self._keys.sort(kind="stable")
            self._pending = []


def _keys(viewers: Int, posts: Int) -> Int:
    return (viewers.astype(np.int64) << _POST_BITS) | posts.astype(np.int64)


def _bits(posts: Int) -> tuple[Int, NDArray[np.uint64]]:
    """Return word and bit of posts in the filter of a person."""
    place = posts & (_FILTER_BITS - 1)
    return place >> _WORD_SHIFT, _ONE << (place & (_WORD_BITS - 1)).view(np.uint64)

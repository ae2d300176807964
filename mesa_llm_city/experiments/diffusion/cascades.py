"""Cascades of forwards as one table, and the shape of each: depth, timing, virality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float, Int

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "NO_PARENT",
    "SHAPE_COLUMNS",
    "Cascades",
    "read_events",
    "read_shapes",
    "selected",
    "shapes",
    "shapes_of_events",
    "structural_virality",
]

NO_PARENT = -1
"""Parent of the first post of a cascade."""

SHAPE_COLUMNS = (
    *("events", "max_depth", "mean_depth", "share_depth1", "within_1h", "within_24h"),
    *("median_delay_min", "p90_delay_min", "virality"),
)
"""Columns of a table of shapes, besides the cascade; `shapes` says what they mean."""

_PUBLISHED = ("cascade", "n_reposts_comments", "max_depth", "mean_depth", "share_depth1")
_TIMES = ("median_delay_min", "p90_delay_min", "cum_60min", "cum_1440min")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascades:
    """Trees of posts, a row for each; the parent of a row comes before it.

    Parameters
    ----------
    cascade : ndarray of int64, shape (n,)
        Which tree a post belongs to, from 0.
    person : ndarray of int64, shape (n,)
        Who posted it.
    parent : ndarray of int64, shape (n,)
        Row of the post that was forwarded; `NO_PARENT` for the first of a cascade.
    depth : ndarray of int64, shape (n,)
        0 for the first post, 1 for what was forwarded from it, and so on.
    minute : ndarray of float64, shape (n,)
        Minutes since the first post of the cascade.

    Examples
    --------
    >>> one = Cascades.of([0, 0, 0, 0], [-1, 0, 1, 1], minute=[0.0, 30.0, 90.0, 2000.0])
    >>> one.depth.tolist(), len(one)
    ([0, 1, 2, 2], 4)
    """

    cascade: Int
    person: Int
    parent: Int
    depth: Int
    minute: Float

    @classmethod
    def of(
        cls,
        cascade: Sequence[int] | Int,
        parent: Sequence[int] | Int,
        *,
        minute: Sequence[float] | Float,
        person: Sequence[int] | Int | None = None,
    ) -> Cascades:
        """Return cascades of rows and their parents; depths are derived.

        Parameters
        ----------
        cascade, parent, minute, person : array_like, shape (n,)
            As the attributes of the class. People are numbered by row if they are not given.

        Raises
        ------
        ConfigError
            If lengths differ, or a parent does not come before its row in the same cascade.
        """
        trees, above = np.asarray(cascade, dtype=np.int64), np.asarray(parent, dtype=np.int64)
        when = np.asarray(minute, dtype=np.float64)
        who = np.arange(len(trees)) if person is None else np.asarray(person, dtype=np.int64)
        if len({len(trees), len(above), len(when), len(who)}) > 1:
            message = "cascade, parent, minute and person must have one value for each post"
            raise ConfigError(message)
        _check_parents(trees, above)
        return cls(cascade=trees, person=who, parent=above, depth=_depths(above), minute=when)

    def __len__(self) -> int:
        """Return the number of posts."""
        return len(self.cascade)

    def frame(self) -> pd.DataFrame:
        """Return the table: cascade, person, parent, depth, minute."""
        import pandas as pd

        names = ("cascade", "person", "parent", "depth", "minute")
        return pd.DataFrame({name: getattr(self, name) for name in names})


def shapes(cascades: Cascades) -> pd.DataFrame:
    """Return the shape of each cascade, over its forwards; the first post is not counted.

    Parameters
    ----------
    cascades : Cascades
        Trees of posts.

    Returns
    -------
    pandas.DataFrame
        A row for each cascade with at least one forward, with the index ``cascade``.

        ``events``
            Number of forwards.
        ``max_depth``, ``mean_depth``
            Greatest and mean depth of the forwards.
        ``share_depth1``
            Share of them that were forwarded from the first post.
        ``within_1h``, ``within_24h``
            Share of them that came within 1 and 24 hours of the first post.
        ``median_delay_min``, ``p90_delay_min``
            Minutes after the first post within which half and 90 % of them came.
        ``virality``
            Structural virality (see `structural_virality`).

    Examples
    --------
    >>> one = Cascades.of([0, 0, 0, 0], [-1, 0, 1, 1], minute=[0.0, 30.0, 90.0, 2000.0])
    >>> shapes(one)[["events", "max_depth", "mean_depth", "share_depth1"]].round(2).values.tolist()
    [[3.0, 2.0, 1.67, 0.33]]
    """
    import pandas as pd

    forwards = cascades.parent != NO_PARENT
    table = pd.DataFrame(
        {
            "cascade": cascades.cascade[forwards],
            "depth": cascades.depth[forwards],
            "minute": cascades.minute[forwards],
        }
    )
    found = shapes_of_events(table)
    found["virality"] = structural_virality(cascades)[found.index.to_numpy()]
    return found


def shapes_of_events(events: pd.DataFrame) -> pd.DataFrame:
    """Return the shapes of cascades of which depths and minutes are known, but no parents.

    Parameters
    ----------
    events : pandas.DataFrame
        Columns ``cascade``, ``depth`` and ``minute``, a row for each forward.

    Returns
    -------
    pandas.DataFrame
        As that of `shapes`; ``virality`` is NaN.
    """
    grouped = events.assign(
        share_depth1=events["depth"] == 1,
        within_1h=events["minute"] <= HOUR_MIN,
        within_24h=events["minute"] <= DAY_MIN,
    ).groupby("cascade")
    shares = grouped[["share_depth1", "within_1h", "within_24h"]].mean()
    found = shares.assign(
        events=grouped.size(),
        max_depth=grouped["depth"].max(),
        mean_depth=grouped["depth"].mean(),
        median_delay_min=grouped["minute"].quantile(0.5),
        p90_delay_min=grouped["minute"].quantile(0.9),
        virality=np.nan,
    )
    return found[list(SHAPE_COLUMNS)]


def structural_virality(cascades: Cascades) -> Float:
    """Return the mean distance between two posts of each cascade, in steps along the tree.

    Parameters
    ----------
    cascades : Cascades
        Trees of posts.

    Returns
    -------
    ndarray of float64, shape (number of cascades,)
        2 at most for what everybody forwarded from the first post; NaN for a single post.

    Notes
    -----
    An edge with k posts below it lies between k (n - k) pairs of a tree with n posts, so one pass
    from the leaves upwards suffices. Goel, Anderson, Hofman and Watts (2016), The structural
    virality of online diffusion. Management Science 62(1), 180-196.

    Examples
    --------
    >>> chain = Cascades.of([0, 0, 0], [-1, 0, 1], minute=[0.0, 1.0, 2.0])
    >>> structural_virality(chain).round(4).tolist()  # distances 1, 1 and 2
    [1.3333]
    """
    below = np.ones(len(cascades))
    for depth in range(int(cascades.depth.max(initial=0)), 0, -1):
        rows = np.flatnonzero(cascades.depth == depth)
        np.add.at(below, cascades.parent[rows], below[rows])
    size = np.bincount(cascades.cascade).astype(np.float64)
    edges = cascades.parent != NO_PARENT
    under, tree = below[edges], cascades.cascade[edges]
    pairs = np.bincount(tree, weights=under * (size[tree] - under), minlength=len(size))
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Float = np.where(size > 1, 2.0 * pairs / (size * (size - 1.0)), np.nan)
    return found


def selected(table: pd.DataFrame, *, least: int = 100, most: int = 1000) -> pd.DataFrame:
    """Return the cascades with so many events that they would be in a published selection.

    Large cascades are collected and small ones are not, so measures of a simulation can be compared
    with those of a collection only among cascades of the same sizes (Juul and Ugander 2021, PNAS
    118(46), e2100786118).

    Parameters
    ----------
    table : pandas.DataFrame
        Shapes.
    least, most : int
        Least and greatest number of events.
    """
    return table[table["events"].between(least, most)]


def read_shapes(path: str | Path) -> pd.DataFrame:
    """Return the shapes of observed cascades from a CSV file.

    Parameters
    ----------
    path : str or Path
        A file with the columns ``cascade``, ``n_reposts_comments``, ``max_depth``, ``mean_depth``,
        ``share_depth1``, ``median_delay_min``, ``p90_delay_min``, ``cum_60min`` and
        ``cum_1440min`` (events within 1 and 24 hours). With a column ``t0_source``, only rows
        with ``original`` are taken: elsewhere the time of the first post is not known. It may be
        compressed.

    Returns
    -------
    pandas.DataFrame
        As that of `shapes`, with ``virality`` NaN, and ``kind``: ``"rumour"`` or ``"other"`` by a
        column ``is_rumor`` or ``is_rumour`` of 1 and 0; ``"all"`` without one.

    Raises
    ------
    DataError
        If columns are missing.
    """
    import pandas as pd

    raw = pd.read_csv(path)
    _check_columns(raw, path, (*_PUBLISHED, *_TIMES))
    known = raw[raw["t0_source"] == "original"] if "t0_source" in raw else raw
    events = known["n_reposts_comments"]
    found = known.assign(
        events=events,
        within_1h=known["cum_60min"] / events,
        within_24h=known["cum_1440min"] / events,
        virality=np.nan,
        kind=_kinds(known),
    )
    return found.set_index("cascade")[[*SHAPE_COLUMNS, "kind"]]


def read_events(path: str | Path) -> pd.DataFrame:
    """Return events of observed cascades from a CSV file: cascade, kind, minute, depth.

    Parameters
    ----------
    path : str or Path
        A file with the columns ``cascade``, ``minutes_since_t0`` and ``depth``, and perhaps
        ``is_rumor``, as for `read_shapes`.

    Raises
    ------
    DataError
        If columns are missing.
    """
    import pandas as pd

    raw = pd.read_csv(path)
    _check_columns(raw, path, ("cascade", "minutes_since_t0", "depth"))
    named = raw.rename(columns={"minutes_since_t0": "minute"}).assign(kind=_kinds(raw))
    return named[["cascade", "kind", "minute", "depth"]]


def _kinds(raw: pd.DataFrame) -> pd.Series[str]:
    import pandas as pd

    name = next((one for one in ("is_rumor", "is_rumour") if one in raw), None)
    if name is None:
        return pd.Series("all", index=raw.index)
    return raw[name].map({1: "rumour", 0: "other"})


def _check_columns(raw: pd.DataFrame, path: str | Path, needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in raw.columns]
    if missing:
        raise DataError.listing(Path(path).name, [f"no column {name}" for name in missing])


def _check_parents(cascade: Int, parent: Int) -> None:
    rows = np.flatnonzero(parent != NO_PARENT)
    above = parent[rows]
    is_before = (above >= 0) & (above < rows)
    if not is_before.all() or (cascade[above] != cascade[rows]).any():
        message = (
            "the parent of a post must be an earlier row of the same cascade, or "
            f"{NO_PARENT} for the first post"
        )
        raise ConfigError(message)


def _depths(parent: Int) -> Int:
    depth = np.zeros(len(parent), dtype=np.int64)
    for row, above in enumerate(parent.tolist()):
        if above != NO_PARENT:
            depth[row] = depth[above] + 1
    return depth

"""Iterative proportional fitting of a table to margins, and whole people drawn from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float, Int

__all__ = ["Margin", "iterative_proportional_fitting", "margin_of", "systematic_sample"]

Margin = tuple[tuple[int, ...], Float]
"""Axes of the table, ascending, and the totals over them."""

_SHOWN = 10
_NOTICED = 1e-4
"""Share of the total from which a deviation shows in the message."""

_Labels = Sequence[Sequence[str]] | None


def iterative_proportional_fitting(
    seed: Float,
    margins: Sequence[Margin],
    *,
    tolerance: float = 1e-10,
    max_iterations: int = 2000,
    labels: Sequence[Sequence[str]] | None = None,
    advice: str = "",
) -> Float:
    """Scale a table of any dimension until it has given margins.

    Parameters
    ----------
    seed : ndarray of float64
        Non-negative table of odds; a zero stays a zero, so impossible combinations
        are ruled out here.
    margins : sequence of (axes, target)
        Axes, ascending, and the target over them, whose shape is that of
        these axes of the table.
    tolerance : float, default 1e-10
        Largest deviation accepted in any cell of any margin, as a share of
        the total.
    max_iterations : int, default 2000
        Rounds over all margins before the margins count as contradictory.
    labels : sequence of sequences of str, optional
        Names of the categories along each axis, for messages.
    advice : str, optional
        What to do if the margins contradict each other, for the message.

    Returns
    -------
    ndarray of float64
        The table nearest to `seed`, in the sense of relative entropy, that
        has the margins; it keeps the odds ratios of the seed within them.

    Raises
    ------
    DataError
        If a margin has the wrong shape, a negative cell or another total than
        the first, asks for people where the seed has none, or if the margins
        and the zeros contradict each other.

    Notes
    -----
    The method is due to Deming and Stephan [1]_; Fienberg [2]_ shows that it
    converges whenever a table with these margins and zeros exists.

    References
    ----------
    .. [1] Deming and Stephan (1940), On a least squares adjustment of a sampled
       frequency table when the expected marginal totals are known. Ann. Math.
       Stat. 11(4), 427-444.
    .. [2] Fienberg (1970), An iterative procedure for estimation in contingency
       tables. Ann. Math. Stat. 41(3), 907-917.

    Examples
    --------
    >>> rows, columns = np.array([0.3, 0.7]), np.array([0.4, 0.6])
    >>> seed = np.array([[1.0, 0.0], [1.0, 1.0]])
    >>> iterative_proportional_fitting(seed, [((0,), rows), ((1,), columns)]).round(3).tolist()
    [[0.3, 0.0], [0.1, 0.6]]
    """
    _check(seed, margins, labels, advice)
    table = np.array(seed, dtype=np.float64)
    total = float(margins[0][1].sum()) if margins else 1.0
    for _ in range(max_iterations):
        for axes, target in margins:
            table *= _factors(table, axes, target)
        if _deviation(table, margins) <= tolerance * total:
            return table
    raise _contradiction(table, margins, labels, advice)


def margin_of(table: Float, axes: tuple[int, ...]) -> Float:
    """Return the sums of `table` over all axes but `axes`."""
    others = tuple(axis for axis in range(table.ndim) if axis not in axes)
    total: Float = table.sum(axis=others)
    return total


def systematic_sample(table: Float, n: int, rng: Generator) -> Int:
    """Draw `n` cells of a table so that every run of cells gets its share.

    Parameters
    ----------
    table : ndarray of float64
        Non-negative weights with a positive sum.
    n : int
        How many cells to draw, with repetition.
    rng : numpy.random.Generator
        Gives the one number at which the equidistant points begin.

    Returns
    -------
    ndarray of int64, shape (n,)
        Flat indices in ascending order.

    Notes
    -----
    The cells are laid end to end, and `n` equidistant points fall into them (Madow
    and Madow [1]_). In any run of neighbouring cells, hence in any prefix of axes,
    there is at most one point more or less than expected. Truncate-replicate-sample
    (Lovelace and Ballas [2]_) ensures that for single cells only, and in most
    cells of a large table less than one person is expected.

    References
    ----------
    .. [1] Madow and Madow (1944), On the theory of systematic sampling, I.
       Ann. Math. Stat. 15(1), 1-24.
    .. [2] Lovelace and Ballas (2013), Truncate, replicate, sample. Comput.
       Environ. Urban Syst. 41, 1-11.

    Examples
    --------
    >>> systematic_sample(np.array([0.5, 0.0, 0.25, 0.25]), 4, np.random.default_rng(1)).tolist()
    [0, 0, 2, 3]
    """
    ends = np.cumsum(table.ravel())
    points = (np.arange(n) + rng.random()) * (ends[-1] / max(n, 1))
    # Rounding may push a point onto the very end, behind the last cell with weight.
    last = int(np.searchsorted(ends, ends[-1], side="left"))
    cells: Int = np.minimum(np.searchsorted(ends, points, side="right"), last).astype(np.int64)
    return cells


def _check(seed: Float, margins: Sequence[Margin], labels: _Labels, advice: str) -> None:
    source = "the list of margins"
    if defects := [*_shape_defects(seed, margins)]:
        raise DataError.listing(source, defects)
    if defects := [*_total_defects(seed, margins, labels)]:
        raise DataError.listing(source, defects, advice=advice)


def _shape_defects(seed: Float, margins: Sequence[Margin]) -> Iterable[str]:
    if (seed < 0).any() or not np.isfinite(seed).all():
        yield "the seed has a negative or infinite cell; use weights >= 0"
    for axes, target in margins:
        wanted = tuple(seed.shape[axis] for axis in axes)
        if tuple(sorted(axes)) != axes or target.shape != wanted:
            yield f"axes {axes} need ascending order and shape {wanted}, got {target.shape}"
        elif (target < 0).any() or not np.isfinite(target).all():
            yield f"axes {axes}: a target is negative or infinite; use shares >= 0"


def _total_defects(seed: Float, margins: Sequence[Margin], labels: _Labels) -> Iterable[str]:
    for axes, target in margins:
        total, first = float(target.sum()), float(margins[0][1].sum())
        if abs(total - first) > 1e-9 * max(first, 1.0):
            yield f"axes {axes} add up to {total:.9g}, the first margin to {first:.9g}; equal them"
        empty = (margin_of(seed, axes) == 0) & (target > 0)
        for cell in np.argwhere(empty)[:10]:
            share = float(target[tuple(cell)])
            yield f"{_cell(axes, cell.tolist(), labels)}: asked {share:.4f}, but impossible"


def _cell(axes: tuple[int, ...], cell: Sequence[int], labels: _Labels) -> str:
    if labels is None:
        return f"axes {axes}, cell {tuple(cell)}"
    return ", ".join(labels[axis][index] for axis, index in zip(axes, cell, strict=True))


def _factors(table: Float, axes: tuple[int, ...], target: Float) -> Float:
    current = margin_of(table, axes)
    ratio = np.divide(target, current, out=np.zeros_like(target), where=current > 0)
    return np.expand_dims(ratio, tuple(a for a in range(table.ndim) if a not in axes))


def _deviation(table: Float, margins: Sequence[Margin]) -> float:
    gaps = [float(np.abs(margin_of(table, axes) - target).max()) for axes, target in margins]
    return max(gaps, default=0.0)


def _contradiction(
    table: Float, margins: Sequence[Margin], labels: _Labels, advice: str
) -> DataError:
    gaps = sorted(_gaps(table, margins), key=lambda gap: -abs(gap.asked - gap.reached))
    lines = [
        f"{_cell(gap.axes, gap.cell, labels)}: asked {gap.asked:.4f}, reached {gap.reached:.4f}"
        for gap in gaps[:_SHOWN]
    ]
    if len(gaps) > _SHOWN:
        lines.append(f"... and {len(gaps) - _SHOWN} more")
    source = "the set of margins contradicts itself or the impossible combinations and"
    return DataError.listing(source, lines, advice=advice)


class _Gap(NamedTuple):
    """A cell of a margin that is not met."""

    axes: tuple[int, ...]
    cell: tuple[int, ...]
    asked: float
    reached: float


def _gaps(table: Float, margins: Sequence[Margin]) -> Iterator[_Gap]:
    """Yield what is not met; of an axis that several margins share, its totals come alone."""
    listed: set[tuple[int, int]] = set()
    axes_of = [axis for axes, _ in margins for axis in axes]
    shared = [axis for axis in dict.fromkeys(axes_of) if axes_of.count(axis) > 1]
    largest = max(float(np.abs(target).sum()) for _, target in margins)
    for axis in shared:
        axes, target = next(margin for margin in margins if axis in margin[0])
        others = tuple(index for index, one in enumerate(axes) if one != axis)
        for gap in _cells_not_met(table, ((axis,), target.sum(axis=others)), largest):
            listed.add((axis, gap.cell[0]))
            yield gap
    for margin in margins:
        for gap in _cells_not_met(table, margin, largest):
            if not listed.intersection(zip(gap.axes, gap.cell, strict=True)):
                yield gap


def _cells_not_met(table: Float, margin: Margin, total: float) -> Iterator[_Gap]:
    axes, target = margin
    reached = margin_of(table, axes)
    for cell in np.argwhere(np.abs(reached - target) > _NOTICED * total).tolist():
        at = tuple(cell)
        yield _Gap(axes, at, float(target[at]), float(reached[at]))

"""Where regions are drawn: at their positions, or on a ring if they have none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mesa_llm_city.ui.migration.story import Region

__all__ = ["positions"]

_TURN = 2.0 * np.pi


def positions(
    regions: Sequence[Region], links: Mapping[tuple[str, str], int] | None = None
) -> dict[str, tuple[float, float]]:
    """Return where each region is drawn, in the unit square, north up.

    Parameters
    ----------
    regions : sequence of Region
        Positions are used if all have one, with one scale for both axes. Otherwise regions lie on
        a ring, each beside the one that it exchanges most people with, which keeps arcs short.
    links : mapping of (str, str) to int, optional
        People who moved between two regions.

    Examples
    --------
    >>> positions([Region("a", "city", (0.0, 0.0)), Region("b", "city", (10.0, 5.0))])
    {'a': (0.0, 0.25), 'b': (1.0, 0.75)}
    """
    known = [one.where_km for one in regions if one.where_km is not None]
    if len(known) < len(regions) or not known:
        return _ring([one.name for one in regions], links or {})
    where = np.array(known)
    low, span = where.min(axis=0), np.ptp(where, axis=0)
    scale = float(span.max()) or 1.0
    inside = (where - low) / scale + (1.0 - span / scale) / 2.0
    return {one.name: (float(x), float(y)) for one, (x, y) in zip(regions, inside, strict=True)}


def _ring(
    names: Sequence[str], links: Mapping[tuple[str, str], int]
) -> dict[str, tuple[float, float]]:
    order = _neighbours(names, links)
    angles = _TURN * (0.25 - np.arange(len(order)) / max(len(order), 1))
    return {
        name: (float(0.5 + 0.5 * np.cos(one)), float(0.5 + 0.5 * np.sin(one)))
        for name, one in zip(order, angles, strict=True)
    }


def _neighbours(names: Sequence[str], links: Mapping[tuple[str, str], int]) -> list[str]:
    """Return names so that each follows the one with most people exchanged, of those left."""
    left = list(names)
    order = left[:1]
    del left[:1]
    while left:
        last = order[-1]
        exchanged = [links.get((last, one), 0) + links.get((one, last), 0) for one in left]
        order.append(left.pop(int(np.argmax(exchanged))))
    return order

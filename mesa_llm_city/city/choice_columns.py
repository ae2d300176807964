"""Choice columns: the places that many persons choose among, as one flat table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.candidates import Candidates
from mesa_llm_city.city.choice_loops import Found, Reach, fill_choices
from mesa_llm_city.city.places import Places
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.narrow import positions_of, true_entries
from mesa_llm_city.core.values import Bool, Float, Int

__all__ = ["ChoiceColumns", "find_choices"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChoiceColumns:
    """Places to choose among, n in all, of m persons; a person may have none.

    Parameters
    ----------
    row : ndarray of int64, shape (n,)
        Whose place it is, from 0 to m - 1, in rising order. Of each person first come the
        candidates from where the person is, then places that the person knows.
    place : ndarray of int64, shape (n,)
        Ids in the city.
    slot : ndarray of int64, shape (n,)
        Column of a known place among those that the person knows, -1 for a candidate.
    distance_m : ndarray of float64, shape (n,)
        Length of the way in metres.
    correction : ndarray of float64, shape (n,)
        How many places each stands for (see `ChoiceSet`).
    boost : ndarray of float64, shape (n,), optional
        Factor on the weight of a place by events; None if there is none.
    """

    row: Int
    place: Int
    slot: Int
    distance_m: Float
    correction: Float
    boost: Float | None = None

    def __len__(self) -> int:
        """Return the number of places n."""
        return len(self.row)

    def only(self, keep: Bool) -> Self:
        """Return the places where `keep` (shape (n,)) is true."""
        if keep.all():
            return self
        kept = positions_of(keep)
        return replace(
            self,
            row=self.row[kept],
            place=self.place[kept],
            slot=self.slot[kept],
            distance_m=self.distance_m[kept],
            correction=self.correction[kept],
            boost=None if self.boost is None else self.boost[kept],
        )

    @classmethod
    def joined(cls, some: Sequence[Self]) -> Self:
        """Return the places of several groups of persons, numbered in rising order already."""
        boosts = [np.ones(len(one)) if one.boost is None else one.boost for one in some]
        has_events = any(one.boost is not None for one in some)
        return cls(
            row=np.concatenate([one.row for one in some]),
            place=np.concatenate([one.place for one in some]),
            slot=np.concatenate([one.slot for one in some]),
            distance_m=np.concatenate([one.distance_m for one in some]),
            correction=np.concatenate([one.correction for one in some]),
            boost=np.concatenate(boosts) if has_events else None,
        )

    def of(self, rows: Int) -> Self:
        """Return what some of the persons (in rising order) choose among, numbered from 0."""
        number = np.full(int(max(self.row.max(initial=0), rows.max(initial=0))) + 1, -1)
        number[rows] = np.arange(len(rows))
        renumbered = number[self.row]
        return replace(self, row=renumbered).only(renumbered >= 0)


def find_choices(
    origin: NDArray[np.integer],
    purpose: str | NDArray[np.integer],
    *,
    radius_m: Float,
    known: NDArray[np.integer] | None,
    places: Places,
    candidates: Candidates,
    detour: Float,
) -> ChoiceColumns:
    """Return what m persons choose among (see `City.choices`).

    Parameters
    ----------
    origin : ndarray of int, shape (m,)
        Ids of the places where they are.
    purpose : str, or ndarray of int of shape (m,)
        Name of the purpose, or the position of that of each person in the parameters.
    radius_m : ndarray of float64, shape (m,)
        Straight-line radius of each in metres.
    known : ndarray of int, shape (m, S), or None
        Ids of the places that they know, -1 for none.
    places : Places
        Places of the city.
    candidates : Candidates
        Which of them come into question from where.
    detour : ndarray of float64, shape (z, z)
        Length of ways between zones over the straight line.
    """
    within = radius_m * radius_m
    loop = compiled(fill_choices)
    if loop is not None:
        codes, given = candidates.codes_of(purpose, len(origin)), (candidates, detour)
        ends = positions_of(codes[1:] != codes[:-1]) + 1
        found = []
        for first, last in pairwise([0, *ends.tolist(), len(codes)]):
            part = slice(first, last)
            kept = np.empty((last - first, 0), dtype=np.int64) if known is None else known[part]
            one = _by_loop(loop, origin[part], codes[part], within[part], kept, *given)
            found.append(replace(one, row=one.row + first) if first else one)
        return found[0] if len(found) == 1 else ChoiceColumns.joined(found)
    near = candidates.around(origin, purpose)
    table, width = near.places, near.places.shape[1]
    if known is not None:
        table = np.concatenate([table, known], axis=1)
    x, y = places.x[origin, np.newaxis], places.y[origin, np.newaxis]
    away = _squared(places.x[table] - x, places.y[table] - y)
    possible = (away <= within[:, np.newaxis]) & (table != origin[:, np.newaxis])
    possible[:, :width] &= near.places >= 0
    if known is not None:
        offered = candidates.offered(purpose, known)
        _leave_out_known(possible[:, :width], near.places, known, offered)
        possible[:, width:] &= offered
    at = positions_of(possible.ravel())
    row = at // table.shape[1]
    column = at - row * table.shape[1]
    place = table.ravel()[at].astype(np.int64)
    slot, correction = np.full(len(at), -1), np.ones(len(at))
    is_known = column >= width
    slot[is_known] = column[is_known] - width
    new = positions_of(~is_known)
    correction[new] = near.correction.ravel()[row[new] * width + column[new]]
    straight = np.sqrt(away.ravel()[at])
    between = places.zone[origin].astype(np.int64)[row] * len(detour) + places.zone[place]
    return ChoiceColumns(
        row=row,
        place=place,
        slot=slot,
        distance_m=straight * detour.ravel().take(between),
        correction=correction,
    )


def _by_loop(  # noqa: PLR0917 - as `find_choices`
    loop: Callable[..., int],
    origin: NDArray[np.integer],
    codes: Int,
    within: Float,
    known: NDArray[np.integer],
    candidates: Candidates,
    detour: Float,
) -> ChoiceColumns:
    """Return what persons choose among who all go out for the same, by a compiled loop."""
    lists = candidates.lists(origin, codes)
    reach, code = Reach(*candidates.facts, detour, lists), int(codes[0]) if len(codes) else 0
    room = len(origin) * (int(lists.width[code]) + known.shape[1])
    row, place, slot = np.empty((3, room), dtype=np.int64)
    found = Found(place, slot, *np.empty((2, room)))
    count = loop(origin, code, within, known, reach, row, found)
    return ChoiceColumns(
        row=row[:count], **{name: one[:count] for name, one in found._asdict().items()}
    )


def _leave_out_known(
    possible: Bool,
    candidates: NDArray[np.integer],
    known: NDArray[np.integer],
    offered: Bool,
) -> None:
    """Let candidates be not `possible` any more that are among known places that are offered."""
    whose, slot = true_entries(offered)
    same = candidates.take(whose, axis=0) == known[whose, slot][:, np.newaxis]
    entry, column = true_entries(same)
    possible[whose[entry], column] = False


def _squared(dx: Float, dy: Float) -> Float:
    """Return squared distances in square metres."""
    return dx * dx + dy * dy

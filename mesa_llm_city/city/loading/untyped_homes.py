"""Homes in residential areas whose buildings are tagged ``building=yes`` and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.loading.tables import numbers, texts
from mesa_llm_city.city.loading.wanted_kinds import WantedKinds
from mesa_llm_city.city.projection import M_PER_DEGREE
from mesa_llm_city.core.values import Float, Purpose
from mesa_llm_city.parameters.city import LoadingParameters

if TYPE_CHECKING:
    from pandas import DataFrame  # heavy, and so imported only where it is used

__all__ = ["Homes", "homes_among"]

Bool = NDArray[np.bool_]

_UNTYPED = "building=yes"
_AREA = "landuse=residential"
_HOME = "home"


@dataclass(frozen=True, slots=True, eq=False)
class Homes:
    """The kinds of features of an extract, with untyped buildings that house people.

    Parameters
    ----------
    kinds : list of str, length n
        Kinds of all features.
    residents : ndarray of float64, shape (n,)
        People in the untyped buildings; NaN for all others.
    is_kept : ndarray of bool, shape (n,)
        False for residential areas of which the buildings are homes.
    notes : tuple of str
        What was assumed.
    """

    kinds: list[str]
    residents: Float
    is_kept: Bool
    notes: tuple[str, ...] = ()


def homes_among(
    table: DataFrame,
    shapes: NDArray[np.object_],
    kinds: list[str],
    wanted: WantedKinds,
    parameters: LoadingParameters,
) -> Homes:
    """Find the homes of residential areas, where tags leave them open.

    An area counts as one residence if no building in it is a home. Where buildings in it are
    tagged as homes, such as ``building=house``, those count. Where more are untyped than that,
    the untyped ones house people too, in proportion to their floor area; the smallest are
    taken for sheds.

    Parameters
    ----------
    table : pandas.DataFrame
        Tags in columns, with ``landuse``, ``building`` and ``building:levels`` if there are any.
    shapes : ndarray of geometries, shape (n,)
        Their shapes in degrees.
    kinds : list of str, length n
        Their kinds; those with a tag of more use than ``building=yes`` are no homes.
    wanted : WantedKinds
        Kinds of place; a user may have said what ``building=yes`` is.
    parameters : LoadingParameters
        Floor area of a person, levels where none are given, and the smallest home.
    """
    unchanged = Homes(kinds, np.full(len(kinds), np.nan), np.ones(len(kinds), dtype=np.bool_))
    is_area = _equal(texts(table, "landuse") if "landuse" in table.columns else [], "residential")
    row = wanted.categories.find(_UNTYPED)
    if not is_area.any() or (row is not None and not row.is_left_out):
        return unchanged
    footprint_m2 = _area_m2(shapes)
    typed = _are_typed_homes(kinds, wanted)
    untyped = _equal(kinds, _UNTYPED) & (footprint_m2 >= parameters.smallest_home_m2)
    area, building = _within(shapes, is_area, typed | untyped)
    n_typed = np.bincount(area[typed[building]], minlength=len(kinds))
    n_untyped = np.bincount(area[untyped[building]], minlength=len(kinds))
    housed = np.zeros(len(kinds), dtype=np.bool_)
    housed[building[(n_untyped > n_typed)[area]]] = True
    housed &= untyped
    held = np.bincount(area[(typed | housed)[building]], minlength=len(kinds)) > 0
    is_left = held & _equal(kinds, _AREA)
    floors = _levels(table, parameters.levels)
    people = footprint_m2 * floors / parameters.floor_m2_per_person
    return Homes(
        [_HOME if is_home else kind for kind, is_home in zip(kinds, housed.tolist(), strict=True)],
        np.where(housed, people, np.nan),
        ~is_left,
        _notes(int(housed.sum()), int(is_left.sum())),
    )


def _equal(values: Sequence[str], wanted: str) -> Bool:
    return np.array([value == wanted for value in values], dtype=np.bool_)


def _are_typed_homes(kinds: Sequence[str], wanted: WantedKinds) -> Bool:
    """Return which kinds are residences by the table, other than whole areas."""
    found = {kind: wanted.categories.find(kind) for kind in dict.fromkeys(kinds)}
    homes = {kind for kind, row in found.items() if row and Purpose.SLEEP in row.purposes}
    return np.array([kind in homes and kind != _AREA for kind in kinds], dtype=np.bool_)


def _within(
    shapes: NDArray[np.object_], is_area: Bool, is_building: Bool
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows of areas and of the buildings in them, one pair each."""
    areas, buildings = np.flatnonzero(is_area), np.flatnonzero(is_building)
    tree = shapely.STRtree(shapes[areas])
    inside, around = tree.query(shapely.point_on_surface(shapes[buildings]), predicate="within")
    return areas[around], buildings[inside]


def _area_m2(shapes: NDArray[np.object_]) -> Float:
    """Return the areas of shapes in degrees, in square metres."""
    south, north = shapely.bounds(shapes)[:, [1, 3]].T
    shrink = np.cos(np.radians((south + north) / 2))
    area: Float = shapely.area(shapes) * M_PER_DEGREE**2 * shrink
    return area


def _levels(table: DataFrame, usual: float) -> Float:
    """Return the levels of buildings; the usual number where it is not given."""
    levels = numbers(table, "building:levels" if "building:levels" in table.columns else None)
    return np.where(levels >= 1, levels, usual)


def _notes(n_homes: int, n_areas: int) -> tuple[str, ...]:
    homes = f"{n_homes} buildings of no kind in residential areas are taken for homes"
    areas = f"{n_areas} residential areas are not counted, since buildings in them are homes"
    return tuple(note for count, note in ((n_homes, homes), (n_areas, areas)) if count)

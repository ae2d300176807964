"""Areas, lines and names of a map, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mesa_llm_city.city.land.kinds import AREA_KINDS, LINE_KINDS, AreaKind, LineKind
from mesa_llm_city.core.values import Float, Int

__all__ = ["DISTRICT", "Label", "Land", "Shapes"]


DISTRICT = "district"
"""Kind of the names of parts of a city."""


class Label(NamedTuple):
    """A name that is written on the map without an area of its own, such as a district.

    Parameters
    ----------
    x, y : float
        Where it stands, in metres.
    name : str
        The name.
    kind : str
        What is named, such as `DISTRICT`.
    """

    x: float
    y: float
    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shapes:
    """Shapes of several kinds, with names.

    Parameters
    ----------
    shapes : ndarray of shapely geometries, shape (n,)
        In metres.
    kind : ndarray of str objects, shape (n,)
        Names of their kinds.
    name : ndarray of str objects, shape (n,)
        Their names; empty for none.
    """

    shapes: NDArray[np.object_]
    kind: NDArray[np.object_]
    name: NDArray[np.object_]

    @classmethod
    def of(cls, shapes: Iterable[BaseGeometry], kind: Iterable[str], name: Iterable[str]) -> Shapes:
        """Return shapes of any sequences."""
        return cls(shapes=_column(shapes), kind=_column(kind), name=_column(name))

    @classmethod
    def join(cls, parts: Iterable[Shapes]) -> Shapes:
        """Return the shapes of several columns as one."""
        every = list(parts)
        return cls(
            shapes=np.concatenate([part.shapes for part in every]),
            kind=np.concatenate([part.kind for part in every]),
            name=np.concatenate([part.name for part in every]),
        )

    def __len__(self) -> int:
        """Return the number of shapes."""
        return len(self.shapes)

    def take(self, rows: Int, shapes: NDArray[np.object_] | None = None) -> Shapes:
        """Return some rows, perhaps with other shapes.

        Parameters
        ----------
        rows : ndarray of int64, shape (k,)
            Rows; a row may occur several times.
        shapes : ndarray of shapely geometries, shape (k,), optional
            Their shapes; those they have by default.
        """
        return Shapes(
            shapes=self.shapes[rows] if shapes is None else shapes,
            kind=self.kind[rows],
            name=self.name[rows],
        )

    def rows(self, kinds: Sequence[AreaKind | LineKind]) -> Int:
        """Return the rows of the kinds in a table, shape (n,).

        Raises
        ------
        KeyError
            If a kind is not in the table.
        """
        row = {kind.name: at for at, kind in enumerate(kinds)}
        return np.array([row[kind] for kind in self.kind.tolist()], dtype=np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Land:
    """What the map of a city shows below its people, in metres of its reference system.

    Nobody in the city sees it: people live by places, zones and streets.

    Parameters
    ----------
    areas : ndarray of Polygons, shape (n,)
        Land use, waters and buildings, in the order in which they are drawn.
    area_kind : ndarray of int64, shape (n,)
        Rows of their kinds in `kinds.AREA_KINDS`, rising.
    area_name : tuple of str, length n
        Their names; empty for none.
    lines : ndarray of LineStrings, shape (m,)
        Streets, railways and rivers, in the order in which they are drawn.
    line_kind : ndarray of int64, shape (m,)
        Rows of their kinds in `kinds.LINE_KINDS`, rising.
    line_name : tuple of str, length m
        Their names; empty for none.
    labels : tuple of Label
        Other names.

    Examples
    --------
    >>> park = shapely.box(0.0, 0.0, 80.0, 50.0)
    >>> land = Land.of(Shapes.of([park], ["park"], ["Mill Park"]))
    >>> len(land.areas), land.area_name, len(land.lines)
    (1, ('Mill Park',), 0)
    """

    areas: NDArray[np.object_]
    area_kind: Int
    area_name: tuple[str, ...]
    lines: NDArray[np.object_]
    line_kind: Int
    line_name: tuple[str, ...]
    labels: tuple[Label, ...] = ()

    @classmethod
    def of(
        cls,
        areas: Shapes | None = None,
        lines: Shapes | None = None,
        labels: Iterable[Label] = (),
    ) -> Land:
        """Return areas and lines in the order in which they are drawn.

        Kinds follow the order of their table; of a kind, the large ones come first, so that
        small ones are drawn over them.

        Parameters
        ----------
        areas, lines : Shapes, optional
            Polygons and LineStrings, in any order; none by default.
        labels : iterable of Label
            Other names.
        """
        nothing = Shapes.of([], [], [])
        below, above = areas or nothing, lines or nothing
        area_kind, line_kind = below.rows(AREA_KINDS), above.rows(LINE_KINDS)
        by_size = np.lexsort((-shapely.area(below.shapes), area_kind))
        by_kind = np.argsort(line_kind, kind="stable")
        return cls(
            areas=below.shapes[by_size],
            area_kind=area_kind[by_size],
            area_name=tuple(below.name[by_size].tolist()),
            lines=above.shapes[by_kind],
            line_kind=line_kind[by_kind],
            line_name=tuple(above.name[by_kind].tolist()),
            labels=tuple(labels),
        )

    def moved(self, east_m: float, north_m: float) -> Land:
        """Return the same map elsewhere.

        Parameters
        ----------
        east_m, north_m : float
            How far it is moved.
        """

        def move(corners: Float) -> Float:
            further: Float = corners + np.array([east_m, north_m])
            return further

        return replace(
            self,
            areas=shapely.transform(self.areas, move),
            lines=shapely.transform(self.lines, move),
            labels=tuple(one._replace(x=one.x + east_m, y=one.y + north_m) for one in self.labels),
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not (len(self.areas) or len(self.lines) or self.labels)

    @property
    def area_kind_names(self) -> tuple[str, ...]:
        """Names of the kinds of the areas, one an area."""
        return tuple(AREA_KINDS[row].name for row in self.area_kind.tolist())

    @property
    def line_kind_names(self) -> tuple[str, ...]:
        """Names of the kinds of the lines, one a line."""
        return tuple(LINE_KINDS[row].name for row in self.line_kind.tolist())


def _column(values: Iterable[object]) -> NDArray[np.object_]:
    """Return values as a column of objects."""
    if isinstance(values, np.ndarray) and values.dtype == np.object_:
        return values
    listed = list(values)
    column = np.empty(len(listed), dtype=np.object_)
    column[:] = listed
    return column

"""Drafts: rows of a file that are to become places."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.categories import Categories, Category
from mesa_llm_city.city.kind_names import named_by
from mesa_llm_city.city.opening_times import OpeningTimes
from mesa_llm_city.city.places import Places, in_order
from mesa_llm_city.core.clock import WEEK_DAYS
from mesa_llm_city.core.local_calendar import NOWHERE, LocalCalendar
from mesa_llm_city.core.opening_hours import ALWAYS, Hours, read_hours
from mesa_llm_city.core.values import Float, Int

__all__ = ["Draft"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draft:
    """Rows that name a kind of place and may have figures of their own.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Longitude and latitude in degrees, or metres once projected.
    kind : tuple of str, length n
        Kinds of place as the file has them, such as ``"shop=bakery"``.
    name, source_id, hours : tuple of str, length n
        Name, id in the file and opening hours; empty if unknown.
    jobs, residents, price, rating, attraction : ndarray of float64, shape (n,)
        Figures of the file; NaN where it has none and those of the kind are used.

    Examples
    --------
    >>> from mesa_llm_city.city.categories import Categories
    >>> draft = Draft.of(["amenity=cafe"], x=[0.0], y=[0.0], name=["Mill Street Coffee"])
    >>> draft.to_places(Categories.default())[0].name
    'Mill Street Coffee'
    """

    x: Float
    y: Float
    kind: tuple[str, ...]
    name: tuple[str, ...]
    source_id: tuple[str, ...]
    hours: tuple[str, ...]
    jobs: Float
    residents: Float
    price: Float
    rating: Float
    attraction: Float

    @classmethod
    def of(
        cls,
        kind: Sequence[str],
        *,
        x: Iterable[float],
        y: Iterable[float],
        name: Iterable[str] | None = None,
        source_id: Iterable[str] | None = None,
        hours: Iterable[str] | None = None,
        jobs: Iterable[float] | None = None,
        residents: Iterable[float] | None = None,
        price: Iterable[float] | None = None,
        rating: Iterable[float] | None = None,
        attraction: Iterable[float] | None = None,
    ) -> Draft:
        """Make a draft; columns that are not given are unknown."""
        texts: Iterable[str] = ("",) * len(kind)
        numbers: Iterable[float] = np.full(len(kind), np.nan)
        return cls(
            kind=tuple(kind),
            x=_floats(x),
            y=_floats(y),
            name=tuple(texts if name is None else name),
            source_id=tuple(texts if source_id is None else source_id),
            hours=tuple(texts if hours is None else hours),
            jobs=_floats(numbers if jobs is None else jobs),
            residents=_floats(numbers if residents is None else residents),
            price=_floats(numbers if price is None else price),
            rating=_floats(numbers if rating is None else rating),
            attraction=_floats(numbers if attraction is None else attraction),
        )

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.kind)

    def keep(self, mask: NDArray[np.bool_]) -> Draft:
        """Return the rows where `mask` (shape (n,)) is true."""
        rows = np.flatnonzero(mask)
        picked: dict[str, Any] = {
            field.name: _pick(getattr(self, field.name), rows) for field in fields(self)
        }
        return Draft(**picked)

    def at(self, x: Float, y: Float) -> Draft:
        """Return the same rows at other coordinates, shapes (n,)."""
        return replace(self, x=x, y=y)

    @classmethod
    def join(cls, drafts: Sequence[Draft]) -> Draft:
        """Put drafts one after the other."""
        columns: dict[str, Any] = {}
        for field in fields(cls):
            parts = [getattr(draft, field.name) for draft in drafts]
            is_text = isinstance(parts[0], tuple)
            columns[field.name] = tuple(chain(*parts)) if is_text else np.concatenate(parts)
        return cls(**columns)

    def unknown_kinds(self, categories: Categories) -> dict[str, int]:
        """Count the rows of each kind that the table lacks, commonest first; blanks are none."""
        kinds, counts = np.unique(np.array(self.kind, dtype=object), return_counts=True)
        missing = [
            (kind, int(count))
            for kind, count in zip(kinds, counts, strict=True)
            if kind and categories.find(kind) is None
        ]
        return dict(sorted(missing, key=lambda entry: (-entry[1], entry[0])))

    def known(self, categories: Categories) -> NDArray[np.bool_]:
        """Return which rows are of a kind that the table has and does not leave out."""
        found = {kind: categories.find(kind) for kind in dict.fromkeys(self.kind)}
        usable = {kind for kind, row in found.items() if row is not None and not row.is_left_out}
        return np.array([kind in usable for kind in self.kind], dtype=np.bool_)

    def named_by(self, keys: Sequence[str]) -> NDArray[np.bool_]:
        """Return which rows are of a kind that one of the keys names, such as ``"shop=*"``."""
        named = {kind for kind in dict.fromkeys(self.kind) if named_by(kind, keys)}
        return np.array([kind in named for kind in self.kind], dtype=np.bool_)

    def to_places(self, categories: Categories, calendar: LocalCalendar = NOWHERE) -> Places:
        """Make places of the rows whose kind is `known`; all are put into zone 0.

        Figures that the rows do not give are those of the kind. Opening hours that name
        holidays or the sun are read with the calendar.
        """
        draft = self.keep(self.known(categories))
        kinds = tuple(sorted(set(draft.kind)))
        return _places(
            draft, kinds, [categories.find(kind) or _plain(kind) for kind in kinds], calendar
        )

    def to_plain_places(self) -> Places:
        """Make places of all rows, which by themselves are for nothing; all are in zone 0.

        They serve purposes that name their kind (see `Places.for_purposes`), have no jobs
        and are always open where the rows do not say otherwise.
        """
        kinds = tuple(sorted(set(self.kind)))
        return _places(self, kinds, [_plain(kind) for kind in kinds])


def _plain(kind: str) -> Category:
    """Return a kind of place that is for nothing by itself and always open."""
    week = (ALWAYS,) * WEEK_DAYS
    return Category(key=kind, purposes=(), jobs=0.0, residents=0.0, price=math.nan, week=week)


def _places(
    draft: Draft,
    kinds: tuple[str, ...],
    rows: Sequence[Category],
    calendar: LocalCalendar = NOWHERE,
) -> Places:
    """Make places of all rows of a draft, given the row of the table for each kind."""
    number = {kind: code for code, kind in enumerate(kinds)}
    code = np.array([number[kind] for kind in draft.kind], dtype=np.int64)
    usual_jobs = _of_kind(rows, code, "jobs")
    opening_times, hours = OpeningTimes.of(_hours(draft.hours, rows, code), calendar)
    return Places(
        x=draft.x,
        y=draft.y,
        zone=np.zeros(len(draft), dtype=np.int64),
        category=code,
        category_names=kinds,
        category_purposes=tuple(in_order(row.purposes) for row in rows),
        name=draft.name,
        source_id=draft.source_id,
        jobs=_filled(draft.jobs, rows, code, "jobs"),
        residents=_filled(draft.residents, rows, code, "residents"),
        price=_filled(draft.price, rows, code, "price"),
        rating=draft.rating,
        attraction=draft.attraction,
        size=_sizes(draft.jobs, usual_jobs),
        visitors=_of_kind(rows, code, "visitors"),
        usual_jobs=usual_jobs,
        hours=hours,
        opening_times=opening_times,
    )


def _floats(values: Iterable[float]) -> Float:
    """Return numbers as an array."""
    return np.asarray(values, dtype=np.float64)


def _pick(column: Float | tuple[str, ...], rows: Int) -> Float | tuple[str, ...]:
    """Return some entries of a column."""
    if isinstance(column, tuple):
        return tuple(column[row] for row in rows.tolist())
    return column[rows]


def _filled(given: Float, rows: Sequence[Category], code: Int, field: str) -> Float:
    """Fill what is NaN with the figure of the kind."""
    return np.where(np.isnan(given), _of_kind(rows, code, field), given)


def _of_kind(rows: Sequence[Category], code: Int, field: str) -> Float:
    """Return the figure of the kind of each place."""
    typical = np.array([getattr(row, field) for row in rows], dtype=np.float64)
    return typical[code] if len(code) else np.empty(0)


def _sizes(jobs: Float, usual: Float) -> Float:
    """Return jobs as multiples of those of the kind; NaN where either is unknown or none."""
    is_known = (jobs > 0) & (usual > 0)
    sizes: Float = np.divide(jobs, usual, out=np.full(len(jobs), np.nan), where=is_known)
    return sizes


def _hours(hours: Sequence[str], rows: Sequence[Category], code: Int) -> list[Hours]:
    """Take the hours of each row, or of its kind."""
    weeks: list[Hours] = [row.week for row in rows]
    given = [read_hours(text) if text else None for text in hours]
    return [
        weeks[kind] if own is None else own for own, kind in zip(given, code.tolist(), strict=True)
    ]

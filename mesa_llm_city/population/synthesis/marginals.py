"""Marginal distributions that a population is to have, with their sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import fsum
from numbers import Real
from pathlib import Path
from typing import Self

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.tables.table import Table, read_table
from mesa_llm_city.population.categories import AGE_GROUPS, Education, Gender, Occupation

__all__ = ["HOUSEHOLD_SIZES", "Marginals", "Shares"]

HOUSEHOLD_SIZES = (1, 2, 3, 4, 5)

Shares = Mapping[str, float]
_Cells = dict[str, dict[str, float]]

_AGES = tuple(group.label for group in AGE_GROUPS)
_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "age_gender": tuple(f"{age} {gender}" for age in _AGES for gender in Gender),
    "occupation": tuple(f"{age} {job}" for age in _AGES for job in Occupation),
    "education": tuple(f"{age} {level}" for age in _AGES for level in Education),
    "household_size": tuple(str(size) for size in HOUSEHOLD_SIZES),
    "ownership": ("car", "bicycle", "licence"),
    "income": ("sigma",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marginals:
    """Target shares of a population.

    Categories that are left out have the share 0. The default is Japan in 2020,
    the country studied by CitySim, from published aggregates; `sources` says where
    each figure comes from, or that it is an assumption.

    Parameters
    ----------
    age_gender : mapping
        Share of each ``"<age group> <gender>"`` among all people; adds up to 1.
    occupation : mapping
        Share of each ``"<age group> <occupation>"`` within the age group; adds
        up to 1 in each group that has people.
    education : mapping
        Share of each ``"<age group> <education>"``, likewise.
    household_size : mapping
        Share of households with ``"1"`` to ``"5"`` members, 5 standing for 5
        and more; adds up to 1.
    ownership : mapping
        Share of households with a ``"car"``, of people aged 6 and over with a
        ``"bicycle"``, and of adults with a ``"licence"``.
    income : mapping
        ``"sigma"``, the standard deviation of the logarithm of the income of
        the employed, in [0, 3].
    sources : mapping, optional
        Where the figures come from, by ``"<dimension> <category>"``.

    Raises
    ------
    DataError
        If a share is negative or no number, a category unknown, or shares do not add up to
        1 within 1e-6; the message lists every defect.

    Examples
    --------
    >>> marginals = Marginals.default()
    >>> marginals.household_size["1"]
    0.38
    >>> marginals.sources["education 25-34 tertiary"]
    'OECD; Education at a Glance 2021: Japan; 62 % of ages 25-34'
    """

    age_gender: Shares
    occupation: Shares
    education: Shares
    household_size: Shares
    ownership: Shares
    income: Shares
    sources: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check every share."""
        if defects := self.defects():
            source = "the set of marginals"
            raise DataError.listing(source, defects)

    @classmethod
    def default(cls) -> Self:
        """Return the marginals of Japan in 2020 (see ``default_marginals.csv``)."""
        return cls.from_csv(_DEFAULT)

    @classmethod
    def from_csv(cls, path: str | Path) -> Self:
        """Read marginals from a CSV file.

        Parameters
        ----------
        path : str or Path
            File with the columns ``dimension``, ``category``, ``share`` and,
            optionally, ``source``. Dimensions and categories are
            named as the fields of this class; a dimension that is left out
            keeps its default.

        Raises
        ------
        ConfigError
            If `path` is no path.
        DataError
            If a column is missing, a share is not a number, or a row occurs twice.
        """
        if not isinstance(path, str | Path):
            message = f"marginals are read from the path of a file, got {path!r}"
            raise ConfigError(message)
        cells, sources, defects = _read(Path(path))
        cells = _default_cells() | cells
        if defects := defects or [*_defects(cells)]:
            raise DataError.listing(str(path), defects)
        return cls(**cells, sources=sources)

    def defects(self) -> list[str]:
        """Return what is wrong with the shares, one line each."""
        cells = {name: getattr(self, name) for name in _CATEGORIES}
        return [*_type_defects(cells)] or [*_defects(cells)]


_DEFAULT = Path(__file__).with_name("default_marginals.csv")


@lru_cache(maxsize=1)
def _default_cells() -> _Cells:
    return _read(_DEFAULT)[0]


def _read(path: Path) -> tuple[_Cells, dict[str, str], list[str]]:
    cells: _Cells = {}
    sources: dict[str, str] = {}
    table = read_table(path)
    wanted = ("dimension", "category", "share")
    absent = [name for name in wanted if name not in table.frame]
    if absent:
        columns = [str(column) for column in table.frame]
        defects = [f"column {name} is missing{did_you_mean(name, columns)}" for name in absent]
        return cells, sources, defects
    if not len(table.frame):
        return cells, sources, ["there is no row; give one row per share"]
    return cells, sources, [*_collect(table, cells, sources)]


def _collect(table: Table, cells: _Cells, sources: dict[str, str]) -> Iterator[str]:
    rows = table.texts(("dimension", "category", "share", "source"))
    for number, (dimension, category, share, source) in zip(
        table.lines.tolist(), rows, strict=True
    ):
        shares = cells.setdefault(dimension, {})
        if category in shares:
            yield f"row {number}, column category: {dimension} {category!r} occurs twice; keep one"
        try:
            shares[category] = float(share)
        except ValueError:
            yield f"row {number}, column share: {share!r} is not a number"
        sources[f"{dimension} {category}"] = source


def _defects(cells: Mapping[str, Shares]) -> Iterator[str]:
    for dimension, shares in cells.items():
        if dimension in _CATEGORIES:
            yield from _share_defects(dimension, shares)
        else:
            near = did_you_mean(dimension, _CATEGORIES)
            yield f"dimension {dimension!r} is unknown; use one of {', '.join(_CATEGORIES)}{near}"
    for dimension in ("age_gender", "household_size"):
        yield from _sum_defect(dimension, cells[dimension].values())
    for dimension in ("occupation", "education"):
        for age in _AGES:
            if fsum(_shares_within(cells["age_gender"], age)) > 0:
                yield from _sum_defect(f"{dimension} {age}", _shares_within(cells[dimension], age))


def _type_defects(cells: Mapping[str, object]) -> Iterator[str]:
    for dimension, shares in cells.items():
        if not isinstance(shares, Mapping):
            yield f"{dimension} must be a mapping of categories to shares, got {shares!r}"
            continue
        for category, share in shares.items():
            if not isinstance(category, str) or not isinstance(share, Real):
                yield f"{dimension} {category!r}: the share must be a number, got {share!r}"


def _share_defects(dimension: str, shares: Shares) -> Iterator[str]:
    known = _CATEGORIES[dimension]
    high = 3.0 if dimension == "income" else 1.0
    for category, share in shares.items():
        if category not in known:
            near = did_you_mean(category, known) or f"; write it like {known[-1]!r}"
            yield f"{dimension}: category {category!r} is unknown{near}"
        if not 0.0 <= share <= high:
            yield f"{dimension} {category}: the share must be in [0, {high:g}], got {share}"
    if dimension in {"ownership", "income"}:
        yield from (f"{dimension}: {name} is missing" for name in known if name not in shares)


def _shares_within(shares: Shares, age: str) -> list[float]:
    return [share for category, share in shares.items() if category.startswith(f"{age} ")]


def _sum_defect(name: str, shares: Iterable[float]) -> Iterator[str]:
    total = fsum(shares)
    if not abs(total - 1.0) <= 1e-6:
        yield f"{name}: the shares add up to {total:.6g}; make it 1"

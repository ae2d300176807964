"""Report of how well a population meets the marginals asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isnan, nan
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.parameters.population import AgeParameters
from mesa_llm_city.population.categories import (
    AGE_GROUPS,
    EMPLOYED,
    Education,
    Gender,
    Occupation,
)
from mesa_llm_city.population.columns.person_arrays import PersonArrays
from mesa_llm_city.population.persona import Persona
from mesa_llm_city.population.synthesis.joint_distribution import share_table
from mesa_llm_city.population.synthesis.marginals import HOUSEHOLD_SIZES, Marginals

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FitReport", "FitRow"]

_FIFTHS = ("lowest fifth", "second fifth", "middle fifth", "fourth fifth", "highest fifth")
_Cells = dict[tuple[str, str], float]


class FitRow(NamedTuple):
    """One category of one dimension.

    Attributes
    ----------
    dimension, category : str
        The category and the dimension it belongs to, such as "car" of "ownership".
    target : float
        Share asked for, in [0, 1]; NaN where no marginals were given.
    actual : float
        Share in the population, in [0, 1].
    """

    dimension: str
    category: str
    target: float
    actual: float

    @property
    def difference(self) -> float:
        """Actual minus target, as a share."""
        return self.actual - self.target


@dataclass(frozen=True, slots=True)
class FitReport:
    """Shares asked for and shares met; print it to read them.

    Parameters
    ----------
    rows : tuple of FitRow
        Every category that was asked for or occurs. Printed are all but the
        dimensions "by age", which `to_frame` and the summary include.

    Examples
    --------
    >>> print(FitReport((FitRow("ownership", "car", 0.6, 0.58),)))
    dimension  category  target %  actual %  points
    ownership  car           60.0      58.0    -2.0
    largest difference 2.0 points (ownership: car); SRMSE 0.033 over 1 category
    """

    rows: tuple[FitRow, ...]

    @classmethod
    def of(
        cls,
        people: Sequence[Persona] | PersonArrays,
        marginals: Marginals | None,
        ages: AgeParameters,
    ) -> FitReport:
        """Count a population, and compare it with marginals if there are any.

        Parameters
        ----------
        people : sequence of Persona, or PersonArrays
            The population.
        marginals : Marginals or None
            The shares asked for; None to report the shares of the population only.
        ages : AgeParameters
            From which ages a licence and a bicycle count.
        """
        counted = _counted(people)
        actual = _shares(counted, ages)
        if marginals is None:
            return cls(tuple(FitRow(*cell, nan, share) for cell, share in actual.items()))
        fifths = _income_fifths(counted, marginals.income["sigma"])
        target, actual = _targets(marginals) | dict.fromkeys(fifths, 0.2), actual | fifths
        cells = [cell for cell in target | actual if target.get(cell) or actual.get(cell)]
        return cls(
            tuple(FitRow(*cell, target.get(cell, 0.0), actual.get(cell, 0.0)) for cell in cells)
        )

    @property
    def max_difference(self) -> float:
        """Largest absolute difference, as a share; NaN without marginals."""
        return abs(self._worst().difference) if self.rows else nan

    @property
    def srmse(self) -> float:
        """Root mean square difference, divided by the mean share asked for; NaN without marginals.

        The standardised root mean square error of Knudsen and Fotheringham
        (1986), International Regional Science Review 10(2), 127-147.
        """
        if not self.rows:
            return nan
        target = np.array([row.target for row in self.rows])
        gap = np.array([row.difference for row in self.rows])
        return float(np.sqrt(np.mean(gap**2)) / np.mean(target))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per category, with the difference in percentage points."""
        import pandas as pd

        frame = pd.DataFrame(list(self.rows), columns=list(FitRow._fields))
        return frame.assign(points=100.0 * (frame["actual"] - frame["target"]))

    def __str__(self) -> str:
        """Return the table, aligned, and a summary."""
        shown = [row for row in self.rows if not row.dimension.endswith("by age")]
        width = max((len(row.dimension) for row in shown), default=9)
        wide = max((len(row.category) for row in shown), default=8)
        head = f"{'dimension':{width}}  {'category':{wide}}  target %  actual %  points"
        lines = [
            f"{row.dimension:{width}}  {row.category:{wide}}  {_percent(row.target):>8}  "
            f"{_percent(row.actual):>8}  {_percent(row.difference, '+'):>6}"
            for row in shown
        ]
        return "\n".join([head, *lines, self._summary()])

    def _summary(self) -> str:
        if isnan(self.max_difference):
            return "no marginals were given to compare with"
        worst, count = self._worst(), len(self.rows)
        return (
            f"largest difference {100 * self.max_difference:.1f} points "
            f"({worst.dimension}: {worst.category}); SRMSE {self.srmse:.3f} over "
            f"{count} {'category' if count == 1 else 'categories'}"
        )

    def _worst(self) -> FitRow:
        return max(self.rows, key=lambda row: abs(row.difference))


def _percent(share: float, sign: str = "") -> str:
    return "-" if isnan(share) else f"{100 * share:{sign}.1f}"


def _targets(marginals: Marginals) -> _Cells:
    ages = share_table(marginals.age_gender, Gender)
    of_age = ages.sum(axis=1, keepdims=True)
    cells = _table("age and gender", ages, Gender)
    for name in ("occupation", "education"):
        categories = Occupation if name == "occupation" else Education
        table = share_table(getattr(marginals, name), categories) * of_age
        cells |= {
            (name, str(c)): float(s) for c, s in zip(categories, table.sum(axis=0), strict=True)
        }
        cells |= _table(f"{name} by age", table, categories)
    for size in HOUSEHOLD_SIZES:
        cells["household size", str(size)] = marginals.household_size.get(str(size), 0.0)
    return cells | {("ownership", name): share for name, share in marginals.ownership.items()}


def _table(dimension: str, table: Float, categories: type[StrEnum]) -> _Cells:
    return {
        (dimension, f"{group.label} {category}"): float(table[row, column])
        for row, group in enumerate(AGE_GROUPS)
        for column, category in enumerate(categories)
    }


class _Counted(NamedTuple):
    """What is counted of m persons: arrays of shape (m,), codes as in `PersonArrays`."""

    household: Int
    size: Int
    age: Int
    gender: Int
    occupation: Int
    education: Int
    income: Float
    has_car: Bool
    has_bicycle: Bool
    has_licence: Bool


def _counted(people: Sequence[Persona] | PersonArrays) -> _Counted:
    if isinstance(people, PersonArrays):
        return _Counted(
            household=people.household,
            size=people.household_size.astype(np.int64),
            age=people.age.astype(np.int64),
            gender=people.gender.astype(np.int64),
            occupation=people.occupation.astype(np.int64),
            education=people.education.astype(np.int64),
            income=people.income,
            has_car=people.has_car,
            has_bicycle=people.has_bicycle,
            has_licence=people.has_licence,
        )
    return _Counted(
        household=_whole(one.household.id for one in people),
        size=_whole(one.household.size for one in people),
        age=_whole(one.age for one in people),
        gender=_whole(_CODES[one.gender] for one in people),
        occupation=_whole(_CODES[one.occupation] for one in people),
        education=_whole(_CODES[one.education] for one in people),
        income=np.array([one.income for one in people], dtype=np.float64),
        has_car=np.array([one.has_car for one in people], dtype=np.bool_),
        has_bicycle=np.array([one.has_bicycle for one in people], dtype=np.bool_),
        has_licence=np.array([one.has_licence for one in people], dtype=np.bool_),
    )


def _whole(values: Iterable[int]) -> Int:
    return np.array([*values], dtype=np.int64)


_CODES: Mapping[StrEnum, int] = {
    member: code for kind in (Gender, Occupation, Education) for code, member in enumerate(kind)
}


def _shares(people: _Counted, ages: AgeParameters) -> _Cells:
    # Of each household the last person counts.
    order = np.arange(len(people.household))[::-1]
    homes = order[np.unique(people.household[order], return_index=True)[1]]
    counted = {
        "age and gender": _by_age(people.age, people.gender, Gender),
        "occupation": _overall(people.occupation, Occupation),
        "occupation by age": _by_age(people.age, people.occupation, Occupation),
        "education": _overall(people.education, Education),
        "education by age": _by_age(people.age, people.education, Education),
        "household size": _overall(
            np.minimum(people.size[homes], HOUSEHOLD_SIZES[-1]) - 1, HOUSEHOLD_SIZES
        ),
        "ownership": _ownership(people, homes, ages),
    }
    return {
        (dimension, category): share
        for dimension, shares in counted.items()
        for category, share in shares.items()
    }


def _by_age(age: Int, code: Int, categories: type[StrEnum]) -> dict[str, float]:
    highest = np.array([group.high for group in AGE_GROUPS[:-1]])
    group = np.searchsorted(highest, age)
    names = [f"{group.label} {category}" for group in AGE_GROUPS for category in categories]
    return _overall(group * len(categories) + code, names)


def _overall(code: Int, categories: Iterable[object]) -> dict[str, float]:
    """Return the share of each category that occurs; a code is its position."""
    names = [str(one) for one in categories]
    counts = np.bincount(code, minlength=len(names)).tolist()
    return {name: count / len(code) for name, count in zip(names, counts, strict=True) if count}


def _ownership(people: _Counted, homes: Int, ages: AgeParameters) -> dict[str, float]:
    return {
        "car": _share_of(people.has_car[homes]),
        "bicycle": _share_of(people.has_bicycle[people.age >= ages.bicycle_from]),
        "licence": _share_of(people.has_licence[people.age >= ages.licence_from]),
    }


def _share_of(owns: Bool) -> float:
    return int(np.count_nonzero(owns)) / len(owns) if len(owns) else 0.0


def _income_fifths(people: _Counted, sigma: float) -> _Cells:
    normal = NormalDist()
    edges = [np.exp(sigma * normal.inv_cdf(fifth / 5)) for fifth in range(1, 5)]
    earned = people.income[np.isin(people.occupation, [_CODES[job] for job in EMPLOYED])]
    if not len(earned):
        return {}
    counts = np.bincount(np.digitize(earned, edges), minlength=len(_FIFTHS)) / len(earned)
    return {
        ("income if employed", fifth): float(s) for fifth, s in zip(_FIFTHS, counts, strict=True)
    }

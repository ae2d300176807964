"""Report of how well a population meets the marginals asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isnan, nan
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.population import AgeParameters
from mesa_llm_city.population.categories import (
    AGE_GROUPS,
    Education,
    Gender,
    Occupation,
    age_group,
)
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
        cls, people: Sequence[Persona], marginals: Marginals | None, ages: AgeParameters
    ) -> FitReport:
        """Count a population, and compare it with marginals if there are any.

        Parameters
        ----------
        people : sequence of Persona
            The population.
        marginals : Marginals or None
            The shares asked for; None to report the shares of the population only.
        ages : AgeParameters
            From which ages a licence and a bicycle count.
        """
        actual = _shares(people, ages)
        if marginals is None:
            return cls(tuple(FitRow(*cell, nan, share) for cell, share in actual.items()))
        fifths = _income_fifths(people, marginals.income["sigma"])
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


def _shares(people: Sequence[Persona], ages: AgeParameters) -> _Cells:
    homes = list({one.household.id: one for one in people}.values())
    counted = {
        "age and gender": _by_age(people, "gender", Gender),
        "occupation": _overall([one.occupation for one in people], Occupation),
        "occupation by age": _by_age(people, "occupation", Occupation),
        "education": _overall([one.education for one in people], Education),
        "education by age": _by_age(people, "education", Education),
        "household size": _overall([min(one.household.size, 5) for one in homes], HOUSEHOLD_SIZES),
        "ownership": _ownership(people, homes, ages),
    }
    return {
        (dimension, category): share
        for dimension, shares in counted.items()
        for category, share in shares.items()
    }


def _by_age(people: Sequence[Persona], name: str, categories: Iterable[str]) -> dict[str, float]:
    counts = Counter((age_group(one.age), getattr(one, name)) for one in people)
    return {
        f"{group.label} {category}": counts[index, category] / len(people)
        for index, group in enumerate(AGE_GROUPS)
        for category in categories
        if counts[index, category]
    }


def _overall(values: Sequence[object], categories: Iterable[object]) -> dict[str, float]:
    counts = Counter(values)
    return {str(one): counts[one] / len(values) for one in categories if counts[one]}


def _ownership(
    people: Iterable[Persona], homes: Iterable[Persona], ages: AgeParameters
) -> dict[str, float]:
    return {
        "car": _share_of(one.has_car for one in homes),
        "bicycle": _share_of(one.has_bicycle for one in people if one.age >= ages.bicycle_from),
        "licence": _share_of(one.has_licence for one in people if one.age >= ages.licence_from),
    }


def _share_of(answers: Iterable[bool]) -> float:
    counted = list(answers)
    return counted.count(True) / len(counted) if counted else 0.0


def _income_fifths(people: Iterable[Persona], sigma: float) -> _Cells:
    normal = NormalDist()
    edges = [np.exp(sigma * normal.inv_cdf(fifth / 5)) for fifth in range(1, 5)]
    earned = np.array([one.income for one in people if one.is_employed])
    if not len(earned):
        return {}
    counts = np.bincount(np.digitize(earned, edges), minlength=len(_FIFTHS)) / len(earned)
    return {
        ("income if employed", fifth): float(s) for fifth, s in zip(_FIFTHS, counts, strict=True)
    }

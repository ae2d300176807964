"""What each column contributes to the predictions for some persons, and reasons in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.table import SurveyTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Attributions", "Explains", "Unit"]

Unit = Literal["log odds", "probability", "share of attention"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributions:
    """Contributions of columns to the predictions for n persons.

    Parameters
    ----------
    names : tuple of str
        Names of the k columns.
    values : ndarray of float64, shape (n, k)
        Contributions.
    base : float
        Prediction without any column; with the contributions of a row, it adds up to the
        prediction. NaN if contributions do not add up to anything.
    unit : {"log odds", "probability", "share of attention"}
        What is added up. Attention has no sign: it says what was read, not in which direction.

    Examples
    --------
    >>> Attributions(names=("age", "wage"), values=np.array([[0.4, -0.1]]), base=0.0,
    ...              unit="log odds").told()
    ['age +0.40']
    """

    names: tuple[str, ...]
    values: Float
    base: float
    unit: Unit

    def told(self, *, leaving: ArrayLike = False, count: int = 2) -> list[str]:
        """Return the columns that speak most for the move of each person.

        Parameters
        ----------
        leaving : array_like of bool, shape (n,) or (), default False
            Whether the person leaves the village; negative contributions then favour the move.
        count : int, default 2
            Most columns for each person.

        Returns
        -------
        list of str, length n
            Names and contributions; "by chance" if no column favours the move.
        """
        if self.unit == "share of attention":
            return self._attended(count)
        sign = np.where(np.broadcast_to(leaving, len(self.values)), -1.0, 1.0)
        # A stable sort keeps equal contributions in the order of their names.
        largest = np.argsort(-sign[:, None] * self.values, axis=1, kind="stable")[:, :count]
        return [
            ", ".join(
                f"{self.names[one]} {self.values[row, one]:+.2f}"
                for one in few
                if sign[row] * self.values[row, one] > 0.0
            )
            or "by chance"
            for row, few in enumerate(largest.tolist())
        ]

    def of_households(self, households: ArrayLike) -> Attributions:
        """Return the mean contributions in the household of each person.

        A household decides by the mean of the log odds of its members (`pooled_probability`),
        so the mean contributions add up to its decision.

        Parameters
        ----------
        households : array_like, shape (n,)
            Number of the household of each person.
        """
        _, number = np.unique(np.asarray(households), return_inverse=True)
        size = np.bincount(number)
        means = np.stack([np.bincount(number, weights=one) / size for one in self.values.T], axis=1)
        return replace(self, values=means[number])

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each person and one column for each column of the survey."""
        import pandas as pd

        return pd.DataFrame(self.values, columns=list(self.names))

    def _attended(self, count: int) -> list[str]:
        order = np.argsort(-self.values, axis=1, kind="stable")[:, :count]
        return [
            "read " + ", ".join(f"{self.names[one]} {self.values[row, one]:.0%}" for one in few)
            for row, few in enumerate(order.tolist())
        ]


@runtime_checkable
class Explains(Protocol):
    """Anything that tells what the columns of a person contribute to the prediction."""

    def attributions(self, table: SurveyTable, /) -> Attributions:
        """Return the contributions of columns to the predictions for the rows of a table."""
        ...

"""Incomes: whether they can be multiples of the median, and amounts of money made so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.population.categories import EMPLOYED, Occupation
from mesa_llm_city.population.table.reader import PeopleTable

__all__ = ["incomes_of", "median_defect", "median_note"]

_HIGHEST_MEDIAN = 10.0
_HIGHEST_MEDIAN_OF_FEW = 100.0
_FEW = 10
"""Among fewer people the median may be that of the rich alone."""

_LEFT_OUT = "without the column incomes are drawn"
_USUAL_MEDIAN = (0.3, 3.0)
_EMPLOYED = [list(Occupation).index(job) for job in EMPLOYED]


def median_defect(cells: Sequence[str | None]) -> str:
    """Return why a column of incomes cannot hold multiples of the median income.

    Parameters
    ----------
    cells : sequence of str or None
        The column ``income``.

    Returns
    -------
    str
        Empty if it may.

    Examples
    --------
    >>> median_defect(["52000", "31000", "0"])
    'column income: the median of 2 incomes is 41500, but they are multiples of the median ...'
    >>> median_defect(["1.3", "0.8", None])
    ''
    """
    amounts = _positive(cells)
    limit = _HIGHEST_MEDIAN if len(amounts) >= _FEW else _HIGHEST_MEDIAN_OF_FEW
    if not len(amounts) or float(np.median(amounts)) <= limit:
        return ""
    return (
        f"column income: the median of {len(amounts)} incomes is {np.median(amounts):.10g}, but "
        "they are multiples of the median income of the employed, such as 0.8 or 1.5; divide "
        "them by that median, or call the column earnings, which takes amounts of money"
    )


def median_note(table: PeopleTable) -> tuple[str, ...]:
    """Return a note if the incomes of many people are all 0, or have an unlikely median."""
    income = table.numbers["income"]
    known = income[income > 0]
    if not len(known) and np.count_nonzero(income == 0) >= _FEW:
        return (f"income is 0 in all {np.count_nonzero(income == 0)} rows; {_LEFT_OUT}",)
    if len(known) < _FEW or _USUAL_MEDIAN[0] <= np.median(known) <= _USUAL_MEDIAN[1]:
        return ()
    found = f"the median of {len(known)} incomes is {np.median(known):.3g}"
    return (f"{found}; they are taken as multiples of the median income of the employed, 1",)


def _positive(cells: Sequence[str | None]) -> Float:
    found = []
    for cell in cells:
        try:
            found.append(float(cell or 0))
        except ValueError:
            continue
    amounts = np.array(found, dtype=np.float64)
    return amounts[np.isfinite(amounts) & (amounts > 0)]


def incomes_of(table: PeopleTable, occupation: Int, household: Int) -> tuple[Float, list[str]]:
    """Return incomes as multiples of the median income of the employed, from amounts of money.

    Amounts of the person count first; those of a household are shared out evenly among its
    employed members. Negative amounts count as no income.

    Parameters
    ----------
    table : PeopleTable
        With ``income``, ``earnings`` and ``household_earnings``.
    occupation, household : ndarray of int64, shape (n,)
        Index in `Occupation`, and household.

    Returns
    -------
    incomes : ndarray of float64, shape (n,)
        NaN where nothing is known.
    notes : list of str
        What was assumed.
    """
    employed = np.isin(occupation, _EMPLOYED)
    _, index = np.unique(household, return_inverse=True)
    earners = np.bincount(index, employed)[index] if len(index) else np.zeros(0)
    share = table.numbers["household_earnings"] / np.where(employed, np.maximum(earners, 1), np.nan)
    income, notes = table.numbers["income"], []
    for amounts, what in (
        (table.numbers["earnings"], "earnings"),
        (share, "earnings of households, shared out among employed members,"),
    ):
        used = np.isnan(income) & ~np.isnan(amounts)
        if not used.any():
            continue
        median = _median_of_earners(amounts, used, employed)
        income = np.where(used, np.maximum(amounts, 0.0) / median, income)
        whose = f"{what} of {int(used.sum())} people"
        notes.append(
            f"{whose} divided by their median, {median:.6g}"
            if (amounts[used] > 0).any()
            else f"{whose} are all 0 or negative, so nobody of them has an income; {_LEFT_OUT}"
        )
        if negative := int(np.count_nonzero(used & (amounts < 0))):
            notes.append(f"negative {what} of {negative} people count as no income")
    return income, notes


def _median_of_earners(
    amounts: Float, used: NDArray[np.bool_], employed: NDArray[np.bool_]
) -> float:
    """Return the median of those who earn: of the employed, else of all; 1 if nobody does."""
    earning = used & (amounts > 0)
    whose = earning & employed if (earning & employed).any() else earning
    return float(np.median(amounts[whose])) if whose.any() else 1.0

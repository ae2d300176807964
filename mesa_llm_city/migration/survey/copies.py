"""Rows of one table that occur in another one, beyond what chance explains."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc  # much quicker to import than scipy.stats

from mesa_llm_city.core.streams import rng
from mesa_llm_city.migration.survey.row_keys import answers, input_names
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["Copies", "find_copies", "more_than_chance"]

_CERTAIN = 0.001  # greatest probability of a false alarm
_EXAMPLES = 5
_FEWEST = 3  # copies; fewer prove nothing

Marks = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Test rows with the same answers as a training row.

    Parameters
    ----------
    rows : int
        Number of such test rows.
    share : float
        Share of such rows in the test table.
    chance : float
        Share of training rows with the same answers as another training row.
    profiles, near_profiles : int
        Number of different answers that occur in both tables, and of pairs of answers, one of
        each table, that differ in exactly one column. By chance, most like each other are many
        pairs of the second kind.
    same_label : float
        Share of these rows whose label is also that of a training row with the same answers;
        NaN if there are none.
    is_beyond_chance : bool
        Whether there are more than by chance.
    examples : tuple of (int, int)
        Positions of some test rows and of the training rows that they are equal to.
    """

    rows: int
    share: float
    chance: float
    profiles: int
    near_profiles: int
    same_label: float
    is_beyond_chance: bool
    examples: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        """Return the copies in words."""
        told = f"{self.share:.1%} of test rows have the same answers as a training row"
        if not self.rows:
            return "No test row has the same answers as a training row."
        if not self.is_beyond_chance:
            return f"{told}, no more than by chance ({self.chance:.1%} among training rows)."
        shown = ", ".join(f"{here} ({there})" for here, there in self.examples)
        return (
            f"{told}, more than by chance ({self.chance:.1%} among training rows; "
            f"{self.near_profiles} pairs of answers differ in one column only). The label is the "
            f"same for {self.same_label:.0%}. Test rows (and training rows), counted from 0: "
            f"{shown}"
        )


def more_than_chance(found: int, known: int, chance: float, count: int) -> bool:
    """Return whether more of `known` rows are equal to one of `count` rows than by chance.

    Parameters
    ----------
    found : int
        Number of rows that are equal.
    known : int
        Number of rows.
    chance : float
        Share of the `count` rows that are equal to another of them: what to expect of new
        rows. Three standard errors are added, as equal rows come in pairs.
    count : int
        Number of rows to compare with.

    Examples
    --------
    >>> more_than_chance(5, 200, 0.0, 1000), more_than_chance(60, 200, 0.3, 1000)
    (True, False)
    """
    if not count or found < _FEWEST:
        return False
    spread = 3.0 * sqrt(2.0 * chance * (1.0 - chance) / count)
    highest = min(chance + spread + 1.0 / count, 1.0 - 1.0 / (count + known))
    return found > highest * known and float(bdtrc(found - 1, known, highest)) < _CERTAIN


def find_copies(train: SurveyTable, test: SurveyTable) -> Copies:
    """Compare the answers of the rows of two tables with the same columns.

    Notes
    -----
    There are two signs that rows were copied. More test rows are equal to a training row than
    training rows are to each other. Or more answers are equal in all columns than in all but
    one, which happens where rows were entered twice before the table was divided. Neither
    needs a model of the answers.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> table = synthetic_survey(300, seed=1)
    >>> find_copies(table.take(range(200)), table.take(range(190, 300))).rows
    10
    """
    marks = _marks(train, test)
    every = marks.sum(axis=1, dtype=np.uint64)
    here, there = every[len(train) :], every[: len(train)]
    is_copy = np.isin(here, there)
    _, count = np.unique(there, return_counts=True)
    chance = float(count[count > 1].sum()) / len(train)
    profiles, near = _profiles(marks, every, len(train))
    many = profiles >= _FEWEST and float(bdtrc(profiles - 1, profiles + near, 0.5)) < _CERTAIN
    rows = int(np.count_nonzero(is_copy))
    return Copies(
        rows=rows,
        share=rows / len(test),
        chance=chance,
        profiles=profiles,
        near_profiles=near,
        same_label=_same_label(train, test, here, there, is_copy),
        is_beyond_chance=many or more_than_chance(rows, len(test), chance, len(train)),
        examples=_examples(here, there, is_copy),
    )


def _marks(train: SurveyTable, test: SurveyTable) -> Marks:
    """Return a random number for each answer, shape (rows of both, columns).

    Rows with the same sum have the same answers, but for one in 2**64.
    """
    import pandas as pd

    columns = []
    for at, name in enumerate(input_names(train.schema)):
        cells = [*answers(train.frame[name]), *answers(test.frame[name])]
        codes, known = pd.factorize(np.array(cells, dtype=object))
        numbers = rng(0, at, "marks of answers", 0).integers(
            2**64, size=len(known), dtype=np.uint64
        )
        columns.append(numbers[codes])
    return np.column_stack(columns)


def _profiles(marks: Marks, every: Marks, split: int) -> tuple[int, int]:
    """Count answers in both tables, and pairs of answers that differ in exactly one column."""
    parts = [
        first + np.unique(every[first:last], return_index=True)[1]
        for first, last in ((0, split), (split, len(every)))
    ]
    shared = int(np.isin(every[parts[0]], every[parts[1]]).sum())
    near = 0
    for column in marks.T:
        rest = [(every - column)[rows] for rows in parts]
        keys, place = np.unique(np.concatenate(rest), return_inverse=True)
        train = np.bincount(place[: len(parts[0])], minlength=len(keys))
        test = np.bincount(place[len(parts[0]) :], minlength=len(keys))
        near += int((train * test).sum()) - shared
    return shared, near


def _same_label(
    train: SurveyTable, test: SurveyTable, here: Marks, there: Marks, is_copy: NDArray[np.bool_]
) -> float:
    if not is_copy.any():
        return float("nan")
    labels = [
        marks + part.target.astype(np.uint64) for marks, part in ((here, test), (there, train))
    ]
    return float(np.isin(labels[0][is_copy], labels[1]).mean())


def _examples(here: Marks, there: Marks, is_copy: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    rows = np.flatnonzero(is_copy)[:_EXAMPLES].tolist()
    return tuple((row, int(np.flatnonzero(there == here[row])[0])) for row in rows)

"""Time use of a run against a survey: shares of the day by groups of people and kinds of day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import jensenshannon

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.observed.respondents import ALL, Respondents
from mesa_llm_city.experiments.observed.time_use import ObservedTimeUse, TimeUseCell
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import Family, Figure, Measure, measures_of
from mesa_llm_city.experiments.validation.person_days import person_days
from mesa_llm_city.experiments.validation.run_tables import Bool, RunTables
from mesa_llm_city.population.categories import EMPLOYED

__all__ = [
    "FULL_TIME_MIN",
    "KINDS_OF_DAY",
    "Lived",
    "SurveyCells",
    "compared_cells",
    "employment",
    "lived_days",
    "matching",
    "mean_days",
    "survey_mean",
    "time_use",
    "youngest_child",
]

FULL_TIME_MIN = 35 * 60
"""Minutes of work a week from which it is full time (American Time Use Survey)."""

KINDS_OF_DAY = ("weekday", "saturday", "sunday")
"""Kinds of day that minutes are kept for."""

_FEWEST = 5
"""Groups of fewer people say little, and are left out."""

_WHOLE = "everybody"
_EVERYBODY = "everybody as the survey's mean"


class SurveyCells(NamedTuple):
    """The c cells of a survey that can be compared.

    Attributes
    ----------
    observed : tuple of TimeUseCell
        The cells.
    who : ndarray of float64, shape (c, p)
        1 for the people of the run that a cell is about, else 0.
    weights : ndarray of float64, shape (c, 3)
        Weights of the kinds of day.
    """

    observed: tuple[TimeUseCell, ...]
    who: Float
    weights: Float

    def only(self, rows: list[int]) -> SurveyCells:
        """Return some of the cells."""
        observed = tuple(self.observed[row] for row in rows)
        return SurveyCells(observed, self.who[rows], self.weights[rows])


class Lived(NamedTuple):
    """What people did, by kind of day.

    Attributes
    ----------
    spent : ndarray of float64, shape (p, 3, g)
        Minutes by person, kind of day and group of activities.
    done : ndarray of float64, shape (p, 3, g)
        Days on which it was done.
    days : ndarray of float64, shape (p, 3)
        Days that were lived, by person and kind of day.
    """

    spent: Float
    done: Float
    days: Float


def time_use(
    tables: RunTables,
    observed: ObservedTimeUse,
    bootstrap: Bootstrap,
    *,
    whole: ObservedTimeUse | None = None,
) -> Family:
    """Compare the shares of the day with those of a survey.

    The difference is the mean over cells (such as age groups) and groups of activities of the
    absolute difference of shares of the day, in percentage points. The naive prediction tells
    the survey's mean over everybody for every cell.

    Parameters
    ----------
    tables : RunTables
        The run.
    observed : ObservedTimeUse
        The survey.
    bootstrap : Bootstrap
        Resamples of the persons.
    whole : ObservedTimeUse, optional
        The survey whose mean the naive prediction is, if `observed` is a part of it.
    """
    lived = lived_days(tables, observed)
    cells = compared_cells(tables, observed, lived.days)
    measures: list[Measure] = []
    for name, rows in _kinds(cells).items():
        measures += _measures(name, cells.only(rows), whole or observed, lived, bootstrap)
    return Family(
        name="time use",
        measures=tuple(measures),
        details=_details(cells, observed, lived, bootstrap),
        notes=tuple(_left_out(tables, observed, lived.days)),
    )


def matching(tables: RunTables, who: Respondents) -> Bool:
    """Return which persons a row of a survey is about, shape (p,).

    Parameters
    ----------
    tables : RunTables
        The run.
    who : Respondents
        The row; its kind of day does not matter.
    """
    people = tables.people
    age = people["age"].to_numpy(dtype=np.int64)
    found: Bool = (age >= who.ages[0]) & (age <= who.ages[1])
    if who.sex != ALL:
        found &= (people["gender"].astype(str) == who.sex).to_numpy()
    if who.employment != ALL:
        found &= np.isin(employment(tables), _employments(who.employment))
    if who.youngest_child != ALL:
        found &= youngest_child(tables) == who.youngest_child
    return found


def survey_mean(observed: ObservedTimeUse, day_type: str) -> TimeUseCell | None:
    """Return the cell of everybody on a kind of day: the widest in ages, else the mean of all."""
    some = [cell for cell in observed.cells if cell.respondents.day_type == day_type]
    if whole := [cell for cell in some if not any(_depth(cell.respondents))]:
        return max(whole, key=lambda cell: cell.respondents.ages[1] - cell.respondents.ages[0])
    return _mean_cell(some, day_type) if some else None


def _mean_cell(cells: list[TimeUseCell], day_type: str) -> TimeUseCell:
    """Return the mean of the finest cells, weighted by the number of diaries where it is known."""
    finest = max(sum(map(bool, _depth(cell.respondents))) for cell in cells)
    some = [cell for cell in cells if sum(map(bool, _depth(cell.respondents))) == finest]
    n = np.array([cell.n for cell in some])
    weights = np.ones(len(some)) if np.isnan(n).any() else n
    mean = np.average([cell.minutes for cell in some], axis=0, weights=weights)
    unknown = np.full(len(mean), np.nan)
    doing = np.average([cell.share_doing for cell in some], axis=0, weights=weights)
    return TimeUseCell(
        respondents=Respondents(day_type=day_type),
        weekend_share=some[0].weekend_share,
        minutes=mean,
        share_doing=doing,
        sd_min=unknown,
        n=float(weights.sum()),
    )


def _depth(who: Respondents) -> tuple[str, str, str, str]:
    """Return by what a row is restricted; empty texts where it is not.

    An open range of ages such as 15+ is the whole survey, not a group of it.
    """
    whole = who.age_text == ALL or (who.age_text.endswith("+") and who.ages[0] < 20)
    return (
        "" if whole else "age",
        "" if who.sex == ALL else "sex",
        "" if who.employment == ALL else "employment",
        "" if who.youngest_child == ALL else "children",
    )


def _employments(employment: str) -> list[str]:
    return ["full", "part"] if employment == "employed" else [employment]


def employment(tables: RunTables) -> NDArray[np.str_]:
    """Return ``full``, ``part`` or ``none`` for each person."""
    people = tables.people
    works = people["occupation"].astype(str).isin([str(one) for one in EMPLOYED]).to_numpy()
    mask = people["work_days"].to_numpy(dtype=np.int64)
    days = np.array([int(one).bit_count() for one in mask.tolist()])
    weekly = days * people["work_minutes"].to_numpy(dtype=np.float64)
    return np.where(works, np.where(weekly >= FULL_TIME_MIN, "full", "part"), "none")


def youngest_child(tables: RunTables) -> NDArray[np.str_]:
    """Return the age of the youngest other member of the household below 18, as a class."""
    people = tables.people
    age = people["age"].to_numpy(dtype=np.int64)
    _, home = np.unique(people["household_id"].to_numpy(), return_inverse=True)
    child = np.where(age < 18, age, 99)
    order = np.lexsort((child, home))
    first = np.flatnonzero(np.diff(home[order], prepend=-1))
    second = np.minimum(first + 1, len(order) - 1)
    youngest, next_one = child[order][first], child[order][second]
    next_one = np.where(home[order][second] == home[order][first], next_one, 99)
    is_it = np.zeros(len(age), dtype=np.bool_)
    is_it[order[first]] = True
    other = np.where(is_it, next_one[home], youngest[home])
    return np.where(other < 6, "0-5", np.where(other < 18, "6-17", "none"))


def lived_days(tables: RunTables, observed: ObservedTimeUse) -> Lived:
    """Return what people did on weekdays, Saturdays and Sundays, in the groups of a survey."""
    purposes = tables.parameters.purposes
    column = {name: observed.column(purpose.survey_group) for name, purpose in purposes.items()}
    groups = len(observed.groups)
    lived = person_days(tables, lambda name: column.get(name, observed.column(name)), groups)
    kind = np.maximum(lived.weekday - 4, 0)
    spent = np.zeros((tables.persons, len(KINDS_OF_DAY), groups))
    done, days = np.zeros_like(spent), np.zeros((tables.persons, len(KINDS_OF_DAY)))
    np.add.at(spent, (lived.person, kind), lived.minutes)
    np.add.at(done, (lived.person, kind), (lived.minutes > 0).astype(np.float64))
    np.add.at(days, (lived.person, kind), 1.0)
    return Lived(spent, done, days)


def compared_cells(tables: RunTables, observed: ObservedTimeUse, days: Float) -> SurveyCells:
    """Return the cells for which there are people and days."""
    kept, who, weights = [], [], []
    for cell in observed.cells:
        match, mix = _people_and_mix(tables, cell, days)
        if _can_be_compared(match, mix):
            kept.append(cell)
            who.append(match.astype(np.float64))
            weights.append(mix)
    return SurveyCells(
        tuple(kept),
        np.array(who).reshape(len(kept), tables.persons),
        np.array(weights).reshape(len(kept), len(KINDS_OF_DAY)),
    )


def _people_and_mix(tables: RunTables, cell: TimeUseCell, days: Float) -> tuple[Bool, Float]:
    match = matching(tables, cell.respondents)
    return match, _mix(cell, days[match].sum(axis=0))


def _left_out(tables: RunTables, observed: ObservedTimeUse, days: Float) -> Iterator[str]:
    """Yield how many cells cannot be compared, and why."""
    found = [_people_and_mix(tables, cell, days) for cell in observed.cells]
    few = int(np.sum([int(match.sum()) < _FEWEST for match, _ in found]))
    if few:
        yield f"{few} cells of the survey with fewer than {_FEWEST} people of the run left out"
    other = len(found) - few - int(np.sum([_can_be_compared(*one) for one in found]))
    if other:
        yield f"{other} cells left out: the run does not have all kinds of day that they are about"


def _can_be_compared(match: Bool, mix: Float) -> bool:
    return int(match.sum()) >= _FEWEST and bool(np.isfinite(mix).all())


def _mix(cell: TimeUseCell, days: Float) -> Float:
    """Return the weights of the kinds of day, shape (3,); NaN where there is no such day.

    Saturdays and Sundays share the weekend in proportion to their number.
    """
    day_type, weekend = cell.respondents.day_type, cell.weekend_share
    if day_type in KINDS_OF_DAY:
        wanted = np.array([float(day_type == kind) for kind in KINDS_OF_DAY])
    else:
        share = weekend if day_type == ALL else 1.0
        ends = float(days[1:].sum())
        parts = days[1:] / ends if ends else np.array([0.5, 0.5])
        wanted = np.concatenate([[1.0 - share], share * parts])
    return np.where((wanted > 0) & (days == 0), np.nan, wanted)


def mean_days(cells: SurveyCells, amounts: Float, days: Float, count: Float) -> Float:
    """Return the mean day of each cell, shape (c, g); NaN if nobody was drawn for it.

    Parameters
    ----------
    cells : SurveyCells
        The cells.
    amounts : ndarray of float64, shape (p, 3, g)
        Of each person, by kind of day.
    days : ndarray of float64, shape (p, 3)
        Days of each person, by kind.
    count : ndarray of float64, shape (p,)
        How often each person counts.
    """
    persons, kinds, groups = amounts.shape
    counted = cells.who * count
    totals = (counted @ amounts.reshape(persons, -1)).reshape(-1, kinds, groups)
    lived = (counted @ days)[:, :, None]
    used = cells.weights[:, :, None] > 0
    means = np.divide(totals, lived, out=np.full_like(totals, np.nan), where=lived > 0)
    mean: Float = np.where(used, means * cells.weights[:, :, None], 0.0).sum(axis=1)
    return mean


def _kinds(cells: SurveyCells) -> dict[str, list[int]]:
    """Return the rows of cells that are restricted by the same things, the fewest first."""
    kinds: dict[str, list[int]] = {}
    for row, cell in enumerate(cells.observed):
        depth = ", ".join(filter(None, _depth(cell.respondents)))
        by = f"by {depth}" if depth else _WHOLE
        kind = "" if cell.respondents.day_type == ALL else ", kind of day"
        kinds.setdefault(f"{by}{kind}", []).append(row)
    return dict(sorted(kinds.items(), key=lambda item: item[0].count(",")))


def _measures(
    name: str, cells: SurveyCells, observed: ObservedTimeUse, lived: Lived, bootstrap: Bootstrap
) -> Iterator[Measure]:
    truth = np.array([cell.minutes for cell in cells.observed])
    means = _survey_means(cells, observed)
    found = bootstrap.estimate(
        lambda count: _errors(mean_days(cells, lived.spent, lived.days, count), truth)
    )
    n = int((cells.who @ lived.days).sum())
    figures = (
        Figure(f"{name}: difference of shares", n, "person-days", unit="pp", better="lower"),
        Figure(f"{name}: Jensen-Shannon distance", n, "person-days", better="lower"),
    )
    naive = _errors(np.array([cell.minutes for cell in means]), truth)
    yield from measures_of(figures, found, _unless_it_is_the_truth(name, naive))
    truth = np.array([cell.share_doing for cell in cells.observed])
    if np.isfinite(truth).any():
        of_means = np.array([cell.share_doing for cell in means])
        yield from _participation(name, cells, lived, (truth, of_means), bootstrap)


def _unless_it_is_the_truth(name: str, naive: Float) -> dict[str, Float]:
    """Return the naive figures; none for cells of everybody, of whom it would know the answer."""
    return {} if name.startswith(_WHOLE) else {_EVERYBODY: naive}


def _survey_means(cells: SurveyCells, observed: ObservedTimeUse) -> list[TimeUseCell]:
    """Return what the naive prediction tells for each cell."""
    days = [cell.respondents.day_type for cell in cells.observed]
    means = {day: survey_mean(observed, day) for day in dict.fromkeys(days)}
    return [means[day] or cell for day, cell in zip(days, cells.observed, strict=True)]


def _errors(ours: Float, truth: Float) -> Float:
    """Return difference in percentage points and Jensen-Shannon distance, means over cells.

    Cells for which nobody was drawn are left out.
    """
    known = np.isfinite(ours).all(axis=1)
    one, other = ours[known] / DAY_MIN, truth[known] / DAY_MIN
    if not len(one):
        return np.full(2, np.nan)
    js = jensenshannon(one, other, base=2, axis=1)
    return np.array([100.0 * float(np.abs(one - other).mean()), float(np.mean(js))])


def _participation(
    name: str, cells: SurveyCells, lived: Lived, known: tuple[Float, Float], bootstrap: Bootstrap
) -> Iterator[Measure]:
    """Return the difference of shares of days on which activities are done."""
    truth, naive = known

    def error(count: Float) -> Float:
        return _share_error(mean_days(cells, lived.done, lived.days, count), truth)

    what = f"{name}: difference of shares of days on which it is done"
    figure = Figure(what, int(np.isfinite(truth).sum()), "cells", unit="pp", better="lower")
    of_naive = _unless_it_is_the_truth(name, _share_error(naive, truth))
    return measures_of((figure,), bootstrap.estimate(error), of_naive)


def _share_error(ours: Float, truth: Float) -> Float:
    """Return the mean absolute difference in percentage points where both are known."""
    gaps = np.abs(ours - truth)
    known = np.isfinite(gaps)
    return np.atleast_1d(100.0 * gaps[known].mean() if known.any() else np.nan)


def _details(
    cells: SurveyCells, observed: ObservedTimeUse, lived: Lived, bootstrap: Bootstrap
) -> dict[str, Any]:
    shape = (len(cells.observed), len(observed.groups))
    found = bootstrap.estimate(
        lambda count: mean_days(cells, lived.spent, lived.days, count).ravel()
    )
    ours, low, high = (one.reshape(shape) for one in found)
    rows = [
        {
            "who": str(cell.respondents),
            "by": ", ".join(filter(None, _depth(cell.respondents))),
            "age": cell.respondents.age_text,
            "day_type": cell.respondents.day_type,
            "people": int(cells.who[row].sum()),
            "run_min": ours[row].round(1).tolist(),
            "run_interval_95": _ends(low[row], high[row]),
            "survey_min": cell.minutes.round(1).tolist(),
        }
        for row, cell in enumerate(cells.observed)
    ]
    return {"groups": list(observed.groups), "cells": rows}


def _ends(low: Float, high: Float) -> list[list[float | None]]:
    """Return ends of intervals for JSON; null where there are none."""
    return [
        [round(float(end), 1) if np.isfinite(end) else None for end in pair]
        for pair in zip(low, high, strict=True)
    ]

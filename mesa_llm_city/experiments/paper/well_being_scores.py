"""Scores of predicted classes, and what is predicted without any simulation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core import streams
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.observed.well_being import CLASSES
from mesa_llm_city.migration.models.libraries import has_library, library, one_thread
from mesa_llm_city.population import Education, Occupation, Persona, Role

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = [
    "accuracy",
    "boosted",
    "life_columns",
    "macro_f1",
    "majority",
    "persona_columns",
    "random_classes",
]

_FOLDS = 5


def macro_f1(truth: Int, said: Int, count: Float) -> float:
    """Return the mean of the F1 scores of the classes that occur in `truth`.

    Parameters
    ----------
    truth, said : ndarray of int64, shape (n,)
        Classes; 0 in `said` is a missing answer, which is wrong.
    count : ndarray of float64, shape (n,)
        How often each person counts.

    Examples
    --------
    >>> macro_f1(np.array([1, 1, 2, 2]), np.array([1, 2, 2, 0]), np.ones(4))  # 2/3 and 1/2
    0.5833333333333333
    """
    scores = []
    for one in np.unique(truth).tolist():
        hits = float(count[(truth == one) & (said == one)].sum())
        both = float(count[truth == one].sum() + count[said == one].sum())
        scores.append(2.0 * hits / both if both else 0.0)
    return float(np.mean(scores))


def accuracy(truth: Int, said: Int, count: Float) -> float:
    """Return the share of persons whose class is right; parameters as for `macro_f1`."""
    return float(count[truth == said].sum() / count.sum())


def majority(truth: Int) -> Int:
    """Return the most frequent class for everybody; the lowest one of several."""
    values, counts = np.unique(truth, return_counts=True)
    return np.full(len(truth), values[counts.argmax()])


def random_classes(seed: int, persons: Int, draw: int) -> Int:
    """Return a class for each person, all five equally likely."""
    drawn = streams.uniforms(seed, persons, "well_being:guess", draw, 1)[:, 0]
    return 1 + (drawn * len(CLASSES)).astype(np.int64)


def boosted(columns: Float, truth: Int, *, seed: int) -> Int | None:
    """Return classes that gradient boosting predicts for people it was not trained on.

    Parameters
    ----------
    columns : ndarray of float64, shape (n, k)
        What is known of each person.
    truth : ndarray of int64, shape (n,)
        Class of each respondent.
    seed : int
        Seed of the folds and of the trees.

    Returns
    -------
    ndarray of int64 or None
        By five-fold cross-validation; None without scikit-learn, or with too few people.
    """
    _, counts = np.unique(truth, return_counts=True)
    if not has_library("sklearn") or len(truth) < 2 * _FOLDS or len(counts) < 2:
        return None
    selection, ensemble = library("sklearn.model_selection"), library("sklearn.ensemble")
    form = selection.StratifiedKFold if counts.min() >= _FOLDS else selection.KFold
    folds = form(n_splits=_FOLDS, shuffle=True, random_state=seed % 2**32)
    trees = ensemble.HistGradientBoostingClassifier(random_state=seed % 2**32)
    with one_thread():
        found: Int = selection.cross_val_predict(trees, columns, truth, cv=folds)
    return found.astype(np.int64)


def persona_columns(personas: Sequence[Persona]) -> Float:
    """Return what personas say of each person as numbers, shape (n, k)."""
    jobs, schools, roles = list(Occupation), list(Education), list(Role)
    rows = [
        (
            one.age,
            str(one.gender) == "female",
            jobs.index(one.occupation),
            schools.index(one.education),
            one.income,
            one.household.size,
            roles.index(one.household.role),
            *one.big_five,
            one.has_car,
            one.habits.work_minutes * one.habits.work_days.bit_count(),
        )
        for one in personas
    ]
    return np.array(rows, dtype=np.float64)


def life_columns(model: CityModel, persons: Int) -> Float:
    """Return how people have lived in a model as numbers, shape (n, k).

    They are the hours a day of each activity, the trips a day, and the present levels of the needs.
    """
    days = max(model.minute / DAY_MIN, 1.0)
    done = model.activities()
    hours = (done["end"] - done["start"]).dt.total_seconds() / 3600.0
    by_activity = (
        hours.groupby([done["person"], done["purpose"].astype(str)])
        .sum()
        .unstack()
        .reindex(persons.tolist())
        .fillna(0.0)
    )
    trips = model.trips().groupby("person").size().reindex(persons.tolist(), fill_value=0)
    people = model.residents.by_id
    needs = [list(people[one].citizen.needs_at(model.minute).values()) for one in persons.tolist()]
    parts = [by_activity.to_numpy() / days, trips.to_numpy()[:, np.newaxis] / days]
    return np.hstack([*parts, np.array(needs, dtype=np.float64).reshape(len(persons), -1)])

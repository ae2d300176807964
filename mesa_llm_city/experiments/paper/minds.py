"""Figures of conversations, of reactions to events and of visits, to tell minds apart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.paper.lived import Lived
from mesa_llm_city.experiments.saved_tables import read_table
from mesa_llm_city.experiments.validation.measure import Family, Figure, measures_of

__all__ = ["minds"]

_GO_ON = "continue"


def minds(lived: Lived) -> Iterator[Family]:
    """Yield conversations a day, plans broken off a day, and satisfaction with visits."""
    tables, bootstrap = lived.tables, lived.bootstrap
    days = float(tables.days)
    person_days = tables.persons * tables.days
    ids = tables.people["id"].to_numpy(dtype=np.int64)
    talks = read_table(lived.folder, "conversations")
    both = np.concatenate([talks["person"].to_numpy(), talks["other"].to_numpy()])
    conversations = _per_person(ids, both.astype(np.int64))
    decisions = read_table(lived.folder, "decisions")
    broken_off = (decisions["component"] == "perception") & (decisions["choice"] != _GO_ON)
    reactions = _per_person(ids, decisions.loc[broken_off, "person"].to_numpy(dtype=np.int64))
    for family, name, counts in (
        ("dialogue", "conversations a day", conversations),
        ("event reaction", "plans broken off a day", reactions),
    ):
        figure = Figure(name, person_days, "person-days")
        found = bootstrap.estimate(
            lambda count, counts=counts: np.array([count @ counts / (count.sum() * days)])  # type: ignore[misc]
        )
        yield Family(name=family, measures=tuple(measures_of([figure], found, {})))
    yield _satisfaction(lived, ids)


def _per_person(ids: Int, person: Int) -> Float:
    """Return how often each person is named, shape (p,)."""
    known = person[np.isin(person, ids)]
    return np.bincount(np.searchsorted(ids, known), minlength=len(ids)).astype(np.float64)


def _satisfaction(lived: Lived, ids: Int) -> Family:
    visits = read_table(lived.folder, "visits").dropna(subset=["satisfaction"])
    person = np.searchsorted(ids, visits["person"].to_numpy(dtype=np.int64))
    rated = visits["satisfaction"].to_numpy(dtype=np.float64)

    def mean(count: Float) -> Float:
        weight = count[person]
        return np.array([weight @ rated / weight.sum() if weight.sum() else np.nan])

    figure = Figure("mean satisfaction with visits", len(visits), "visits")
    found = lived.bootstrap.estimate(mean)
    return Family(name="visits", measures=tuple(measures_of([figure], found, {})))

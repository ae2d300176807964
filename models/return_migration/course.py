"""The course of a run beside the same run without policies: who was at home in each year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from mesa_llm_city.models.return_migration.agents import Migrant
from mesa_llm_city.models.return_migration.model import ReturnMigration
from numpy.typing import NDArray

__all__ = ["EVERYBODY", "NO_POLICY", "Course"]

EVERYBODY = "everybody"
NO_POLICY: Mapping[str, float] = {"rural_subsidy": 0.0, "hukou_reform": 0.0}
"""Levers at rest."""

_DECADE = 10.0  # years of an age group
_PLACES: Mapping[str, Callable[[Migrant], str]] = {
    "village": lambda one: one.village.name,
    "city": lambda one: one.city.name,
}


class Course:
    """A run, and the same run without policies, year by year.

    Both have the same people and random numbers, so that they differ by the policies only.

    Parameters
    ----------
    make : callable
        Makes the model; takes the levers of `NO_POLICY` by name.
    levers : mapping of str to float
        Levers of the run at first.
    """

    def __init__(
        self, make: Callable[..., ReturnMigration], levers: Mapping[str, float] = NO_POLICY
    ) -> None:
        self.model = make(**levers)
        self.without = make(**NO_POLICY)
        self._groups: dict[str, list[str]] = {name: self._by(name) for name in self.groupings}
        self._at_home = [_at_home(self.model)]
        self._at_home_without = [_at_home(self.without)]

    @property
    def groupings(self) -> tuple[str, ...]:
        """Names by which people can be grouped: places, age and columns with codes."""
        schema = self.model.schema
        coded = [one.name for one in schema.inputs if one.is_coded]
        ages = ["age"] if "age" in schema.names else []
        return (EVERYBODY, *_PLACES, *ages, *coded)

    @property
    def years(self) -> list[int]:
        """The start, 0, and each year that has been simulated."""
        return list(range(len(self._at_home)))

    def pull(self, **levers: float) -> None:
        """Set levers of the run; they act from the next year on."""
        for name, value in levers.items():
            if name not in NO_POLICY:
                message = f"there is no lever {name}; there are {', '.join(NO_POLICY)}"
                raise KeyError(message)
            setattr(self.model, name, float(value))

    def advance(self, years: int = 1) -> None:
        """Simulate some years, at most to the end."""
        for _ in range(years):
            if not self.model.running:
                return
            for model, seen in (
                (self.model, self._at_home),
                (self.without, self._at_home_without),
            ):
                model.step()
                seen.append(_at_home(model))

    def shares(self, by: str = EVERYBODY) -> dict[str, NDArray[np.float64]]:
        """Return the share at home of each group and year; people keep their group of the start.

        Parameters
        ----------
        by : str
            One of `groupings`.
        """
        home = np.array(self._at_home)
        groups = np.array(self._groups[by])
        return {str(name): home[:, groups == name].mean(axis=1) for name in np.unique(groups)}

    def counts(self, by: str = EVERYBODY) -> dict[str, int]:
        """Return the number of people of each group."""
        names, count = np.unique(self._groups[by], return_counts=True)
        return dict(zip(map(str, names), count.tolist(), strict=True))

    def shares_without(self) -> NDArray[np.float64]:
        """Return the share of all people at home in each year, without policies."""
        share: NDArray[np.float64] = np.array(self._at_home_without).mean(axis=1)
        return share

    def _by(self, name: str) -> list[str]:
        people = self.model.migrants
        if name == EVERYBODY:
            return [EVERYBODY] * len(people)
        if name in _PLACES:
            return [_PLACES[name](one) for one in people]
        values = [one.profile[name] for one in people]
        if name == "age":
            return [_decade(value) for value in values]
        words = self.model.schema[name].words_in("en")
        return [str(words.get(value, "missing")) for value in values]


def _at_home(model: ReturnMigration) -> NDArray[np.bool_]:
    return np.array([one.is_home for one in model.migrants])


def _decade(age: Any) -> str:  # noqa: ANN401 - a number, or NaN
    if age != age:  # noqa: PLR0124 - NaN
        return "missing"
    first = int(_DECADE * (age // _DECADE))
    return f"{first} to {first + int(_DECADE) - 1}"

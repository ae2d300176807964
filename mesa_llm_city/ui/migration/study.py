"""What a page of migration is of: a model, its levers, and the options of a new run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from mesa_llm_city.experiments.model_program import Lever
from mesa_llm_city.ui.migration.course import MigrationCourse
from mesa_llm_city.ui.migration.story import MigrationRun

__all__ = ["Field", "MigrationStudy"]


class Field(NamedTuple):
    """An option that the page asks for before a new run.

    Attributes
    ----------
    name : str
        Name of the option.
    label : str
        What the page says.
    default : int or str
        Value if none is given; an empty text stands for none.
    """

    name: str
    label: str
    default: int | str


@dataclass(frozen=True, kw_only=True)
class MigrationStudy:
    """A model of migration with what its page needs to know of it.

    Parameters
    ----------
    title : str
        Title of the page.
    make : callable
        Returns a run from options; levers are among them, and ``rng``, the seed.
    levers : tuple of Lever
        Levers of policy; each is at rest at 0.
    fields : tuple of Field
        Options of a new run.
    people : callable
        Returns what the people of a run with some options are, in words.
    more : callable, optional
        Shows what else there is of a run in a year, such as the map of its city: ``f(run, year)``.
    """

    title: str
    make: Callable[[Mapping[str, Any]], MigrationRun]
    levers: tuple[Lever, ...]
    fields: tuple[Field, ...]
    people: Callable[[Mapping[str, Any]], str]
    more: Callable[..., object] | None = None

    def course(self, options: Mapping[str, Any]) -> MigrationCourse:
        """Return a run with its control, at the start.

        Raises
        ------
        CityError
            If an option is impossible.
        """
        names = [one.name for one in self.levers]
        rest = {name: at for name, at in options.items() if name not in names}

        def make(seed: int | None = None, **levers: float) -> MigrationRun:
            return self.make({**rest, **levers, **({} if seed is None else {"rng": seed})})

        return MigrationCourse(make, {name: float(options.get(name, 0.0)) for name in names})

    def folder(self, options: Mapping[str, Any]) -> Path | None:
        """Return the folder of the trained model that decides; None for a rule."""
        decision = options.get("decision", "rule")
        return None if decision == "rule" else Path(str(decision))

"""A run as a source of items: its tables, read from a folder or taken from a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from mesa_llm_city.experiments.judges.profile import profile
from mesa_llm_city.experiments.manifest import NO_LANGUAGE_MODEL
from mesa_llm_city.population import Population
from mesa_llm_city.population.outsiders.outsider import RESIDENT

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["ItemSource"]

_TABLES = ("activities", "trips", "conversations", "messages")
_ALWAYS = frozenset({"activities", "trips", "conversations"})


@dataclass(frozen=True, kw_only=True, eq=False)
class ItemSource:
    """The tables of a run that items are made of.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        ``activities``, ``trips`` and ``conversations``; ``messages`` if there were any.
    people : pandas.DataFrame
        One row per person.
    kinds : mapping of int to str
        Kind of each place by its id.
    facts : mapping of str to Any
        What is known of the run: its name, who decided, seed and digest.
    """

    frames: Mapping[str, pd.DataFrame]
    people: pd.DataFrame
    kinds: Mapping[int, str]
    facts: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the tables of a finished run.

        Raises
        ------
        ConfigError
            If it is no folder of a run.
        DataError
            If a table is missing or damaged.
        """
        from mesa_llm_city.experiments.saved_run import read_manifest
        from mesa_llm_city.experiments.saved_tables import read_table
        from mesa_llm_city.experiments.table_parts import has_table

        manifest = read_manifest(folder)
        names = [one for one in _TABLES if one in _ALWAYS or has_table(folder, one)]
        places = read_table(folder, "places")
        return cls(
            frames={name: read_table(folder, name) for name in names},
            people=read_table(folder, "people"),
            kinds=dict(zip(places.index.tolist(), places["category"].astype(str), strict=True)),
            facts={
                "run": folder.name,
                "decided": manifest["language_model"],
                "seed": manifest["seed"],
                "digest": manifest["digest"],
            },
        )

    @classmethod
    def of_model(cls, model: CityModel) -> Self:
        """Return the tables of a model at its present minute."""
        frames = model.frames()
        places = model.city.places
        llm = getattr(getattr(model.llm, "spec", None), "model", None)
        return cls(
            frames={name: frames[name] for name in _TABLES if name in frames},
            people=Population(tuple(model.everybody)).to_frame(),
            kinds={
                row: places.category_names[int(kind)] for row, kind in enumerate(places.category)
            },
            facts={
                "run": type(model).__name__,
                "decided": NO_LANGUAGE_MODEL if llm is None else f"decisions by {llm}",
                "seed": model.run_seed,
                "digest": model.digest(),
            },
        )

    @cached_property
    def profiles(self) -> Mapping[int, str]:
        """Residents without their names, by id."""
        people = self.people
        if "role" in people:
            people = people[people["role"] == RESIDENT]
        rows: list[dict[Any, Any]] = people.to_dict("records")
        return {int(one["id"]): profile(one) for one in rows}

    @cached_property
    def names(self) -> Mapping[int, str]:
        """Names of all people by id."""
        return dict(zip(self.people["id"].tolist(), self.people["name"].astype(str), strict=True))

    @cached_property
    def anchors(self) -> Mapping[int, tuple[int, int | None]]:
        """Home and place of work or school of each person, by id."""
        works = self.people["work_place"]
        known = works.notna().tolist()
        return {
            int(person): (int(home), int(work) if has_work else None)
            for person, home, work, has_work in zip(
                self.people["id"], self.people["home_place"], works, known, strict=True
            )
        }

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[int, pd.DataFrame]]:
        return {
            name: {int(str(who)): rows for who, rows in frame.groupby("person", sort=True)}
            for name, frame in self.frames.items()
        }

    def of_person(self, table: str, person: int) -> pd.DataFrame:
        """Return the rows of a person in a table, in order of time."""
        found = self._rows[table].get(person)
        return self.frames[table].iloc[:0] if found is None else found

    def where(self, person: int, place: float | None) -> str:
        """Return where a person is, in words: the kind of place, never its name.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> one = SimpleNamespace(anchors={1: (5, None)}, kinds={7: "shop=books"})
        >>> ItemSource.where(one, 1, 5.0), ItemSource.where(one, 1, 7.0)
        ('home', 'books')
        """
        if place is None or np.isnan(place):
            return "on the way"
        home, work = self.anchors.get(person, (None, None))
        if place == home:
            return "home"
        if place == work:
            return "work or school"
        return self.kinds.get(int(place), "a place").rpartition("=")[2].replace("_", " ")

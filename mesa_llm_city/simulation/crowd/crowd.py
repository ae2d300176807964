"""The crowd that is asked for: who they are, and what of their lives is written down."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from mesa_llm_city.city import City
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Population, PopulationColumns
from mesa_llm_city.simulation.records import RecordOptions

if TYPE_CHECKING:
    import pandas as pd

    CrowdPeople: TypeAlias = int | Population | PopulationColumns | pd.DataFrame | str | Path

__all__ = ["NOBODYS", "Crowd"]

_FIRST_ID = 10**9
_LAST_ID = 2**31

NOBODYS = 2**62
"""From here on ids are those of rows whose people have left and live elsewhere again."""


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """People who live as rows of columns beside the citizens of a model, by rules alone.

    Rows plan, travel, choose, visit, learn, and heed messages by the functions that decide for
    citizens, and have goals. They leave out what is kept in words or asked of a language model:
    memories, insights and reflection (`LEFT_OUT`).

    Parameters
    ----------
    people : int, Population, PopulationColumns, DataFrame, str or Path
        How many people to synthesise, or who they are: a population, a table of people, or a
        Parquet file that `PopulationColumns.to_parquet` has written.
    first_id : int, default 1,000,000,000
        Id of the first person that is synthesised; citizens have smaller ones.
    tables : bool, default False
        Whether stays, trips and visits of the rows are kept as tables; the counts by the hour
        always are.
    records : RecordOptions, optional
        Where the tables are kept, and of how many persons; with it `tables` is True.
    needs : bool, default False
        Whether the needs of all rows are written down every hour as well.
    meets : bool, default True
        Whether rows know, meet and talk to one another.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel, Crowd
    >>> model = CityModel(City.synthetic(places=300), [], rng=7, crowd=Crowd(200))
    >>> model.run_days(1)
    >>> len(model.crowd), model.crowd.doing["sleep"] > 100
    (200, True)
    """

    people: CrowdPeople
    first_id: int = field(default=_FIRST_ID, kw_only=True)
    tables: bool = field(default=False, kw_only=True)
    records: RecordOptions | None = field(default=None, kw_only=True)
    needs: bool = field(default=False, kw_only=True)
    meets: bool = field(default=True, kw_only=True)

    def __post_init__(self) -> None:
        """Check the options."""
        if self.records is not None:
            object.__setattr__(self, "tables", True)
        if not 0 <= self.first_id < _LAST_ID:
            message = f"first_id must be in [0, {_LAST_ID}), got {self.first_id}"
            raise ConfigError(message)

    def to_dict(self) -> dict[str, object]:
        """Return the options but for the people, as plain values."""
        return {name: getattr(self, name) for name in ("first_id", "tables", "needs", "meets")}

    def made(self, city: City, *, seed: int, parameters: CityParameters) -> PopulationColumns:
        """Return the people as columns.

        Parameters
        ----------
        city : City
            Where they live.
        seed : int
            Seed of what is drawn.
        parameters : CityParameters
            What shapes a population that is synthesised.

        Raises
        ------
        ConfigError
            If `people` is something else.
        DataError
            If somebody's home or work is none of the city's places, or ids are too large.
        """
        found = self._people(city, seed, parameters)
        _check(found, len(city.places))
        return found

    def _people(self, city: City, seed: int, parameters: CityParameters) -> PopulationColumns:
        import pandas as pd

        people = self.people
        if isinstance(people, PopulationColumns):
            return people
        if isinstance(people, Population):
            return people.to_columns()
        if isinstance(people, Integral) and not isinstance(people, bool):
            made = PopulationColumns.synthesize(
                int(people), city=city, rng=seed, parameters=parameters
            )
            household = made.household.astype(np.int64) + self.first_id
            return replace(made, ids=made.ids + self.first_id, household=household)
        if isinstance(people, str | Path):
            return PopulationColumns.read_parquet(people)
        if isinstance(people, pd.DataFrame):
            return PopulationColumns.from_table(people, city=city, rng=seed, parameters=parameters)
        message = (
            "people of a crowd must be a number, a Population, PopulationColumns, a DataFrame or "
            f"the path of a Parquet file, got {people!r:.80}"
        )
        raise ConfigError(message)


def _check(people: PopulationColumns, places: int) -> None:
    defects = []
    ids = people.ids[people.ids < NOBODYS]  # a crowd of a save has rows of nobody
    if len(ids) and int(ids.max()) >= _LAST_ID:
        defects.append(f"ids must be below {_LAST_ID}, got {int(ids.max())}")
    if len(np.unique(people.ids)) < len(people):
        defects.append("ids must differ")
    for name in ("home", "work"):
        column = getattr(people, name)
        wrong = np.flatnonzero((column >= places) | ((name == "home") & (column < 0)))
        if len(wrong):
            first = int(wrong[0])
            defects.append(
                f"row {first}: {name} {column[first]} is none of the city's {places} places"
            )
    if defects:
        source = "the crowd"
        raise DataError.listing(source, defects)

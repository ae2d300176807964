"""Populations: people read from a table, or synthesised from marginals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self, overload

import numpy as np

from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population.columns.population_columns import PopulationColumns
from mesa_llm_city.population.fit_report import FitReport
from mesa_llm_city.population.persona import Persona
from mesa_llm_city.population.place_supply import MappedSupply, PlaceSupply
from mesa_llm_city.population.synthesis.marginals import Marginals
from mesa_llm_city.population.table.loading import BadRows

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["Population"]


@dataclass(frozen=True, slots=True, eq=False)
class Population(Sequence[Persona]):
    """The people of a city, in a fixed order.

    Parameters
    ----------
    people : tuple of Persona
        All persons, in their order.
    marginals : Marginals, optional
        The shares they were made from, or are to be compared with.
    assumptions : tuple of str
        What was assumed where nothing was given.
    parameters : CityParameters, optional
        The parameters they were made with; None for the defaults.
    culture : str, optional
        The culture they were made with, whose parameters a model takes over.

    Examples
    --------
    A population is a sequence of persons:

    >>> len(Population(()))
    0
    """

    people: tuple[Persona, ...]
    marginals: Marginals | None = None
    assumptions: tuple[str, ...] = ()
    parameters: CityParameters | None = None
    culture: str | None = None

    @classmethod
    def synthesize(
        cls,
        n: int,
        *,
        city: PlaceSupply,
        rng: int = 0,
        marginals: Marginals | None = None,
        parameters: CityParameters | None = None,
        culture: str | None = None,
    ) -> Self:
        """Make `n` persons whose shares are those asked for.

        Parameters
        ----------
        n : int
            Number of persons, at least 1.
        city : PlaceSupply
            Offers residences, workplaces and schools, such as a `City`.
        rng : int, default 0
            Seed; the same number, seed and city give the same persons in any
            process.
        marginals : Marginals, optional
            Shares asked for; those of the culture, or Japan in 2020 by default.
        parameters : CityParameters, optional
            Ages, households, hours, habits, free time, commuting and resources, in the
            branch `population`; and the purposes of free time.
        culture : str, optional
            ``"us"``, or the path of a TOML file with the parameters of another country: what
            is usual there holds for parameters that are not given. Models take it over.

        Returns
        -------
        Population
            Persons 0 to n - 1, household by household.

        Raises
        ------
        ConfigError
            If `n` or `rng` lies outside its range, or `marginals` are none.
        DataError
            If the marginals contradict one another, or the city lacks homes,
            workplaces or schools.
        """
        return cls.from_columns(
            PopulationColumns.synthesize(
                n, city=city, rng=rng, marginals=marginals, parameters=parameters, culture=culture
            )
        )

    @classmethod
    def from_table(
        cls,
        table: str | Path | pd.DataFrame,
        *,
        households: str | Path | pd.DataFrame | None = None,
        city: PlaceSupply,
        rng: int = 0,
        marginals: Marginals | None = None,
        parameters: CityParameters | None = None,
        bad_rows: BadRows = "error",
    ) -> Self:
        """Read people from a table (see ``docs/reference/people_table.md``).

        Parameters
        ----------
        table : str, Path or pandas.DataFrame
            A CSV or Parquet file, or the table itself, one row per person. Tables of
            ActivitySim and PopulationSim are read with their own columns and codes.
        households : str, Path or pandas.DataFrame, optional
            A table of households, joined by ``household_id``.
        city : PlaceSupply
            Offers residences, workplaces and schools. Where a home is given by
            coordinates at which the city has no residence, one is added to it; reading
            the table again adds nothing.
        rng : int, default 0
            Seed of what the table leaves open. It is drawn person by person,
            so it stays the same when rows are added or moved.
        marginals : Marginals, optional
            What the people are compared with in `fit_report`, and from what
            open columns are drawn; if not given, from those of Japan in 2020.
        parameters : CityParameters, optional
            Ages, households, hours, habits, free time, commuting and resources, in the
            branch `population`; and the purposes of free time.
        bad_rows : {"error", "drop"}, default "error"
            Whether rows that cannot be used are an error, or are left out; `assumptions`
            then says how many, and why.

        Returns
        -------
        Population
            In the order of the table; everybody keeps the given id.

        Raises
        ------
        ConfigError
            If `rng` lies outside its range, or `bad_rows` is neither.
        DataError
            If columns are missing, or cells are bad or contradict one another
            or the map: one message that lists every defect with row and
            column. Also if the city lacks homes, workplaces or schools.
        """
        return cls.from_columns(
            PopulationColumns.from_table(
                table,
                households=households,
                city=city,
                rng=rng,
                marginals=marginals,
                parameters=parameters,
                bad_rows=bad_rows,
            )
        )

    @classmethod
    def from_columns(cls, columns: PopulationColumns) -> Self:
        """Return the persons of columns, with all that is known of them."""
        return cls(
            columns.personas(),
            columns.marginals,
            columns.assumptions,
            columns.parameters,
            columns.culture,
        )

    def to_columns(self) -> PopulationColumns:
        """Return the persons as columns; outsiders cannot be among them."""
        return PopulationColumns.from_people(
            self.people,
            marginals=self.marginals,
            assumptions=self.assumptions,
            parameters=self.parameters,
            culture=self.culture,
        )

    def __len__(self) -> int:
        """Return the number of persons."""
        return len(self.people)

    @overload
    def __getitem__(self, index: int) -> Persona: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Persona, ...]: ...
    def __getitem__(self, index: int | slice) -> Persona | tuple[Persona, ...]:
        """Return the person, or the persons, at a position (not: with an id)."""
        return self.people[index]

    def __iter__(self) -> Iterator[Persona]:
        """Go through everybody."""
        return iter(self.people)

    def __repr__(self) -> str:
        """Return a short description."""
        return f"<Population of {len(self)}>"

    def _repr_html_(self) -> str:
        """Return a small card for notebooks."""
        from mesa_llm_city.population.notebook_card import population_card

        return population_card(self.people, assumptions=self.assumptions, culture=self.culture)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per person, with the columns that `from_table` reads."""
        import pandas as pd

        frame = pd.DataFrame([person.to_row() for person in self.people])
        if len(frame):
            frame["work_place"] = frame["work_place"].astype("Int64")
        return frame

    def to_geodataframe(self, city: MappedSupply) -> gpd.GeoDataFrame:
        """Return `to_frame` with the homes as points, in the reference system of the city."""
        import geopandas as gpd

        points = np.array([city.position(person.home) for person in self.people]).reshape(-1, 2)
        geometry = gpd.points_from_xy(points[:, 0], points[:, 1])
        return gpd.GeoDataFrame(self.to_frame(), geometry=geometry, crs=city.crs)

    def fit_report(self) -> FitReport:
        """Return the shares asked for and those met; without marginals the latter only."""
        ages = (self.parameters or default_parameters()).population.ages
        return FitReport.of(self.people, self.marginals, ages)

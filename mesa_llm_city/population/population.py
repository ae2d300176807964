"""Populations: people read from a table, or synthesised from marginals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self, overload

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population.categories import Occupation
from mesa_llm_city.population.completion import complete_persons
from mesa_llm_city.population.cultures import culture_of
from mesa_llm_city.population.fit_report import FitReport
from mesa_llm_city.population.person_columns import PersonColumns
from mesa_llm_city.population.persona import Persona
from mesa_llm_city.population.persona_build import build_personas
from mesa_llm_city.population.place_supply import MappedSupply, PlaceSupply
from mesa_llm_city.population.synthesis.joint_distribution import fit_joint_distribution
from mesa_llm_city.population.synthesis.marginals import Marginals
from mesa_llm_city.population.synthesis.synthesis import synthesize_columns
from mesa_llm_city.population.table.loading import BadRows, load_people
from mesa_llm_city.population.table.reader import PeopleTable
from mesa_llm_city.population.table.table_import import columns_from_table

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
        _check_numbers(n, rng)
        _check_marginals(marginals)
        usual = None if culture is None else culture_of(culture)
        parameters = parameters if usual is None else usual.applied(parameters)
        shares = marginals or (usual and usual.marginals) or Marginals.default()
        tree = parameters or default_parameters()
        columns = synthesize_columns(
            n, city=city, seed=rng, marginals=shares, parameters=tree.population
        )
        people = _complete(columns, shares, rng, tree)
        assumptions = (*_assumed(shares), *columns.notes, *_without_school(people))
        return cls(people, shares, assumptions, parameters, culture)

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
        if defects := _seed_defects(rng):
            raise ConfigError("; ".join(defects))
        _check_marginals(marginals)
        tree = parameters or default_parameters()
        checked = load_people(
            table, households=households, city=city, parameters=tree, bad_rows=bad_rows
        )
        shares = marginals or Marginals.default()
        columns = columns_from_table(
            checked,
            city=city,
            seed=rng,
            joint=fit_joint_distribution(shares, tree.population),
            parameters=tree.population,
        )
        people = _complete(columns, shares, rng, tree)
        assumptions = (*_drawn(checked, columns), *columns.notes, *_without_school(people))
        return cls(people, marginals, assumptions, parameters)

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


def _complete(
    columns: PersonColumns, marginals: Marginals, seed: int, parameters: CityParameters
) -> tuple[Persona, ...]:
    details = complete_persons(columns, seed=seed, marginals=marginals, parameters=parameters)
    return build_personas(columns, details)


def _drawn(table: PeopleTable, columns: PersonColumns) -> tuple[str, ...]:
    """Return which columns were drawn, for how many people, and which were not read."""
    are_open = {
        name: int((~table.has(name)).sum()) for name in table.numbers if name not in _NOT_DRAWN
    }
    are_open["income"] = int(np.isnan(columns.known("income")).sum())
    are_open |= {"name": table.names.count(None), "hobbies": table.hobbies.count(None)}
    lines = []
    for count in sorted(set(are_open.values()) - {0}, reverse=True):
        names = ", ".join(name for name in are_open if are_open[name] == count)
        lines.append(f"drawn for {count} of {table.size} people: {names}")
    if table.ignored:
        lines.append(f"columns not read: {', '.join(table.ignored)}")
    return (*lines, *table.notes)


_NOT_DRAWN = frozenset(
    (
        *(f"{anchor}_{end}" for anchor in ("home", "work") for end in ("lon", "lat", "place")),
        *("earnings", "household_earnings", "group_quarters"),
    )
)


def _check_numbers(n: object, seed: object) -> None:
    defects = _seed_defects(seed)
    if not _is_whole(n, 1, 2**52):
        defects.append(f"n must be a whole number of at least 1, below 2**52, got {n!r}")
    if defects:
        raise ConfigError("; ".join(defects))


def _check_marginals(given: object) -> None:
    if given is not None and not isinstance(given, Marginals):
        message = f"marginals must be Marginals, got {given!r}; read a file with Marginals.from_csv"
        raise ConfigError(message)


def _seed_defects(seed: object) -> list[str]:
    if _is_whole(seed, 0, 2**64 - 1):
        return []
    return [f"rng must be a whole number in [0, 2**64), got {seed!r}; pass the seed itself"]


def _is_whole(value: object, low: int, high: int) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        return False
    return low <= int(value) <= high


def _assumed(marginals: Marginals) -> tuple[str, ...]:
    figures = [
        f"{name}: {source.removeprefix('assumption: ')}"
        for name, source in marginals.sources.items()
        if source.startswith("assumption")
    ]
    return (*_ASSUMPTIONS, *figures)


def _without_school(people: Iterable[Persona]) -> tuple[str, ...]:
    learn = (Occupation.PUPIL, Occupation.STUDENT)
    count = len([one for one in people if one.occupation in learn and one.work is None])
    line = f"{count} pupils and students are without a school, since the map has none"
    return (line,) if count else ()


_ASSUMPTIONS = (
    "hours, free time and hobbies (parameters population.schedules, free_time and hobbies)",
    "odds of age, role, occupation and education (parameters population.joint_distribution)",
    "people go to work by a doubly constrained gravity model between zones (population.commuting)",
)

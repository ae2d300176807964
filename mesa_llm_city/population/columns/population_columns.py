"""A population as columns, from which single persons are made when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population.categories import Occupation
from mesa_llm_city.population.columns.parquet import arrow_of, read_columns, write_columns
from mesa_llm_city.population.columns.person_arrays import PersonArrays
from mesa_llm_city.population.columns.persona_build import build_personas
from mesa_llm_city.population.columns.persona_read import fields_of_personas
from mesa_llm_city.population.completion import complete_persons
from mesa_llm_city.population.cultures import culture_of
from mesa_llm_city.population.fit_report import FitReport
from mesa_llm_city.population.person_columns import PersonColumns
from mesa_llm_city.population.persona import Persona
from mesa_llm_city.population.place_supply import PlaceSupply
from mesa_llm_city.population.synthesis.joint_distribution import fit_joint_distribution
from mesa_llm_city.population.synthesis.marginals import Marginals
from mesa_llm_city.population.synthesis.synthesis import synthesize_columns
from mesa_llm_city.population.table.loading import BadRows, load_people
from mesa_llm_city.population.table.reader import PeopleTable
from mesa_llm_city.population.table.table_import import columns_from_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PopulationColumns"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PopulationColumns(PersonArrays):
    """The people of a city as columns of numbers, one row a person.

    A million people take about 140 MB, where as many `Persona` objects take some gigabytes.
    `Population` is made of the same columns, so row and person agree to the last bit. Columns
    cannot be written to; `dataclasses.replace` makes a population with other ones.

    Parameters
    ----------
    ids : ndarray of int64, shape (m,)
        Ids of persons, unique, 0 or more; they name the person in tables and random streams.
    age : ndarray of int16, shape (m,)
        In years.
    gender, occupation, education : ndarray of int8, shape (m,)
        Positions in `Gender`, `Occupation` and `Education`: the code 2 of an education is
        ``tuple(Education)[2]``.
    income : ndarray of float64, shape (m,)
        Per month, in units of the median income of the employed; 0 for none.
    household : ndarray of int32, or of int64 if ids need it, shape (m,)
        Id of the household, the same for all its members.
    household_size : ndarray of int16, shape (m,)
        Number of its members, 1 or more.
    role : ndarray of int8, shape (m,)
        Position in `Role`.
    youngest_child : ndarray of int16, shape (m,)
        Age in years of the youngest child of the household, -1 without any.
    home, work : ndarray of int32, shape (m,)
        Place ids of the residence, and of work or school; -1 without any.
    big_five : ndarray of int8, shape (m, 5)
        Levels 1 to 3, in the order of `BigFive`.
    wake_min, bed_min, lunch_min, dinner_min : ndarray of int16, shape (m,)
        Usual hours, in minutes from midnight of the day on which the person gets up (see
        `Habits`).
    work_days : ndarray of int16, shape (m,)
        Days of work or school as seven bits, Monday the lowest; 0 for none.
    work_start_min, work_minutes : ndarray of int16, shape (m,)
        When work or school begins, in minutes from midnight, and how long it lasts.
    eats_out : ndarray of float64, shape (m,)
        Share of meals eaten out, in [0, 1].
    preferences : ndarray of float32, shape (m, len(purposes))
        Weights of free time by purpose, in [0, 1]; NaN where a person has none.
    has_car, has_bicycle, has_licence : ndarray of bool, shape (m,)
        Whether the household keeps a car, and the person has a bicycle and a licence.
    purposes : tuple of str
        Names of the columns of `preferences`.
    names, hobbies : ndarray of numpy.dtypes.StringDType, shape (m,), optional
        Names, and hobbies joined by ``"; "``; None for all, or for one person, where they are
        open. They are drawn from the address of the person when the person is made.
    seed : int, default 0
        Seed of the population, from which open names and hobbies are drawn.
    parameters : CityParameters, optional
        The parameters they were made with; None for the defaults.
    marginals : Marginals, optional
        The shares they were made from, or are to be compared with.
    assumptions : tuple of str
        What was assumed where nothing was given.
    culture : str, optional
        The culture they were made with, whose parameters a model takes over.

    Raises
    ------
    ConfigError
        If a column has another length or type, or a value outside its range; the message
        lists every such column.

    Examples
    --------
    >>> from mesa_llm_city import City
    >>> people = PopulationColumns.synthesize(200, city=City.synthetic(places=300), rng=1)
    >>> len(people), people.age.dtype, people.memory_bytes < 200 * 200
    (200, dtype('int16'), True)
    >>> people.persona(7) == people.personas([7])[0]
    True
    """

    marginals: Marginals | None = None
    assumptions: tuple[str, ...] = ()
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

        Parameters and errors are those of `Population.synthesize`, which makes its persons of
        these columns.

        Returns
        -------
        PopulationColumns
            Persons 0 to n - 1, household by household.
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
        arrays = complete_persons(columns, seed=rng, marginals=shares, parameters=tree)
        return cls(
            **_fields(arrays),
            seed=rng,
            parameters=parameters,
            marginals=shares,
            assumptions=(*_assumed(shares), *columns.notes, *_without_school(arrays)),
            culture=culture,
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

        Parameters and errors are those of `Population.from_table`, which makes its persons of
        these columns.

        Returns
        -------
        PopulationColumns
            In the order of the table; everybody keeps the given id.
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
        arrays = complete_persons(columns, seed=rng, marginals=shares, parameters=tree)
        return cls(
            **_fields(arrays),
            seed=rng,
            parameters=parameters,
            marginals=marginals,
            assumptions=(*_drawn(checked, columns), *columns.notes, *_without_school(arrays)),
        )

    @classmethod
    def from_people(
        cls,
        people: Iterable[Persona],
        *,
        marginals: Marginals | None = None,
        assumptions: tuple[str, ...] = (),
        parameters: CityParameters | None = None,
        culture: str | None = None,
    ) -> Self:
        """Return the columns of given persons, such as a `Population` or the people of a model.

        Parameters
        ----------
        people : iterable of Persona
            Residents, in the order that the rows get.
        marginals, assumptions, parameters, culture : optional
            As for the class.

        Raises
        ------
        ConfigError
            If there are outsiders among them, whose times of entry are no columns, or a
            value that does not fit into its column.
        """
        return cls(
            **fields_of_personas(tuple(people)),
            marginals=marginals,
            assumptions=assumptions,
            parameters=parameters,
            culture=culture,
        )

    def persona(self, row: int) -> Persona:
        """Return the person of a row; equal to the one of a `Population` of the same seed.

        Parameters
        ----------
        row : int
            Position, not id; from the end if negative.

        Raises
        ------
        IndexError
            If there is no such row.
        """
        if not -len(self) <= row < len(self):
            message = f"there is no row {row}; the population has {len(self)} rows, from 0"
            raise IndexError(message)
        return build_personas(self.take([row]))[0]

    def personas(self, rows: ArrayLike | None = None) -> tuple[Persona, ...]:
        """Return persons, with names and hobbies.

        Parameters
        ----------
        rows : array_like of int or bool, optional
            Rows, in any order, or for each row whether it is asked for; all by default.
        """
        return build_personas(self if rows is None else self.take(rows))

    def fit_report(self) -> FitReport:
        """Return the shares asked for and those met; without marginals the latter only."""
        ages = (self.parameters or default_parameters()).population.ages
        return FitReport.of(self, self.marginals, ages)

    def to_frame(self) -> pd.DataFrame:
        """Return the people as a table, with the columns of `to_parquet`."""
        people: pd.DataFrame = arrow_of(self).to_pandas()
        return people

    def to_parquet(self, path: str | Path, *, rows_per_part: int = 2**16) -> None:
        """Write a table of people (see ``docs/reference/people_table.md``) to a Parquet file.

        Names and hobbies that are open are drawn and written. The columns of the table are
        those of `Population.to_frame`, with ``household_youngest_child``.

        Parameters
        ----------
        path : str or Path
            The file. It appears when it is complete, in the place of another one.
        rows_per_part : int, default 65536
            People of a part (a row group); only one part is in memory as texts.
        """
        if rows_per_part < 1:
            message = f"rows_per_part must be at least 1, got {rows_per_part}"
            raise ConfigError(message)
        write_columns(Path(path), self, self._facts(), rows=rows_per_part)

    @classmethod
    def read_parquet(cls, path: str | Path) -> Self:
        """Read what `to_parquet` has written.

        Parameters
        ----------
        path : str or Path
            The file. Nothing may be open in it; `from_table` reads tables in which something
            is, and draws it.

        Raises
        ------
        DataError
            If the file is not there or no Parquet file, lacks columns, or has cells that are
            blank or not accepted.
        """
        columns, facts = read_columns(Path(path))
        marginals, tree = facts.get("marginals"), facts.get("parameters")
        try:
            return cls(
                **columns,
                seed=facts.get("seed", 0),
                parameters=None if tree is None else CityParameters(**tree),
                marginals=None if marginals is None else Marginals(**marginals),
                assumptions=tuple(facts.get("assumptions", ())),
                culture=facts.get("culture"),
            )
        except ConfigError as error:
            message = f"{path} cannot be read as a population: {error}"
            raise DataError(message) from error

    def _facts(self) -> dict[str, Any]:
        """Return what is known besides the columns, as plain values."""
        tree = self.parameters
        return {
            "seed": int(self.seed),
            "parameters": None if tree is None else tree.model_dump(mode="json"),
            "marginals": None if self.marginals is None else _plain(asdict(self.marginals)),
            "assumptions": list(self.assumptions),
            "culture": self.culture,
        }


def _plain(marginals: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: dict(shares) for name, shares in marginals.items()}


def _fields(arrays: PersonArrays) -> dict[str, Any]:
    """Return columns, texts and purposes by name."""
    return {**dict(arrays.arrays()), "purposes": arrays.purposes}


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


def _without_school(people: PersonArrays) -> tuple[str, ...]:
    learns = np.isin(people.occupation, _LEARNERS)
    count = int(np.count_nonzero(learns & (people.work < 0)))
    line = f"{count} pupils and students are without a school, since the map has none"
    return (line,) if count else ()


_LEARNERS = [tuple(Occupation).index(job) for job in (Occupation.PUPIL, Occupation.STUDENT)]

_ASSUMPTIONS = (
    "hours, free time and hobbies (parameters population.schedules, free_time and hobbies)",
    "odds of age, role, occupation and education (parameters population.joint_distribution)",
    "people go to work by a doubly constrained gravity model between zones (population.commuting)",
)

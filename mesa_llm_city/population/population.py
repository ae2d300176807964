"""Populations: people read from a table, or synthesised from marginals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self, overload

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.population.categories import Occupation
from mesa_llm_city.population.completion import complete
from mesa_llm_city.population.fit_report import FitReport
from mesa_llm_city.population.person_columns import Roster
from mesa_llm_city.population.persona import Persona
from mesa_llm_city.population.persona_build import build_personas
from mesa_llm_city.population.place_supply import MappedSupply, PlaceSupply
from mesa_llm_city.population.synthesis.anchors import Commuting
from mesa_llm_city.population.synthesis.joint_distribution import fit_people
from mesa_llm_city.population.synthesis.marginals import Marginals
from mesa_llm_city.population.synthesis.synthesis import synthesize_roster
from mesa_llm_city.population.table.checks import map_defects, row_defects
from mesa_llm_city.population.table.reader import Sheet, read_frame, read_sheet
from mesa_llm_city.population.table.schema import COLUMNS
from mesa_llm_city.population.table.table_import import table_roster

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["Population", "from_table", "synthesize"]


@dataclass(frozen=True, slots=True, eq=False)
class Population(Sequence[Persona]):
    """The people of a city, in a fixed order.

    Parameters
    ----------
    people : tuple of Persona
        Everybody.
    marginals : Marginals, optional
        The shares they were made from, or are to be compared with.
    assumptions : tuple of str
        What was assumed where nothing was given.

    Examples
    --------
    A population is a sequence of persons:

    >>> len(Population(()))
    0
    """

    people: tuple[Persona, ...]
    marginals: Marginals | None = None
    assumptions: tuple[str, ...] = ()

    @classmethod
    def synthesize(
        cls,
        n: int,
        *,
        city: PlaceSupply,
        rng: int = 0,
        marginals: Marginals | None = None,
        commuting: Commuting | None = None,
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
            Shares asked for; Japan in 2020 by default.
        commuting : Commuting, optional
            How far people go to work and school.

        Returns
        -------
        Population
            Persons 0 to n - 1, household by household.

        Raises
        ------
        ConfigError
            If `n` or `rng` lies outside its range.
        DataError
            If the marginals contradict one another, or the city lacks homes,
            workplaces or schools.
        """
        _check_numbers(n, rng)
        marginals, commuting = marginals or Marginals.default(), commuting or Commuting()
        roster = synthesize_roster(n, city=city, seed=rng, marginals=marginals, commuting=commuting)
        people = _finished(roster, marginals, rng)
        return cls(people, marginals, (*_told(marginals), *_schoolless(people)))

    @classmethod
    def from_table(
        cls,
        table: str | Path | pd.DataFrame,
        *,
        city: PlaceSupply,
        rng: int = 0,
        marginals: Marginals | None = None,
        commuting: Commuting | None = None,
    ) -> Self:
        """Read people from a table (see ``docs/reference/people_table.md``).

        Parameters
        ----------
        table : str, Path or pandas.DataFrame
            A CSV or Parquet file, or the table itself, one row per person.
        city : PlaceSupply
            Offers residences, workplaces and schools; gets a residence for
            each home that is given by its coordinates.
        rng : int, default 0
            Seed of what the table leaves open. It is drawn person by person,
            so it stays the same when rows are added or moved.
        marginals : Marginals, optional
            What the people are compared with in `fit_report`, and from what
            open columns are drawn; if not given, from those of Japan in 2020.
        commuting : Commuting, optional
            How far people go to work and school.

        Returns
        -------
        Population
            In the order of the table; everybody keeps the given id.

        Raises
        ------
        ConfigError
            If `rng` lies outside its range.
        DataError
            If columns are missing, or cells are bad or contradict one another
            or the map: one message that lists every defect with row and
            column. Also if the city lacks homes, workplaces or schools.
        """
        if defects := _seed_defects(rng):
            raise ConfigError("; ".join(defects))
        sheet = _checked(table, city)
        drawn_from, commuting = marginals or Marginals.default(), commuting or Commuting()
        roster = table_roster(
            sheet, city=city, seed=rng, table=fit_people(drawn_from), commuting=commuting
        )
        people = _finished(roster, drawn_from, rng)
        return cls(people, marginals, (*_left_open(sheet), *_schoolless(people)))

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
        """Return asked and met shares; without marginals the shares only."""
        return FitReport.of(self.people, self.marginals)


def _checked(table: str | Path | pd.DataFrame, city: PlaceSupply) -> Sheet:
    frame = read_frame(table) if isinstance(table, str | Path) else table
    sheet, defects = read_sheet(frame)
    defects += [*row_defects(sheet), *map_defects(sheet, city)]
    if not sheet.size:
        defects.append("there is no row; give one row per person")
    if defects:
        source = str(table) if isinstance(table, str | Path) else "the table of people"
        raise DataError.listing(source, defects)
    return sheet


def _finished(roster: Roster, marginals: Marginals, seed: int) -> tuple[Persona, ...]:
    sigma = marginals.income["sigma"]
    details = complete(roster, seed=seed, ownership=marginals.ownership, sigma=sigma)
    return build_personas(roster, details)


def _left_open(sheet: Sheet) -> tuple[str, ...]:
    """Tell which columns were drawn, for how many people, and which mean nothing here."""
    open_ = {name: int((~sheet.has(name)).sum()) for name in COLUMNS if name not in _ANCHORS}
    open_ |= {"name": sheet.names.count(None), "hobbies": sheet.hobbies.count(None)}
    told = []
    for count in sorted(set(open_.values()) - {0}, reverse=True):
        names = ", ".join(name for name in open_ if open_[name] == count)
        told.append(f"drawn for {count} of {sheet.size} people: {names}")
    if sheet.ignored:
        told.append(f"columns not read: {', '.join(sheet.ignored)}")
    return tuple(told)


_ANCHORS = frozenset(
    f"{anchor}_{end}" for anchor in ("home", "work") for end in ("lon", "lat", "place")
)


def _check_numbers(n: object, seed: object) -> None:
    defects = _seed_defects(seed)
    if not _is_whole(n, 1, 2**52):
        defects.append(f"n must be a whole number of at least 1, got {n!r}")
    if defects:
        raise ConfigError("; ".join(defects))


def _seed_defects(seed: object) -> list[str]:
    if _is_whole(seed, 0, 2**64 - 1):
        return []
    return [f"rng must be a whole number in [0, 2**64), got {seed!r}; pass the seed itself"]


def _is_whole(value: object, low: int, high: int) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        return False
    return low <= int(value) <= high


def _told(marginals: Marginals) -> tuple[str, ...]:
    figures = [
        f"{name}: {source.removeprefix('assumption: ')}"
        for name, source in marginals.sources.items()
        if source.startswith("assumption")
    ]
    return (*_ASSUMED, *figures)


def _schoolless(people: Iterable[Persona]) -> tuple[str, ...]:
    learn = (Occupation.PUPIL, Occupation.STUDENT)
    count = len([one for one in people if one.occupation in learn and one.work is None])
    told = f"{count} pupils and students stay without school, since the map has none"
    return (told,) if count else ()


_ASSUMED = (
    "hours, free time and hobbies are rules of thumb (daily_hours, working_hours, free_time)",
    "who lives, works and studies with what odds before fitting (see joint)",
    "people go to work by a doubly constrained gravity model between zones (see Commuting)",
)

synthesize = Population.synthesize
from_table = Population.from_table

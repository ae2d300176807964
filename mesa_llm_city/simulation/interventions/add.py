"""Adding: households come to live in the city."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from mesa_llm_city.core.errors import CityError, ConfigError, DataError
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.population import Population, PopulationColumns
from mesa_llm_city.simulation.interventions.base import Applied, Moment
from mesa_llm_city.simulation.place_query import zone_rows
from mesa_llm_city.simulation.registration import MOST_HOUSEHOLDS, check_people

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Add"]


@dataclass(frozen=True, kw_only=True)
class Add(Moment):
    """Have households come to live in the city, as one each.

    Places cannot be added in the middle of a run: put them on the map and close them until
    they are to open.

    Parameters
    ----------
    households : int, optional
        How many, made as the first people are, with homes where there is room.
    zone : int or str, or several, optional
        Zones, by row or name, in which such households find homes; everywhere by default.
    people : str, pandas.DataFrame or iterable of mapping, optional
        Or a table of people: a file, a frame or rows (see ``docs/reference/people_table.md``).
        Nobody who lives or has lived there has one of the ids.
    as_rows : bool, default False
        Whether they live as rows of the crowd, rather than as citizens.
    """

    kind: ClassVar[str] = "add"

    households: int | None = None
    zone: object = None
    people: str | pd.DataFrame | Iterable[Mapping[str, Any]] | None = None
    as_rows: bool = False

    def __post_init__(self) -> None:
        """Keep a table as rows, so that it can be written down."""
        if (read := getattr(self.people, "to_dict", None)) is not None:
            object.__setattr__(self, "people", read("records"))

    def own_defects(self, model: CityModel) -> Iterator[str]:
        """Yield what is wrong with the number or the table."""
        if not isinstance(self.as_rows, bool):
            yield f"as_rows must be true or false, got {self.as_rows!r}"
        elif self.as_rows and model.crowd_or_none is None:
            yield "as_rows needs a crowd; give the model crowd=Crowd(...), or leave it out"
        if self.zone is not None:
            yield from self._zone_defects(model)
        if (self.households is None) == (self.people is None):
            yield "give either households, a number, or people, a table"
        elif self.people is not None:
            yield from self._table_defects(model)
        else:
            is_whole = isinstance(self.households, Integral)
            is_whole = is_whole and not isinstance(self.households, bool)
            if not is_whole or not 1 <= int(self.households or 0) <= MOST_HOUSEHOLDS:
                yield (
                    f"households must be a whole number from 1 to {MOST_HOUSEHOLDS}, "
                    f"got {self.households!r}"
                )

    def apply(self, model: CityModel, number: int, minute: int) -> Applied:
        """Let them move in."""
        del minute
        if self.people is not None:
            people = [*self._population(model)]
        else:
            zones = () if self.zone is None else zone_rows(model.city, self.zone)
            people = model.demography.newcomers(
                int(self.households or 1), address=number, zones=zones
            )
        count = len({one.household.id for one in people})
        if self.as_rows:
            model.crowd.add(PopulationColumns.from_people(people))
        else:
            model.move_in(people, reason=self.text)
        return Applied(f"{count} households", self.text, len(people))

    def _zone_defects(self, model: CityModel) -> Iterator[str]:
        if self.people is not None:
            yield "zone belongs to households; a table of people has their homes"
            return
        try:
            rows = zone_rows(model.city, self.zone)
        except ConfigError as error:
            yield f"zone: {error.message}"
            return
        homes = model.city.supply(Purpose.SLEEP).places
        if not np.isin(model.city.places.zone[homes], rows).any():
            yield f"zone: there is no residence in {self.zone!r:.80}; choose another zone"

    def _population(self, model: CityModel) -> Population:
        import pandas as pd

        table = self.people
        if not isinstance(table, str):
            table = pd.DataFrame(list(table or ()))
        return Population.from_table(
            table,
            city=model.demography.room(),
            rng=model.run_seed,
            marginals=model.demography.marginals,
            parameters=model.parameters,
        )

    def _table_defects(self, model: CityModel) -> Iterator[str]:
        if not _is_table(self.people):
            yield f"people must be a file, a data frame or rows, got {self.people!r:.80}"
            return
        try:
            people = self._population(model)
            check_people(people, len(model.city.places))
        except DataError as error:
            yield from (f"people: {one}" for one in error.defects or (error.message,))
            return
        except CityError as error:
            yield f"people: {error.message}"
            return
        known = {one.id for one in model.everybody}
        if taken := sorted(known.intersection(one.id for one in people)):
            yield f"people: ids {', '.join(map(str, taken[:5]))} are those of people in the model"


def _is_table(people: object) -> bool:
    if isinstance(people, Sequence):  # a text too, which is a file
        return isinstance(people, str) or all(isinstance(row, Mapping) for row in people)
    return isinstance(people, Iterable) and not isinstance(people, Mapping)

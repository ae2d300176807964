"""The option `people` of a model: a number, a population, persons or a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona, PlaceSupply, Population

if TYPE_CHECKING:
    import pandas as pd

    PeopleOption: TypeAlias = int | np.integer[Any] | Population | Iterable[Persona] | pd.DataFrame

__all__ = ["population_of"]


def population_of(
    people: PeopleOption, *, city: PlaceSupply, seed: int, parameters: CityParameters
) -> Sequence[Persona]:
    """Return the people that the option `people` of a model stands for.

    Parameters
    ----------
    people : int, Population, iterable of Persona or pandas.DataFrame
        A number of people is synthesised; a DataFrame is read as a table of people.
    city : PlaceSupply
        Where they live.
    seed : int
        Seed of what is drawn.
    parameters : CityParameters
        Parameters of what is drawn.

    Raises
    ------
    ConfigError
        If it is something else.
    """
    import pandas as pd

    if isinstance(people, Population):
        return people
    if isinstance(people, Integral) and not isinstance(people, bool):
        return Population.synthesize(int(people), city=city, rng=seed, parameters=parameters)
    if isinstance(people, pd.DataFrame):
        return Population.from_table(people, city=city, rng=seed, parameters=parameters)
    return _persons(people)


def _persons(people: object) -> tuple[Persona, ...]:
    if not isinstance(people, Iterable) or isinstance(people, str):
        raise _not_people(people)
    persons = tuple(people)
    for one in persons:
        if not isinstance(one, Persona):
            raise _not_people(one)
    return persons


def _not_people(given: object) -> ConfigError:
    message = (
        "people must be a number of people, a Population, an iterable of Persona, or a DataFrame "
        f"with a table of people, got {given!r}; read a file with Population.from_table"
    )
    return ConfigError(message)

"""The same people with another level of a trait, and all that follows from it drawn again."""

from __future__ import annotations

from collections.abc import Mapping

from mesa_llm_city.city import City
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.population import BigFive, Population

__all__ = ["check_trait", "with_trait"]

_FOLLOWS = ("hobbies", "wake_min", "bed_min", "lunch_min", "dinner_min")
_LIKES = "likes_"


def with_trait(
    people: Population, trait: str, levels: Mapping[int, int], *, city: City, seed: int
) -> Population:
    """Return people of whom some have another level of a trait.

    Preferences, hobbies and hours of the day depend on personality, so they are drawn again, by
    the same random numbers; everything else stays.

    Parameters
    ----------
    people : Population
        The people.
    trait : str
        One of the Big Five.
    levels : mapping of int to int
        Level by id of person: 1 low, 2 medium, 3 high.
    city : City
        Where they live.
    seed : int
        Seed with which they were synthesised.
    """
    check_trait(trait)
    frame = people.to_frame()
    given = frame["id"].map(lambda one: levels.get(int(one)))
    frame[trait] = given.fillna(frame[trait]).astype("int64")
    open_columns = [one for one in frame.columns if one in _FOLLOWS or one.startswith(_LIKES)]
    return Population.from_table(
        frame.drop(columns=open_columns),
        city=city,
        rng=seed,
        marginals=people.marginals,
        parameters=people.parameters,
    )


def check_trait(trait: str) -> None:
    """Refuse what is no trait.

    Raises
    ------
    ConfigError
        If it is none of the Big Five.
    """
    if trait not in BigFive._fields:
        message = (
            f"there is no trait {trait!r}{did_you_mean(trait, BigFive._fields)}; "
            f"the traits are {', '.join(BigFive._fields)}"
        )
        raise ConfigError(message)

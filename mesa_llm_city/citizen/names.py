"""What a person calls the places of a city."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mesa_llm_city.city import City
from mesa_llm_city.mind import HOME
from mesa_llm_city.population import Persona

__all__ = ["PlaceNames"]


class PlaceNames(Mapping[int, str]):
    """Names of places with their kinds, made when they are looked up.

    A place without a name is called by its kind and id; where the person lives is "home".

    Parameters
    ----------
    city : City
        The map.
    persona : Persona, optional
        The person.

    Examples
    --------
    >>> names = PlaceNames(City.synthetic(rng=1, places=400))
    >>> names[0]
    '60 Thorn Road (apartments)'
    """

    __slots__ = ("_home", "_places")

    def __init__(self, city: City, persona: Persona | None = None) -> None:
        self._places = city.places
        self._home = None if persona is None else persona.home

    def __getitem__(self, place: int) -> str:
        """Return the name of a place."""
        if place == self._home:
            return HOME
        if not 0 <= place < len(self):
            raise KeyError(place)
        kind = _in_a_word(self._places.category_names[int(self._places.category[place])])
        name = self._places.name[place]
        return f"{name} ({kind})" if name else f"{kind} {place}"

    def __iter__(self) -> Iterator[int]:
        """Iterate over the ids of all places."""
        return iter(range(len(self)))

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self._places.name)


def _in_a_word(kind: str) -> str:
    """Return a kind of place in words: ``amenity=fast_food`` is "fast food"."""
    key, _, value = kind.rpartition("=")
    return (key if value == "yes" and key else value).replace("_", " ")

"""Memories in words, made when somebody reads them: what, where, with whom, how it was."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.mind.memory_entry import Circumstances, MemoryEntry
from mesa_llm_city.parameters import CityParameters, default_parameters

__all__ = ["HOME", "NO_NAMES", "MemoryWords", "aspects_in_words", "place_name"]

HOME = "home"
"""What people call the place where they live."""

NO_NAMES: Mapping[int, str] = MappingProxyType({})
"""No names: places and people are called by their ids."""

_NEUTRAL = 0.5
_JUDGED = ("very bad", "bad", "neither good nor bad", "good", "very good")
_ASPECTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "price": ("expensive", "fair price"),
        "atmosphere": ("unpleasant", "pleasant"),
        "convenience": ("hard to get to", "easy to get to"),
    }
)
_WEATHER: Mapping[str, str] = MappingProxyType(
    {
        "rain": "in the rain",
        "cold": "in the cold",
        "heat": "in the heat",
        "rain and cold": "in cold rain",
    }
)


def place_name(place: int, names: Mapping[int, str]) -> str:
    """Return the name of a place, or its id in words if it has no name.

    Examples
    --------
    >>> place_name(3, {3: "Cafe Lux"}), place_name(4, {3: "Cafe Lux"})
    ('Cafe Lux', 'place 4')
    """
    return names.get(place, f"place {place}")


def aspects_in_words(ratings: Mapping[str, float], *, told_from: float) -> tuple[str, ...]:
    """Return what stands out of ratings of a place, the clearest first.

    Parameters
    ----------
    ratings : mapping of str to float
        Some of price, atmosphere and convenience, in [0, 1], from bad to good.
    told_from : float
        How far from neutral (.5) a rating lies that is told.

    Examples
    --------
    >>> aspects_in_words({"price": 0.1, "atmosphere": 0.8, "convenience": 0.6}, told_from=0.2)
    ('expensive', 'pleasant')
    """
    apart = {name: round(share - _NEUTRAL, 6) for name, share in ratings.items()}
    clear = sorted(
        (name for name in apart if abs(apart[name]) >= told_from), key=lambda one: -abs(apart[one])
    )
    return tuple(_ASPECTS[name][apart[name] > 0.0] for name in clear)


class MemoryWords:
    """Puts entries of memory into words.

    Parameters
    ----------
    parameters : CityParameters, optional
        Its branch `mind.memory` is read; the defaults if not given.
    places : mapping of int to str, optional
        Names of places; others are called by their id.
    people : mapping of int to str, optional
        Names of people; others are called by their id.

    Attributes
    ----------
    places, people : mapping of int to str
        The names.

    Examples
    --------
    >>> words = MemoryWords(places={31: "Corner Noodles (restaurant)"}, people={4: "Ben Lund"})
    >>> how = Circumstances(50, (4,), 3, "rain", price=0.8, atmosphere=0.6, convenience=0.1)
    >>> words(MemoryEntry(755, 31, "meal", score=0.7, circumstances=how))
    'meal at Corner Noodles (restaurant), 50 min, with Ben Lund and 3 others, in the rain; good: \
hard to get to, fair price'
    >>> words(MemoryEntry(900, 31, "event", "won a prize"))
    'event: won a prize'
    """

    __slots__ = ("_told_from", "people", "places")

    def __init__(
        self,
        parameters: CityParameters | None = None,
        *,
        places: Mapping[int, str] = NO_NAMES,
        people: Mapping[int, str] = NO_NAMES,
    ) -> None:
        tree = default_parameters() if parameters is None else parameters
        self._told_from = tree.mind.memory.told_from
        self.places = places
        self.people = people

    def __call__(self, entry: MemoryEntry) -> str:
        """Return the whole entry: what, where, how long, with whom, how it was and why."""
        return self._whole(entry, self.observed(entry))

    def unjudged(self, entry: MemoryEntry) -> str:
        """Return the whole entry without a word for its score."""
        return self._whole(entry, self._observed(entry, ""))

    def observed(self, entry: MemoryEntry) -> str:
        """Return the entry without what was done and where."""
        return self._observed(entry, "" if entry.score is None else _judged(entry.score))

    def reasons(self, aspects: Float, *, liked: bool) -> str:
        """Return which ratings of visits speak for liking, or not liking, what they were for.

        Parameters
        ----------
        aspects : ndarray of float64, shape (n, 3)
            Price, atmosphere and convenience, in [0, 1]; NaN where not judged.
        liked : bool
            Whether ratings above neutral count, or those below.
        """
        judged = aspects[~np.isnan(aspects).any(axis=1)]
        if not len(judged):
            return ""
        means = zip(_ASPECTS, judged.mean(axis=0).tolist(), strict=True)
        fitting = {name: share for name, share in means if (share > _NEUTRAL) == liked}
        return ", ".join(aspects_in_words(fitting, told_from=self._told_from))

    def _whole(self, entry: MemoryEntry, observed: str) -> str:
        if entry.circumstances.minutes:
            return f"{entry.key} at {place_name(entry.place, self.places)}, {observed}"
        link = " " if entry.circumstances.company else ": "
        return f"{entry.key}{link}{observed}" if observed else entry.key

    def _observed(self, entry: MemoryEntry, judged: str) -> str:
        how = entry.circumstances
        if not how.minutes:
            return ": ".join(filter(None, (self._company(how), entry.observation)))
        lasted = (f"{how.minutes} min", self._company(how), _WEATHER.get(how.weather, ""))
        # A reason in somebody's own words says more than the ratings.
        why = entry.observation or ", ".join(self._aspects(how))
        judgement = ": ".join(filter(None, (judged, why)))
        return "; ".join(filter(None, (", ".join(filter(None, lasted)), judgement)))

    def _company(self, how: Circumstances) -> str:
        named = [self.people.get(one, f"person {one}") for one in how.company]
        if how.others:
            named.append(f"{how.others} {'others' if how.others > 1 else 'other'}")
        if not named:
            return ""
        return f"with {' and '.join(filter(None, (', '.join(named[:-1]), named[-1])))}"

    def _aspects(self, how: Circumstances) -> tuple[str, ...]:
        rated = {name: share for name in _ASPECTS if (share := getattr(how, name)) is not None}
        return aspects_in_words(rated, told_from=self._told_from)


def _judged(score: float) -> str:
    """Return a fifth of the scale in a word."""
    return _JUDGED[min(int(len(_JUDGED) * score), len(_JUDGED) - 1)]

"""What a decision was given, kept as it was at that moment."""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from mesa_llm_city.city import City
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona

__all__ = ["FrozenCase", "Given", "freeze"]

# They never change.
_SHARED = frozenset({City, CityParameters, Clock, Persona})


class Given(NamedTuple):
    """What a decision was given, and what the rule decided.

    Attributes
    ----------
    rule : object
        The component that decides by rule.
    by_rule : object
        What it decided.
    args : tuple
        What its method was given.
    facts : mapping of str to object
        What it was given by name.
    """

    rule: Any
    by_rule: Any
    args: tuple[Any, ...]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FrozenCase:
    """A decision as it was met, which can be taken again any number of times.

    Parameters
    ----------
    contents : bytes
        What it was given, but for what never changes.
    shared : tuple of object
        What never changes: persona, parameters, clock, city.
    """

    contents: bytes
    shared: tuple[object, ...]

    def thaw(self) -> Given:
        """Return what the decision was given, independent of all other copies."""
        given: Given = _Thawer(io.BytesIO(self.contents), self.shared).load()
        return given


def freeze(given: Given) -> FrozenCase:
    """Keep what a decision was given as it is now, generators of random numbers included.

    Examples
    --------
    >>> words = ["a"]
    >>> kept = freeze(Given(None, None, (words,), {}))
    >>> words.append("b")
    >>> kept.thaw().args
    (['a'],)
    """
    stream = io.BytesIO()
    pickler = _Freezer(stream)
    pickler.dump(given)
    return FrozenCase(stream.getvalue(), tuple(pickler.shared))


class _Freezer(pickle.Pickler):
    """Writes what changes, and keeps aside what does not."""

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream, protocol=5)
        self.shared: list[object] = []
        self._numbers: dict[int, int] = {}

    # Named by `pickle`, which calls it for everything it meets.
    def persistent_id(self, thing: object) -> int | None:
        """Return the number of something that never changes; None for what is copied."""
        if type(thing) not in _SHARED:
            return None
        number = self._numbers.setdefault(id(thing), len(self.shared))
        if number == len(self.shared):
            self.shared.append(thing)
        return number


class _Thawer(pickle.Unpickler):
    """Reads what `_Freezer` has written in the same process."""

    def __init__(self, stream: io.BytesIO, shared: tuple[object, ...]) -> None:
        super().__init__(stream)
        self._shared = shared

    def persistent_load(self, number: int) -> object:
        """Return what never changes."""
        return self._shared[number]

"""Something that each model has one of, made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakKeyDictionary, WeakSet

if TYPE_CHECKING:
    from collections.abc import MutableMapping

__all__ = ["PerModel", "forget"]

Thing = TypeVar("Thing")


class PerModel(Generic[Thing]):
    """One thing for each model; a model that nobody uses any more takes its own with it.

    Parameters
    ----------
    make : callable
        Makes that of a model, of which it knows nothing.

    Examples
    --------
    >>> from mesa_llm_city import City
    >>> notes = PerModel(list)
    >>> city = City.synthetic(rng=1, places=400)
    >>> notes.of(city).append("seen")
    >>> notes.of(city)
    ['seen']
    """

    __slots__ = ("__weakref__", "_kept", "_make")

    def __init__(self, make: Callable[[], Thing]) -> None:
        self._make = make
        self._kept: MutableMapping[object, Thing] = WeakKeyDictionary()
        _ALL.add(self)

    def of(self, model: object) -> Thing:
        """Return that of a model, the same at each call."""
        found = self._kept.get(model)
        # Of two threads that both make one, both get that of the first.
        return self._kept.setdefault(model, self._make()) if found is None else found

    def share(self, model: object, thing: Thing) -> None:
        """Let a model have the thing of another one, from now on."""
        self._kept[model] = thing

    def forget(self, model: object) -> None:
        """Let go of what a model has."""
        self._kept.pop(model, None)


_ALL: WeakSet[PerModel[Any]] = WeakSet()


def forget(model: object) -> None:
    """Let go of all that is kept for a model which nobody needs any more.

    Mesa keeps each model for good, so that it would not go by itself.
    """
    for one in list(_ALL):
        one.forget(model)

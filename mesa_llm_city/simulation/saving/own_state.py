"""What subclasses add to models and agents: kept by their methods, or as it is if plain."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import mesa

__all__ = ["defects_of", "name_of", "own_state", "restore_own"]

_PLAIN = (bool, int, float, str, type(None))


def name_of(kind: type) -> str:
    """Return the name by which a class is known in a save, without its module."""
    return kind.__qualname__.rpartition("<locals>.")[2]


def own_state(thing: object, usual: Collection[str]) -> dict[str, Any]:
    """Return what something has of its own, JSON-able.

    Parameters
    ----------
    thing : object
        A model or an agent.
    usual : collection of str
        Names of attributes that are kept by others.

    Returns
    -------
    dict
        ``state`` as its method of that name returns it; without one ``attributes``, those
        that are numbers, truth values, texts or None.
    """
    if hasattr(thing, "state"):
        return {"state": thing.state()}
    plain = {name: one for name, one in vars(thing).items() if name not in usual}
    return {"attributes": {name: one for name, one in plain.items() if isinstance(one, _PLAIN)}}


def restore_own(thing: object, state: Mapping[str, Any]) -> None:
    """Take over what `own_state` returned of a thing of the same class."""
    for name, value in state.get("attributes", {}).items():
        setattr(thing, name, value)
    if "state" in state:
        thing.restore(state["state"])  # type: ignore[attr-defined]


def defects_of(thing: object, usual: Collection[str]) -> Iterator[str]:
    """Yield what would be lost of something in a save.

    Agents that an attribute holds are kept in their own right.

    Parameters
    ----------
    thing : object
        A model or an agent.
    usual : collection of str
        Names of attributes that are kept by others.
    """
    kind, methods = type(thing), ("state", "restore")
    has = [callable(getattr(thing, name, None)) for name in methods]
    if any(has) and not all(has):
        yield f"{name_of(kind)} has only one of the methods state() and restore(); add the other"
    if any(has):
        return
    lost = [
        name
        for name, one in vars(thing).items()
        if name not in usual and not isinstance(one, (*_PLAIN, mesa.Agent))
    ]
    if lost:
        yield (
            f"{name_of(kind)} has attributes of its own ({', '.join(sorted(lost))}) and no methods "
            "state() and restore(); add them, so that nothing is lost"
        )

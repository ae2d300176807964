"""A replicate: copies of a model, one for each future, that draw from the same streams."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.simulation.interventions import Intervention
from mesa_llm_city.simulation.saving import Snapshot, restored

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Change", "begun_replicate", "in_words", "live_replicate"]

Change: TypeAlias = "Intervention | Mapping[str, object] | Callable[[CityModel], object]"
"""What a future changes: an intervention, as such or as data, or a function that is called with
the model where the futures part."""


def live_replicate(
    moment: Snapshot, changes: Mapping[str, Sequence[Change]], seed: int | None, days: int
) -> dict[str, CityModel]:
    """Let all futures of a replicate live from a moment on.

    Parameters
    ----------
    moment : Snapshot
        Where they part.
    changes : mapping of str to sequence of changes
        What each changes, by name.
    seed : int or None
        Seed of what is to come; None for that of the run.
    days : int
        How long they last.
    """
    models = begun_replicate(moment, changes, seed)
    for model in models.values():
        model.run_days(days)
    return models


def begun_replicate(
    moment: Snapshot, changes: Mapping[str, Sequence[Change]], seed: int | None
) -> dict[str, CityModel]:
    """Return all futures of a replicate where they part, each with its changes.

    Parameters
    ----------
    moment : Snapshot
        Where they part.
    changes : mapping of str to sequence of changes
        What each changes, by name.
    seed : int or None
        Seed of what is to come; None for that of the run.
    """
    models = {name: restored(moment, seed=seed) for name in changes}
    # All changes come first, so that one that does not fit costs no time.
    for name, model in models.items():
        _apply(model, name, changes[name])
    return models


def _apply(model: CityModel, name: str, changes: Sequence[Change]) -> None:
    given = [one for one in changes if isinstance(one, Intervention | Mapping)]
    try:
        model.intervene(*given)
    except DataError as error:
        error.add_note(f"in the future {name!r}")
        raise
    for change in changes:
        if _is_function(change):
            change(model)


def _is_function(change: object) -> TypeGuard[Callable[[CityModel], object]]:
    return callable(change) and not isinstance(change, Intervention)


def in_words(change: Change) -> str:
    """Return a change in words: that of an intervention as JSON, or the name of a function."""
    if isinstance(change, Mapping):
        return json.dumps(change, default=str, sort_keys=True)
    if not isinstance(change, Intervention):
        return getattr(change, "__qualname__", None) or type(change).__qualname__
    try:
        return json.dumps(change.to_dict(), sort_keys=True)
    except ConfigError:  # it holds a function, such as a query or a condition
        return repr(change)

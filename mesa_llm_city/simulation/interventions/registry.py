"""The kinds of intervention by name, and how they are read from data.

A new kind is a file of this folder with a class on `base.Moment` or `base.Span`, and a row here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from types import MappingProxyType

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.simulation.interventions.add import Add
from mesa_llm_city.simulation.interventions.base import Intervention
from mesa_llm_city.simulation.interventions.close import Close
from mesa_llm_city.simulation.interventions.event import HoldEvent
from mesa_llm_city.simulation.interventions.open import Open
from mesa_llm_city.simulation.interventions.remove import Remove
from mesa_llm_city.simulation.interventions.set import Set
from mesa_llm_city.simulation.interventions.tell import Tell
from mesa_llm_city.simulation.interventions.transfer import Transfer
from mesa_llm_city.simulation.interventions.wake import Wake

__all__ = ["KINDS", "name_of", "read_interventions"]

KINDS: Mapping[str, type[Intervention]] = MappingProxyType(
    {
        "close": Close,
        "open": Open,
        "event": HoldEvent,
        "tell": Tell,
        "wake": Wake,
        "set": Set,
        "add": Add,
        "remove": Remove,
        "transfer": Transfer,
    }
)
"""Classes of intervention by the kind that data name."""


def read_interventions(
    given: Iterable[Intervention | Mapping[str, object]], source: str = "the list of interventions"
) -> tuple[Intervention, ...]:
    """Return interventions that are given as such or as data.

    Parameters
    ----------
    given : iterable of Intervention or mapping
        A mapping has a ``kind`` and the fields of that kind.
    source : str, default "the list of interventions"
        Where they come from, for messages.

    Raises
    ------
    DataError
        Lists every unknown kind and key. Whether places and times exist is checked by the
        model that they are given to.

    Examples
    --------
    >>> read_interventions([{"kind": "wake", "at": "day 1 12:00"}])[0].at
    'day 1 12:00'
    """
    found: list[Intervention] = []
    defects: list[str] = []
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        hint = "; read a file with read_intervention_file" if isinstance(given, str) else ""
        defects.append(f"must be a list, such as [close(zone=1)], got {given!r:.80}{hint}")
        given = ()
    for number, one in enumerate(given, start=1):
        if isinstance(one, Intervention):
            found.append(one)
        elif wrong := _defects(one):
            defects += [f"{name_of(number, one)}: {defect}" for defect in wrong]
        else:
            values = {str(key): value for key, value in one.items() if key != "kind"}
            found.append(KINDS[str(one["kind"])](**values))  # type: ignore[arg-type]
    if defects:
        raise DataError.listing(source, defects)
    return tuple(found)


def name_of(number: int, one: object) -> str:
    """Return how messages call an intervention.

    Parameters
    ----------
    number : int
        Its position in the list, from 1.
    one : Intervention or mapping
        The intervention.

    Examples
    --------
    >>> name_of(2, {"kind": "close"})
    'number 2 (close)'
    """
    kind = one.kind if isinstance(one, Intervention) else None
    if isinstance(one, Mapping):
        kind = str(one.get("kind", ""))
    return f"number {number} ({kind})" if kind else f"number {number}"


def _defects(one: object) -> list[str]:
    if not isinstance(one, Mapping):
        return [f"must be an intervention or a table with a kind, got {one!r:.80}"]
    kind = one.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        hint = did_you_mean(kind, KINDS) if isinstance(kind, str) else ""
        return [f"there is no kind {kind!r}; the kinds are {', '.join(KINDS)}{hint}"]
    known = [field.name for field in fields(KINDS[kind])]
    listed = ", ".join(known)
    return [
        f"{key}: there is no such key; use some of {listed}{did_you_mean(str(key), known)}"
        for key in one
        if key != "kind" and key not in known
    ]

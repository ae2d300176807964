"""Acts: what a person has done to a running model, by hand, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

__all__ = ["Act", "acts_of", "written_now"]


class Act(NamedTuple):
    """Something that was done to a running model.

    Attributes
    ----------
    minute : int
        Minute of the run at which it was done, between two steps.
    written : str
        Date and time of day in the real world, in UTC, as ISO 8601 writes it.
    who : str
        Who did it, such as ``"the page"``.
    kind : str
        Kind of intervention, or ``"survey"`` or ``"fork"``, which do not change the run.
    what : mapping of str to object
        What was done, as plain values: an intervention as its table.
    """

    minute: int
    written: str
    who: str
    kind: str
    what: Mapping[str, Any]


def written_now() -> str:
    """Return date and time of day in the real world, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def acts_of(rows: Iterable[Mapping[str, Any]]) -> list[Act]:
    """Return acts that were written down as mappings of their attributes.

    Examples
    --------
    >>> row = {"minute": 5, "written": "2026-01-01T12:00:00+00:00", "who": "the page",
    ...        "kind": "open", "what": {"kind": "open", "at": 5}}
    >>> acts_of([row])[0].kind
    'open'
    """
    return [Act(**row) for row in rows]

"""The tables of a run: their columns, and what kind of value each holds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["COLUMNS"]

# Kind of each column: i whole number, n whole number or nothing, f number, k keyword of
# few values, s text, t minute.
COLUMNS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "activities": {"person": "i", "start": "t", "end": "t", "purpose": "k", "place": "n"},
        "trips": {
            "person": "i",
            "start": "t",
            "end": "t",
            "origin": "i",
            "destination": "i",
            "purpose": "k",
            "mode": "k",
            "distance_m": "f",
            "travel_min": "f",
            "access_min": "f",
            "cost": "f",
        },
        "visits": {
            "person": "i",
            "start": "t",
            "end": "t",
            "place": "i",
            "purpose": "k",
            "price": "f",
            "atmosphere": "f",
            "satisfaction": "f",
            "convenience": "f",
        },
        "conversations": {
            "person": "i",
            "time": "t",
            "other": "i",
            "channel": "k",
            "place": "n",
            "topic": "k",
            "outcome": "k",
            "outcome_other": "k",
            "source": "k",
            "reason": "s",
            "words": "s",
        },
        "insights": {
            "person": "i",
            "time": "t",
            "kind": "k",
            "subject": "k",
            "text": "s",
            "strength": "f",
            "liking": "f",
            "evidence": "s",
        },
        "decisions": {
            "person": "i",
            "time": "t",
            "component": "k",
            "source": "k",
            "choice": "s",
            "reason": "s",
        },
        "events": {
            "person": "i",
            "time": "t",
            "event": "k",
            "household": "n",
            "details": "s",
        },
        "messages": {
            "person": "i",
            "time": "t",
            "message": "i",
            "channel": "k",
            "source": "k",
            "sender": "n",
            "topic": "k",
            "danger": "f",
            "believed": "i",
            "reaction": "k",
            "ready_min": "i",
            "decided_by": "k",
            "reason": "s",
            "text": "k",
        },
        "interventions": {"time": "t", "kind": "k", "target": "s", "text": "s", "people": "i"},
    }
)

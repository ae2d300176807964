"""A page of text on what a city holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from mesa_llm_city.city.city import City  # A cycle: City calls `describe` and nothing else.

__all__ = ["describe"]


def describe(city: City) -> str:
    """Return places by purpose, zones, stations, streets, and the notes of a city."""
    west, south, east, north = city.bounds
    extent = f"{(east - west) / 1000:.1f} x {(north - south) / 1000:.1f} km ({city.crs})"
    lines = [
        f"{city.name}: {len(city.places)} places on {extent}",
        *_purposes(city),
        f"  zones: {len(city.zones)}",
        f"  stations: {_stations(city)}",
        f"  streets: {_streets(city)}",
        *(f"  note: {note}" for note in city.notes),
    ]
    return "\n".join(lines)


def _purposes(city: City) -> list[str]:
    """Return how many places offer each purpose, and how many people live and work there."""
    counts = {purpose: len(city.places.offering(purpose)) for purpose in city.parameters.purposes}
    offered = ", ".join(f"{purpose} {count}" for purpose, count in counts.items() if count)
    residents, jobs = np.sum(city.places.residents), np.sum(city.places.jobs)
    lines = [f"  places by purpose: {offered}"]
    if city.lacking:
        lacking = ", ".join(city.lacking)
        lines.append(f"  no place for: {lacking}; people who would go there stay at home")
    return [*lines, f"  residents: {residents:.0f}, jobs: {jobs:.0f}"]


def _stations(city: City) -> str:
    """Return how many stations there are."""
    return str(len(city.stations)) if len(city.stations) else "none, so there are no trains"


def _streets(city: City) -> str:
    """Return how long the streets are, or what is assumed without them."""
    if city.network is None:
        return f"none, so ways are straight lines times {city.parameters.city.travel.detour}"
    kept = f"{100 * city.network.share_kept:.1f} % of the length is connected and used"
    return f"{city.network.total_km:.0f} km between {len(city.network.x)} junctions; {kept}"

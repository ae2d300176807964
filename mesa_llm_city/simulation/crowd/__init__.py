"""A crowd in a Mesa model: a million rows that live beside the citizens of a `CityModel`."""

from __future__ import annotations

__all__: list[str] = []

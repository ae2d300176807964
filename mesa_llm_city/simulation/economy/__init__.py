"""The economy of a city: wages, taxes, rents, shopping, fares and transfers of its citizens."""

from __future__ import annotations

__all__: list[str] = []

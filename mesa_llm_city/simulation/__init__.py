"""Citizens as Mesa agents: `CityModel`, `CityAgent`, meetings, records and tables.

The only room below the experiments that knows Mesa.
"""

from __future__ import annotations

__all__: list[str] = []

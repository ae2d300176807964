"""Migration of households out of a city and into it, as a survey would have them decide.

`Migration` lets each household decide once a year, moves those who go or come, and keeps a
register of those away.
"""

from __future__ import annotations

__all__: list[str] = []

"""Hours and habits of people: sleep, meals, work, school and free time.

Pure functions over columns; their numbers are in the parameters `population.schedules` and
`population.free_time`.
"""

from __future__ import annotations

__all__: list[str] = []

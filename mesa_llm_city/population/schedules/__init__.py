"""Hours and habits of people: sleep, meals, work, school and free time.

Pure functions over columns; the numbers come from the parameters.
"""

from __future__ import annotations

__all__: list[str] = []

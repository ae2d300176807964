"""Tables of people: reading, checks, and completion of what a table leaves open.

`Population.from_table` is the way in.
"""

from __future__ import annotations

__all__: list[str] = []

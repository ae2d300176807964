"""One reader for every table that users bring: CSV in its many forms, and Parquet.

`read_table` takes a path, `parse_table` the bytes of a member of an archive. What a file is follows
from its content; its name only serves messages.
"""

from __future__ import annotations

__all__: list[str] = []

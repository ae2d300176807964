"""What can be saved from a page: pictures, tables, films and the HTML replay."""

from __future__ import annotations

__all__: list[str] = []

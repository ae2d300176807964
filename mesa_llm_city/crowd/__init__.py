"""A crowd: up to a million people in columns, who live by the rules that decide for citizens.

Knows no Mesa. `state` holds the columns, `life` lets those live who are due, by the array
functions of `mobility`, `mind` and `social`.
"""

from __future__ import annotations

__all__: list[str] = []

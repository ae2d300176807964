"""Pools of workers that carry out runs of a sweep, one file for each way.

A pool takes runs by number and tells what came of them; `scheduling` keeps it busy.
"""

from __future__ import annotations

__all__: list[str] = []

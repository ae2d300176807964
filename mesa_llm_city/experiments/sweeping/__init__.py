"""The parts of a sweep: its grid, single runs, pools of workers, and the folder of its results.

`experiments.sweep` puts them together.
"""

from __future__ import annotations

__all__: list[str] = []

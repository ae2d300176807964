"""Populations in motion: who moves in and out, is born, dies, marries, moves house, changes jobs.

`Demography` does it to the citizens of a model, by call or by yearly rates; `History` keeps who
lived there from when until when, and what happened.
"""

from __future__ import annotations

__all__: list[str] = []

"""What everything else is built on: errors, values, clock, random streams, questions.

Knows neither Mesa nor components, people or cities. Add here only what several rooms need.
"""

from __future__ import annotations

__all__: list[str] = []

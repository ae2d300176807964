"""One person without Mesa: the components, and the steps of a day.

Thoughts (`async`) change nothing; `Citizen.commit` does.
"""

from __future__ import annotations

__all__: list[str] = []

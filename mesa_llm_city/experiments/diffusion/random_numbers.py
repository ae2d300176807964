"""Random numbers that trials with different settings have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.diffusion.spreading import draw_people

__all__ = ["CommonRandomNumbers"]


@dataclass(slots=True)
class CommonRandomNumbers:
    """What chance decides in the cascades of a trial, drawn once for all values of settings.

    So two values are compared with the same random numbers, and a fit follows the settings and not
    the noise.

    Parameters
    ----------
    seed : int
        Seed of all numbers.
    cascades : int
        Cascades that are simulated together.
    people : int
        People of the graph.
    """

    seed: int
    cascades: int
    people: int
    _drawn: dict[tuple[str, int], Float] = field(default_factory=dict)

    def of_people(self, purpose: str, batch: int) -> Float:
        """Return uniform numbers, shape (cascades, people)."""
        return self._once(
            purpose,
            batch,
            lambda: draw_people(self._seed(batch), self.cascades, self.people, purpose),
        )

    def of_cascades(self, purpose: str, batch: int) -> Float:
        """Return uniform numbers, shape (cascades,)."""
        rows = np.arange(self.cascades)
        return self._once(
            purpose, batch, lambda: uniforms(self._seed(batch), rows, purpose, 0, 1)[:, 0]
        )

    def _seed(self, batch: int) -> int:
        return self.seed * 1_000 + batch

    def _once(self, purpose: str, batch: int, draw: Callable[[], Float]) -> Float:
        key = (purpose, batch)
        if key not in self._drawn:
            self._drawn[key] = draw()
        return self._drawn[key]

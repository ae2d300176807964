"""Neighbours on a grid persuade each other, by rule or in words; no city is needed."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
from mesa.discrete_space import CellAgent, OrthogonalMooreGrid
from mesa_llm_city.models.opinion_grid.stance import Script, Stance

from mesa_llm_city import Thinking, ask
from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.values import DecisionSource

__all__ = ["Neighbour", "OpinionGrid"]


class Neighbour(CellAgent):
    """Has an opinion, hears those in the cells around, and may change its mind."""

    model: OpinionGrid

    def __init__(self, model: OpinionGrid, cell: Any, opinion: int) -> None:  # noqa: ANN401 - Mesa's
        super().__init__(model)
        self.cell: Any = cell
        self.opinion, self.argument = opinion, ""

    async def decide(self) -> Stance:
        """Think about what is heard (a thought: asks, changes nothing)."""
        near: list[Neighbour] = list(self.cell.neighborhood.agents)
        if self.model.mind is DecisionSource.RULE:
            return self.by_rule([one.opinion for one in near])
        heard = [{"opinion": one.opinion, "argument": one.argument} for one in near]
        return await ask(
            "stance", Stance, topic=self.model.topic, my_opinion=self.opinion, neighbours=heard
        )

    def by_rule(self, heard: list[int]) -> Stance:
        """Move to the mean of the opinions that are not too far away, one's own included."""
        listened = [one for one in heard if abs(one - self.opinion) <= self.model.tolerance]
        opinion = round(sum([self.opinion, *listened]) / (1 + len(listened)))
        reason = f"mean with {len(listened)} of {len(heard)} neighbours"
        return Stance(reason=reason, opinion=opinion, argument="")

    def act(self, stance: Stance) -> None:
        """Take the stance (a commit: changes me)."""
        self.opinion, self.argument = stance.opinion, stance.argument


class OpinionGrid(mesa.Model):
    """A torus of neighbours, all of one mind: rule or prompt (the README tells the options).

    Examples
    --------
    >>> model = OpinionGrid("prompt", rounds=5, rng=7)
    >>> while model.running:
    ...     model.step()
    >>> model.spread < 3.0
    True
    """

    topic = "The main street should be closed to cars."

    def __init__(
        self,
        mind: str = "rule",
        size: int = 10,
        tolerance: int = 3,
        rounds: int = 20,
        rng: int | None = None,
        *,
        backend: Backend | None = None,
    ) -> None:
        super().__init__(rng=rng)
        self.mind, self.tolerance, self.rounds = DecisionSource(mind), tolerance, rounds
        self.thinking = Thinking(self.random, backend or Script())
        self.grid: Any = OrthogonalMooreGrid((size, size), torus=True, random=self.random)
        cells = self.grid.all_cells.cells
        Neighbour.create_agents(self, size**2, cells, self.rng.integers(0, 11, size**2).tolist())
        self.datacollector = mesa.DataCollector({"mean": "mean", "spread": "spread"})

    @property
    def mean(self) -> float:
        """Mean opinion, 0 to 10."""
        return float(np.mean(self.agents.get("opinion")))

    @property
    def spread(self) -> float:
        """Standard deviation of the opinions."""
        return float(np.std(self.agents.get("opinion")))

    def step(self) -> None:
        """Let everybody think at once, then change their minds in seeded order."""
        self.thinking.run(self.agents)
        self.datacollector.collect(self)
        self.running = self.steps < self.rounds

"""The crowd of a city model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.errors import ConfigError

if TYPE_CHECKING:
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.crowd.crowd import Crowd
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent
    from mesa_llm_city.simulation.rounds import Rounds

__all__ = ["ModelCrowd"]


class ModelCrowd:
    """What a model does for its crowd; a part of `CityModel`."""

    rounds: Rounds
    _crowd: CrowdAgent | None = None

    @property
    def crowd(self) -> CrowdAgent:
        """The crowd.

        Raises
        ------
        ConfigError
            If there is none.
        """
        if self._crowd is None:
            message = "there is no crowd here; give crowd=Crowd(100_000)"
            raise ConfigError(message)
        return self._crowd

    @property
    def crowd_or_none(self) -> CrowdAgent | None:
        """The crowd, or None without one."""
        return self._crowd

    def begin_crowd(self, options: Crowd | None) -> None:
        """Let a crowd come to live in the model."""
        if options is None:
            return
        from mesa_llm_city.simulation.crowd.crowd import Crowd
        from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent
        from mesa_llm_city.simulation.crowd.crowd_company import CrowdCompany

        if not isinstance(options, Crowd):
            message = f"crowd must be a Crowd or None, got {options!r:.80}; write Crowd(100_000)"
            raise ConfigError(message)
        self._crowd = CrowdAgent(self, options)  # type: ignore[arg-type]
        if self._crowd.meetings is not None:
            self.rounds.company = CrowdCompany(self._crowd)

    def promote(self, row: int) -> CityAgent:
        """Let a row of the crowd become a citizen, who goes on with the same life.

        Parameters
        ----------
        row : int
            The row (see `CrowdAgent.row_of`).

        Returns
        -------
        CityAgent
            The citizen, with the components of the model: it may think from now on.

        Raises
        ------
        IndexError
            If nobody lives in that row.
        """
        from mesa_llm_city.simulation.crowd.membership import remove_rows
        from mesa_llm_city.simulation.crowd.promotion import hand_over

        crowd = self.crowd
        persona = crowd[row].persona
        agent = self.add(persona)  # type: ignore[attr-defined]
        hand_over(crowd, row, agent)
        remove_rows(crowd, np.array([row]), written=False)
        return agent  # type: ignore[no-any-return]

    def demote(self, agent: CityAgent) -> int:
        """Let a citizen become a row of the crowd, which goes on with the same life.

        What is kept in words (memories, insights, goals) is lost.

        Parameters
        ----------
        agent : CityAgent
            A resident; outsiders cannot be rows.

        Returns
        -------
        int
            The row.

        Raises
        ------
        ConfigError
            If the citizen is an outsider or has left.
        """
        from mesa_llm_city.population import PopulationColumns
        from mesa_llm_city.simulation.crowd.demotion import take_over

        crowd = self.crowd
        if agent.is_removed or agent.persona.outsider is not None:
            what = "has left" if agent.is_removed else "is an outsider"
            message = f"person {agent.person} {what} and cannot become a row of the crowd"
            raise ConfigError(message)
        citizen, minute = agent.citizen, crowd.model.minute
        agent.remove()
        (row,) = crowd.add(PopulationColumns.from_people([citizen.persona])).tolist()
        take_over(crowd, row, citizen, minute)
        if crowd.meetings is not None:
            crowd.meetings.update_spots(np.array([row]))
        return int(row)

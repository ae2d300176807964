"""The crowd of a city model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa_llm_city.core.errors import ConfigError

if TYPE_CHECKING:
    from mesa_llm_city.simulation.crowd.crowd import Crowd
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent

__all__ = ["ModelCrowd"]


class ModelCrowd:
    """What a model does for its crowd; a part of `CityModel`."""

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

        if not isinstance(options, Crowd):
            message = f"crowd must be a Crowd or None, got {options!r:.80}; write Crowd(100_000)"
            raise ConfigError(message)
        self._crowd = CrowdAgent(self, options)  # type: ignore[arg-type]

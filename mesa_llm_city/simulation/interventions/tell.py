"""Telling: people hear a message, believe it or not, and may act on it and tell others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.crowd.row_query import chosen_of_both
from mesa_llm_city.simulation.interventions.base import Applied, Moment
from mesa_llm_city.simulation.interventions.query_field import query_defects, query_text
from mesa_llm_city.simulation.interventions.times import as_minute
from mesa_llm_city.simulation.messages import make_message, message_defects
from mesa_llm_city.simulation.query import Query

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Tell"]


@dataclass(frozen=True, kw_only=True)
class Tell(Moment):
    """Tell people the `text` (see `CityModel.tell`); they think of it at that minute.

    Parameters
    ----------
    agents : Query, optional
        Whom, see `query.chosen`; everybody by default.
    source : str, default "authorities"
        Who says it, on which trust depends: ``social.trust.sources`` of the parameters.
    channel : str, default "radio"
        How: one of ``social.messages.channels``.
    danger : float, default 0
        The danger that it tells of, in [0, 1]; a message without danger ends that of an
        earlier one of its topic.
    place : int or str, optional
        Id or name of the place in danger.
    radius_m : float, optional
        How far the danger reaches around it, in metres.
    zone : int or str, or several, optional
        Zones in danger; with neither place nor zone it is everywhere outdoors.
    topic : str, optional
        What it is about; the text by default.
    until : str, int or datetime, optional
        When the danger ends, see `times.as_minute`.
    stance : float, default 0
        How it stands to its topic, from -1 to 1.
    intensity : float, optional
        How emotional it is, in [0, 1]; by its danger if not given.
    corrects : bool, default False
        Whether it says that what was told of its topic is not true.
    """

    kind: ClassVar[str] = "tell"

    agents: Query = None
    source: str = "authorities"
    channel: str = "radio"
    danger: float = 0.0
    place: int | str | None = None
    radius_m: float | None = None
    zone: object = None
    topic: str | None = None
    until: object = None
    stance: float = 0.0
    intensity: float | None = None
    corrects: bool = False

    def own_defects(self, model: CityModel) -> Iterator[str]:
        """Yield what is wrong with the message, and with whom it is told."""
        yield from query_defects(model, "agents", self.agents)
        yield from message_defects(model, self.text, **self._told())
        if self.until is not None:
            try:
                until = as_minute(self.until, model.clock)
            except ConfigError as error:
                yield f"until {error.message}"
                return
            if until <= self._told_min(model):
                yield f"until {self.until} is not after it is told, {self.at or 'now'}"

    def apply(self, model: CityModel, number: int, minute: int) -> Applied:
        """Let those people hear it."""
        del number
        until = None if self.until is None else as_minute(self.until, model.clock)
        message = make_message(model, self.text, minute=minute, until_min=until, **self._told())
        agents, rows = chosen_of_both(model, self.agents)
        reached = model.news.tell(agents, message, at_min=minute)
        if model.crowd_or_none is not None:
            reached += model.crowd.news.tell(rows, message, at_min=minute)
        return Applied(query_text(self.agents), self.text, reached)

    def _told_min(self, model: CityModel) -> int:
        try:
            at = self.at_min(model.clock)
        except ConfigError:  # said elsewhere
            return model.minute
        return model.minute if at is None else at

    def _told(self) -> dict[str, object]:
        names = (
            *("source", "channel", "danger", "place", "radius_m", "zone", "topic"),
            *("stance", "intensity", "corrects"),
        )
        return {name: getattr(self, name) for name in names}

"""The part of a city model that lets interventions happen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

from mesa_llm_city.simulation.interventions.base import Intervention
from mesa_llm_city.simulation.interventions.close import Close
from mesa_llm_city.simulation.interventions.schedule import Schedule

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["ModelInterventions"]


class ModelInterventions:
    """Interventions of a city model.

    Attributes
    ----------
    schedule : Schedule
        Those that have been given.
    """

    schedule: Schedule

    def intervene(self, *interventions: Intervention | Mapping[str, object]) -> None:
        """Add interventions to a model that may have begun to run.

        Parameters
        ----------
        *interventions : Intervention or mapping
            As for `CityModel`. One without a time and a condition happens at the next step.

        Raises
        ------
        DataError
            Lists all that is wrong with any of them; none is taken up then.
        """
        self.schedule.add(cast("CityModel", self), interventions)

    def _begin_interventions(
        self, given: Iterable[Intervention | Mapping[str, object]] | None
    ) -> None:
        """Take up those of the constructor, and events of the city that close places."""
        model = cast("CityModel", self)
        if given is not None:
            self.schedule.add(model, given)
        closing = [one for one in model.city.environment.events if one.closes and one.end_min > 0]
        self.schedule.add(
            model,
            [
                Close(
                    place=one.place,
                    start=max(one.start_min, 0),
                    end=one.end_min,
                    text=one.name,
                )
                for one in closing
            ],
        )

"""The part of a city model that lets interventions happen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from mesa_llm_city.citizen.danger import in_area, known_dangers
from mesa_llm_city.simulation.interventions.acts import Act, written_now
from mesa_llm_city.simulation.interventions.base import Intervention
from mesa_llm_city.simulation.interventions.close import Close
from mesa_llm_city.simulation.interventions.open import Open
from mesa_llm_city.simulation.interventions.registry import read_interventions
from mesa_llm_city.simulation.interventions.schedule import Schedule, with_time
from mesa_llm_city.simulation.refuge import find_refuges

if TYPE_CHECKING:
    from mesa_llm_city.core.message import Message
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["ModelInterventions", "closing_events"]


class ModelInterventions:
    """Interventions of a city model.

    Attributes
    ----------
    intervention_schedule : Schedule
        Those that have been given.
    acts : list of Act
        What was done to the model by hand while it ran, such as from the page.
    """

    intervention_schedule: Schedule
    acts: list[Act]

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
        self.intervention_schedule.add(cast("CityModel", self), interventions)

    def act(self, *interventions: Intervention | Mapping[str, object], who: str) -> None:
        """Change a running model by hand, and note who did what and when.

        It happens before anything else of the next step, and stands in the list of interventions
        with that minute: a run that is given the list goes the same way.

        Parameters
        ----------
        *interventions : Intervention or mapping
            As for `intervene`.
        who : str
            Who does it.

        Raises
        ------
        CityError
            If a step is under way.
        DataError
            Lists all that is wrong with any of them; none is taken up then.
        """
        model = cast("CityModel", self)
        model.check_between_steps("changed")
        before = len(self.intervention_schedule)
        timed = (with_time(one, model.minute) for one in read_interventions(interventions))
        tables = [one.to_dict() for one in timed]
        self.intervention_schedule.add(model, tables)
        for one in self.intervention_schedule.items[before:]:
            self.note_act(one.kind, one.to_dict(), who=who)

    def note_act(self, kind: str, what: Mapping[str, Any], *, who: str) -> None:
        """Note something that was done by hand and does not change the run, such as a survey.

        Parameters
        ----------
        kind : str
            What it is, in a word.
        what : mapping of str to object
            Plain values that tell more of it.
        who : str
            Who did it.
        """
        minute = cast("CityModel", self).minute
        self.acts.append(Act(minute, written_now(), who, kind, dict(what)))

    def close(self, **what: Any) -> None:  # noqa: ANN401 - as `Close` takes them
        """Close places, zones, streets or modes, at the next step or at a time.

        Parameters
        ----------
        **what
            As `interventions.Close` takes them: ``place``, ``place_kind``, ``zone``, ``polygon``,
            ``link`` or ``mode``, ``start``, ``end``, ``text``.

        Examples
        --------
        >>> from mesa_llm_city import City, CityModel
        >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
        >>> model.close(zone=1, start="day 1 12:00", end="day 1 18:00", text="flood")
        >>> len(model.intervention_schedule)
        1
        """
        self.intervene(Close(**what))

    def open(self, **what: Any) -> None:  # noqa: ANN401 - as `Open` takes them
        """Open what is closed, at the next step or at a time (see `close`)."""
        self.intervene(Open(**what))

    def find_refuge(self, agent: CityAgent, message: Message, minute: int) -> None:
        """Find a refuge for the household of a person whose home is in danger.

        Parameters
        ----------
        agent : CityAgent
            The person.
        message : Message
            What is heard, whether it will be believed or not. The refuge lies neither in its
            danger nor in one that the person keeps away from already.
        minute : int
            The time.
        """
        model = cast("CityModel", self)
        lasts_h = model.parameters.mind.warnings.lasts_h
        dangers = (message, *known_dangers(agent.citizen.now.heard, minute, lasts_h))
        home = np.array([agent.persona.home])
        if any(in_area(one, home, model.city)[0] for one in dangers):
            everywhere = np.arange(len(model.city.places))
            areas = [in_area(one, everywhere, model.city) for one in dangers]
            household = [agent, *model.residents.household_of(agent)]
            find_refuges(model, household, minute, in_danger=np.any(areas, axis=0))

    def find_shelter(self, agent: CityAgent) -> None:
        """Let somebody who has come to a home that is closed know where to stay meanwhile."""
        model = cast("CityModel", self)
        if model.world.closures.active:
            find_refuges(model, [agent], model.minute)

    def _begin_interventions(
        self, given: Iterable[Intervention | Mapping[str, object]] | None
    ) -> None:
        """Take up those of the constructor, and events of the city that close places."""
        model = cast("CityModel", self)
        self.acts = []
        if given is not None:
            self.intervention_schedule.add(model, given)
        self.intervention_schedule.add(model, closing_events(model))


def closing_events(model: CityModel) -> list[Close]:
    """Return the closures that come from events of the city, which every run of it has.

    Parameters
    ----------
    model : CityModel
        The model.
    """
    closing = [one for one in model.city.environment.events if one.closes and one.end_min > 0]
    return [
        Close(place=one.place, start=max(one.start_min, 0), end=one.end_min, text=one.name)
        for one in closing
    ]

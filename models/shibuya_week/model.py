"""A week in a district: commuting, evenings and a weekend, with all parts of the mind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np

from mesa_llm_city import Citizen, City, CityModel, Clock, Population
from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.parameters import CityParameters, with_keywords
from mesa_llm_city.policies import Policy

__all__ = ["MODEL", "ShibuyaWeek"]

_WEEK_MIN = 7 * DAY_MIN


class ShibuyaWeek(CityModel):
    """A city model that watches what its people feel, learn and want, and whom they meet.

    With a map of Shibuya (see the README) it is a week there; without one, of a
    made-up district of the same number of places.

    Parameters
    ----------
    citizens : int, default 1000
        How many people to synthesise, unless `people` are given.
    days : int, default 7
        After so many days `running` turns false.
    rng : int, optional
        Seed of the people and their luck.
    city : City, optional
        The map.
    people : Population, optional
        People of one's own.
    clock : Clock, optional
        Start date and length of a step.
    llm, prompts, without, policies, parameters : optional
        As in `CityModel`.
    **kwargs
        Parameters by dotted name, such as ``mobility.gravity.gamma``.

    Examples
    --------
    >>> model = ShibuyaWeek(citizens=10, days=1, rng=7, city=City.synthetic(places=300))
    >>> while model.running:
    ...     model.step()
    >>> model.datacollector.get_model_vars_dataframe()["mean_contacts"].iloc[-1] > 0.0
    True
    """

    def __init__(
        self,
        citizens: int = 1000,
        days: int = 7,
        rng: int | None = None,
        *,
        city: City | None = None,
        people: Population | None = None,
        clock: Clock | None = None,
        llm: Backend | None = None,
        prompts: Iterable[str] | str = (),
        without: Iterable[str] = (),
        policies: Mapping[str, Policy] | None = None,
        parameters: CityParameters | None = None,
        # Mesa's page looks for this name to know that more arguments are taken.
        **kwargs: object,
    ) -> None:
        own = city.parameters if parameters is None and city is not None else parameters
        tree = with_keywords(own, kwargs)
        super().__init__(
            City.synthetic(places=750, stations=3, parameters=tree) if city is None else city,
            citizens if people is None else people,
            rng=rng,
            clock=clock,
            llm=llm,
            prompts=prompts,
            without=without,
            policies=policies,
            parameters=tree,
            model_reporters={
                f"mean_{name}": partial(_mean, of=of) for name, of in _WATCHED.items()
            },
        )
        self.days = days

    def step(self) -> None:
        """Let five minutes pass; the last step of the last day ends the run."""
        super().step()
        self.running = self.minute < self.days * DAY_MIN


def _mean(model: CityModel, *, of: Callable[[Citizen, int], float]) -> float:
    """Return the mean over all citizens, NaN if nobody has such a part."""
    values = np.array([of(agent.citizen, model.minute) for agent in model.citizens])
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")


def _mood(citizen: Citizen, minute: int) -> float:
    mood = citizen.components.mood
    return float("nan") if mood is None else mood.valence(at_min=minute)


def _insights(citizen: Citizen, minute: int) -> float:
    del minute
    insights = citizen.components.insights
    return float("nan") if insights is None else len(insights)


def _contacts(citizen: Citizen, minute: int) -> float:
    ties = citizen.components.ties
    return float("nan") if ties is None else ties.contacts_since(minute - _WEEK_MIN)


def _fulfilment(citizen: Citizen, minute: int) -> float:
    del minute
    needs = citizen.components.needs
    return float("nan") if needs is None else needs.fulfilment()


_WATCHED: Mapping[str, Callable[[Citizen, int], float]] = MappingProxyType(
    {"mood": _mood, "insights": _insights, "contacts": _contacts, "fulfilment": _fulfilment}
)
MODEL = ShibuyaWeek

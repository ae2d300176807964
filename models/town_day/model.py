"""A day in a town: people sleep, work, eat, shop, meet and travel, by rules or by prompts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from mesa_llm_city import City, CityAgent, CityModel, Clock, ConfigError, Population
from mesa_llm_city.citizen.intention import Completed, Intention
from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.parameters import CityParameters, with_keywords
from mesa_llm_city.policies import Policy

__all__ = ["MODEL", "TownDay", "Traveller"]


class Traveller(CityAgent):
    """A citizen whose trips the model counts by mode."""

    model: TownDay

    def act(self, intention: Intention) -> Completed:
        """Act, and count the trip that has ended."""
        outcome = super().act(intention)
        if outcome.trip is not None:
            self.model.trips_by_mode[outcome.trip.option.mode] += 1
        return outcome


class TownDay(CityModel):
    """A city model that stops by itself and counts trips by mode.

    The options before `city` are numbers, so that ``mesa.batch_run`` can vary them, together
    with `prompts`, `without` and every parameter by its dotted name.

    Parameters
    ----------
    citizens : int, default 500
        How many people to synthesise, unless `people` are given.
    days : int, default 1
        After so many days `running` turns false.
    train_fare : float, default 1
        Fare of a train trip, in fares of today.
    places : int, default 3000
        Size of the synthetic town, unless a `city` is given.
    rng : int, optional
        Seed of the people and their luck. The town is the same for all seeds.
    city : City, optional
        A city of one's own.
    people : Population, optional
        People of one's own.
    clock : Clock, optional
        Start date and length of a step.
    llm, prompts, without, policies, parameters : optional
        As in `CityModel`.
    **kwargs
        Parameters by dotted name, such as ``mobility.gravity.gamma``.

    Attributes
    ----------
    trips_by_mode : collections.Counter of str
        Trips that have ended.

    Raises
    ------
    ConfigError
        If an option is outside its range.

    Examples
    --------
    >>> model = TownDay(citizens=10, places=300, rng=7)
    >>> while model.running:
    ...     model.step()
    >>> model.minute
    1440
    """

    def __init__(
        self,
        citizens: int = 500,
        days: int = 1,
        train_fare: float = 1.0,
        places: int = 3000,
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
        _check(citizens=citizens, days=days, train_fare=train_fare)
        own = city.parameters if parameters is None and city is not None else parameters
        tree = _with_train_fare(with_keywords(own, kwargs), train_fare)
        self.days = days
        self.trips_by_mode: Counter[str] = Counter()
        super().__init__(
            City.synthetic(places=places, parameters=tree) if city is None else city,
            citizens if people is None else people,
            rng=rng,
            clock=clock,
            llm=llm,
            prompts=prompts,
            without=without,
            policies=policies,
            parameters=tree,
            agent_class=Traveller,
            model_reporters={f"trips_by_{one}": partial(_trips_by, mode=one) for one in tree.modes},
        )

    def state(self) -> dict[str, Any]:
        """Return what a save keeps besides what any city model has."""
        return {"days": self.days, "trips_by_mode": dict(self.trips_by_mode)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.days, self.trips_by_mode = state["days"], Counter(state["trips_by_mode"])

    def step(self) -> None:
        """Let five minutes pass; the last step of the last day ends the run."""
        super().step()
        self.running = self.minute < self.days * DAY_MIN


def _trips_by(model: TownDay, *, mode: str) -> int:
    return model.trips_by_mode[mode]


def _with_train_fare(parameters: CityParameters, times: float) -> CityParameters:
    """Return parameters with another train fare."""
    if times == 1.0:
        return parameters
    fare = times * parameters.modes["train"].cost_per_trip
    return parameters.with_("modes.train.cost_per_trip", fare)


def _check(*, citizens: int, days: int, train_fare: float) -> None:
    defects = [
        f"{name} must be at least {least}, got {value}"
        for name, value, least in (
            ("citizens", citizens, 1),
            ("days", days, 1),
            ("train_fare", train_fare, 0),
        )
        if value < least
    ]
    if defects:
        raise ConfigError("; ".join(defects))


MODEL = TownDay

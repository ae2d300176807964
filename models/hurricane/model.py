"""A hurricane passes a town: mobility before, during and after it, beside the same weekdays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from mesa_llm_city.models.hurricane.periods import HOLIDAY, PEAK_MIN
from mesa_llm_city.models.hurricane.storm import (
    ORDERS,
    public_holiday,
    storm_interventions,
    with_storm,
)

from mesa_llm_city import City, CityAgent, CityModel, Clock, Population
from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.option_checks import OptionChecks
from mesa_llm_city.parameters import CityParameters, with_keywords
from mesa_llm_city.policies import Policy
from mesa_llm_city.simulation.interventions import Intervention

__all__ = ["CITIZENS", "DAYS", "MODEL", "START", "Hurricane", "zones_by_the_sea"]

DAYS = 16
"""Length of a run: a week, and three days before, during and after the storm."""

CITIZENS = 100
"""Number of people."""

START = "2019-08-21"
"""First day, a Wednesday, so that the storm comes on the days of September 2019."""


class Hurricane(CityModel):
    """A city model that a hurricane passes on day 12, with an order to leave for those by the sea.

    The options before `city` are numbers and words, so that ``mesa.batch_run`` can vary them.

    Parameters
    ----------
    citizens : int, default 100
        How many people to synthesise, unless `people` are given.
    days : int, default 16
        After so many days `running` turns false.
    storm : bool, default True
        Whether there is a hurricane; without it this is the control, with the same people,
        weather and random numbers up to the storm.
    order : {"mandatory", "voluntary", "none"}, default "mandatory"
        What people of the zones at risk are told.
    rng : int, optional
        Seed of the people and of all random numbers of the run.
    at_risk : float, default 0.3
        Share of people whose homes are at risk, in [0, 1]: the zones farthest to the west, at
        the sea, until they hold so many.
    lead_h : float, default 40
        How long before the peak they are told, in hours.
    holiday : bool, default False
        Whether the third day of the storm is a public holiday, in the control as well: Labor Day
        fell on it in 2019.
    city : City, optional
        A city of one's own; a synthetic town of 1,000 places by default.
    people : Population, optional
        People of one's own.
    clock : Clock, optional
        Start date and length of a step; 21 August 2019 by default.
    llm, prompts, without, policies, parameters, interventions : optional
        As in `CityModel`; interventions of one's own come beside the storm.
    **kwargs
        Parameters by dotted name, such as ``city.hurricane.max_wind_km_h``.

    Attributes
    ----------
    zones : tuple of int
        Rows of the zones at risk.

    Raises
    ------
    ConfigError
        If an option is outside its range.

    Examples
    --------
    >>> model = Hurricane(citizens=10, rng=7, city=City.synthetic(rng=1, places=300))
    >>> model.step()
    >>> model.clock.at(0).strftime("%A"), len(model.zones) > 0
    ('Wednesday', True)
    """

    def __init__(
        self,
        citizens: int = CITIZENS,
        days: int = DAYS,
        storm: bool = True,  # noqa: FBT001, FBT002 - an option of batch_run and of the page
        order: str = "mandatory",
        rng: int | None = None,
        *,
        at_risk: float = 0.3,
        lead_h: float = 40.0,
        holiday: bool = False,
        city: City | None = None,
        people: Population | None = None,
        clock: Clock | None = None,
        llm: Backend | None = None,
        prompts: Iterable[str] | str = (),
        without: Iterable[str] = (),
        policies: Mapping[str, Policy] | None = None,
        parameters: CityParameters | None = None,
        interventions: Iterable[Intervention | Mapping[str, object]] | None = None,
        # Mesa's page looks for this name to know that more arguments are taken.
        **kwargs: object,
    ) -> None:
        _check(citizens=citizens, days=days, order=order, at_risk=at_risk, lead_h=lead_h)
        own = city.parameters if parameters is None and city is not None else parameters
        tree = with_keywords(own, kwargs)
        when = Clock(start=START) if clock is None else clock
        town = City.synthetic(places=1000, parameters=tree) if city is None else city
        town = town.with_parameters(tree)
        self.days = days
        super().__init__(
            with_storm(town, PEAK_MIN, when) if storm else town,
            citizens if people is None else people,
            rng=rng,
            clock=when,
            llm=llm,
            prompts=prompts,
            without=without,
            policies=policies,
            interventions=interventions,
            model_reporters={
                "away": Hurricane.away,
                "left": Hurricane.left,
                "visits_so_far": Hurricane.visits_so_far,
                "trips_so_far": Hurricane.trips_so_far,
            },
        )
        homes = Counter(
            int(self.city.places.zone[one.home]) for one in self.population if one.outsider is None
        )
        self.zones = zones_by_the_sea(self.city, homes, at_risk)
        self._announce(storm=storm, order=order, lead_h=lead_h, holiday=holiday)

    def step(self) -> None:
        """Let five minutes pass; the last step of the last day ends the run."""
        super().step()
        self.running = self.minute < self.days * DAY_MIN

    def state(self) -> dict[str, Any]:
        """Return what a save keeps besides what any city model has."""
        return {"days": self.days, "zones": list(self.zones)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.days, self.zones = state["days"], tuple(state["zones"])

    def away(self) -> int:
        """Return how many people stay at a refuge now."""
        return sum(map(_is_away, self.citizens))

    def left(self) -> float:
        """Return the share of those whose homes are at risk who stay at a refuge now."""
        zone = self.city.places.zone
        at_risk = [one for one in self.citizens if int(zone[one.persona.home]) in self.zones]
        return sum(map(_is_away, at_risk)) / max(len(at_risk), 1)

    def visits_so_far(self) -> int:
        """Return how many visits have ended."""
        return self.records.visits.added

    def trips_so_far(self) -> int:
        """Return how many trips have ended."""
        return self.records.trips.added

    def _announce(self, *, storm: bool, order: str, lead_h: float, holiday: bool) -> None:
        if holiday:
            self.intervene(*public_holiday(self.city, HOLIDAY))
        if storm:
            planned = storm_interventions(
                self.city,
                self.zones,
                order=order,
                lead_h=lead_h,
                peak_min=PEAK_MIN,
                clock=self.clock,
            )
            self.intervene(*planned)


def zones_by_the_sea(city: City, homes: Mapping[int, int], share: float) -> tuple[int, ...]:
    """Return the zones farthest to the west that hold a share of all people.

    Parameters
    ----------
    city : City
        The city; the sea is to its west.
    homes : mapping of int to int
        Number of people by zone.
    share : float
        Share of people, in [0, 1]; the zone with which it is reached is among them.

    Returns
    -------
    tuple of int
        Rows of zones, from west to east; none for a share of 0.
    """
    x: Any = city.zones.centroids[0]
    wanted, held = share * sum(homes.values()), 0
    found: list[int] = []
    for row in sorted(range(len(x)), key=lambda one: (float(x[one]), one)):
        if held >= wanted:
            break
        found.append(row)
        held += homes.get(row, 0)
    return tuple(found)


def _is_away(agent: CityAgent) -> bool:
    refuge = agent.citizen.now.refuge
    return refuge is not None and agent.present_at == refuge


def _check(*, citizens: int, days: int, order: str, at_risk: float, lead_h: float) -> None:
    checks = OptionChecks()
    checks.whole("citizens", citizens)
    checks.whole("days", days)
    checks.one_of("order", order, ORDERS)
    checks.number("at_risk", at_risk, most=1.0)
    checks.number("lead_h", lead_h, most=PEAK_MIN / HOUR_MIN)
    checks.finish()


MODEL = Hurricane

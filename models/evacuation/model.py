"""A flood at noon: people are warned, leave or stay, and come back when the water has gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from mesa_llm_city import City, CityModel, Clock, ConfigError, Population
from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.parameters import CityParameters, with_keywords
from mesa_llm_city.policies import Policy
from mesa_llm_city.simulation.interventions import Intervention, close, tell
from mesa_llm_city.simulation.place_query import zone_rows

__all__ = ["DAYS", "FLOODED_MIN", "MODEL", "Evacuation", "flood"]

DAYS = 3
"""Length of a run: the water comes on day 2, and people are back on day 3."""

FLOODED_MIN = DAY_MIN + 12 * HOUR_MIN
"""Minute at which the water comes: day 2, 12:00."""


def flood(zone: str | int, *, lead_min: int = 30) -> list[Intervention]:
    """Return a flood at noon of day 2: a warning, the closing of a zone, and the all-clear.

    Parameters
    ----------
    zone : str or int
        Name or row of the zone.
    lead_min : int, default 30
        How long before the water the warning comes, in minutes.
    """
    rising, gone = "The river will flood this area at noon. Leave now.", "The water has gone."
    warned = FLOODED_MIN - lead_min
    return [
        tell(at=warned, text=rising, danger=0.9, zone=zone, topic="flood"),
        close(start="day 2 12:00", end="day 3 6:00", zone=zone, text="flood"),
        tell(at="day 3 6:00", text=gone, topic="flood"),
    ]


class Evacuation(CityModel):
    """A city model in which the zone where most people live is flooded at noon of day 2.

    Parameters
    ----------
    citizens : int, default 300
        How many people to synthesise, unless `people` are given.
    days : int, default 3
        After so many days `running` turns false.
    flooded : bool, default True
        Whether there is a flood; without it this is the control, equal up to the warning.
    lead_min : int, default 30
        How long before the water the warning comes, in minutes.
    rng : int, optional
        Seed of the people and their luck.
    zone : str or int, optional
        Name or row of the zone that is flooded; that in which most people live by default.
    city : City, optional
        A city of one's own; a synthetic town of 1,000 places by default.
    people : Population, optional
        People of one's own.
    clock : Clock, optional
        Start date and length of a step.
    llm, prompts, without, policies, parameters, interventions : optional
        As in `CityModel`; interventions of one's own come beside the flood.
    **kwargs
        Parameters by dotted name, such as ``mind.warnings.ready_min``.

    Attributes
    ----------
    zone : int
        Row of the zone.
    warned_min : int
        Minute of the warning.

    Raises
    ------
    ConfigError
        If an option is outside its range, or there is no such zone.

    Examples
    --------
    >>> model = Evacuation(citizens=10, rng=7, city=City.synthetic(rng=1, places=300))
    >>> model.step()
    >>> model.inside()
    3
    """

    def __init__(
        self,
        citizens: int = 300,
        days: int = DAYS,
        flooded: bool = True,  # noqa: FBT001, FBT002 - an option of batch_run and of the page
        lead_min: int = 30,
        rng: int | None = None,
        *,
        zone: str | int | None = None,
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
        _check(citizens=citizens, days=days, lead_min=lead_min)
        own = city.parameters if parameters is None and city is not None else parameters
        tree = with_keywords(own, kwargs)
        self.days = days
        self.warned_min = FLOODED_MIN - lead_min
        super().__init__(
            City.synthetic(places=1000, parameters=tree) if city is None else city,
            citizens if people is None else people,
            rng=rng,
            clock=clock,
            llm=llm,
            prompts=prompts,
            without=without,
            policies=policies,
            parameters=tree,
            interventions=interventions,
            model_reporters={"inside": Evacuation.inside, "away": Evacuation.away},
        )
        self.zone = self._most_homes() if zone is None else zone_rows(self.city, zone)[0]
        if flooded:
            self.intervene(*flood(self.zone, lead_min=lead_min))

    def step(self) -> None:
        """Let five minutes pass; the last step of the last day ends the run."""
        super().step()
        self.running = self.minute < self.days * DAY_MIN

    def inside(self) -> int:
        """Return how many people are in the zone now."""
        zone = self.city.places.zone
        return sum(
            one.present_at is not None and int(zone[one.present_at]) == self.zone
            for one in self.citizens
        )

    def away(self) -> int:
        """Return how many people stay at a refuge now."""
        return sum(
            one.citizen.now.refuge is not None and one.present_at == one.citizen.now.refuge
            for one in self.citizens
        )

    def _most_homes(self) -> int:
        """Return the zone in which most people live; of equal ones the first."""
        zone = self.city.places.zone
        homes = Counter(int(zone[one.home]) for one in self.population if one.outsider is None)
        return min(homes, key=lambda row: (-homes[row], row))


def _check(*, citizens: int, days: int, lead_min: int) -> None:
    defects = [
        f"{name} must be at least {least}, got {value}"
        for name, value, least in (
            ("citizens", citizens, 1),
            ("days", days, 1),
            ("lead_min", lead_min, 0),
        )
        if value < least
    ]
    if defects:
        raise ConfigError("; ".join(defects))


MODEL = Evacuation

"""A million people live a day by rules, and some among them think, as a hurricane comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa_llm_city.models.metropolis.answers import scripted_llm
from mesa_llm_city.models.metropolis.snapshots import (
    HOURS,
    Grid,
    MetropolisDay,
    density,
    modes_by_hour,
    said,
    staying_in,
)
from mesa_llm_city.models.metropolis.storm import closings_and_warning, with_storm

from mesa_llm_city import City, CityModel, Clock, Crowd, Population
from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.option_checks import OptionChecks
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import CityParameters, with_keywords
from mesa_llm_city.policies import Policy
from mesa_llm_city.simulation.interventions import Intervention

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CITIZENS", "CROWD", "MODEL", "Metropolis"]

CROWD = 1_000_000
"""Number of people who live as rows."""

CITIZENS = 200
"""Number of people who think."""

_THINKING = ("react",)


class Metropolis(CityModel):
    """A city model in which a crowd and thinking citizens live, and a hurricane comes.

    The options before `city` are numbers, so that ``mesa.batch_run`` can vary them.

    Parameters
    ----------
    crowd : int or Crowd, default 1,000,000
        How many people live as rows, by rules alone; or who they are.
    citizens : int, default 200
        How many people live as agents and answer in words.
    days : int, default 1
        After so many days `running` turns false.
    warned : bool, default True
        Whether a hurricane comes and is warned of at noon; without it this is the control, with
        the same people and random numbers.
    rng : int, optional
        Seed of the people and of all random numbers of the run.
    city : City, optional
        A city of one's own; by default a town that is large enough (`City.for_people`).
    people : Population, optional
        Thinking people of one's own.
    clock : Clock, optional
        Start date and length of a step.
    llm, prompts : optional
        What answers, and what it is asked about. By default scripted answers, which are no
        language model, decide how people react to warnings and needs.
    without, policies, parameters, interventions : optional
        As in `CityModel`; interventions of one's own come beside the storm.
    **kwargs
        Parameters by dotted name, such as ``city.hurricane.max_wind_km_h``.

    Attributes
    ----------
    densities : dict of int to ndarray
        Number of rows in each cell of `grid` at the hours of `HOURS`, as they pass.
    grid : Grid
        Square cells over the city.

    Raises
    ------
    ConfigError
        If an option is outside its range.

    Examples
    --------
    >>> model = Metropolis(300, 5, rng=7, city=City.synthetic(rng=1, places=300))
    >>> model.step()
    >>> len(model.crowd), len(model.citizens)
    (300, 5)
    """

    def __init__(
        self,
        crowd: int | Crowd = CROWD,
        citizens: int = CITIZENS,
        days: int = 1,
        warned: bool = True,  # noqa: FBT001, FBT002 - an option of batch_run
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
        interventions: Iterable[Intervention | Mapping[str, object]] | None = None,
        # Mesa's page looks for this name to know that more arguments are taken.
        **kwargs: object,
    ) -> None:
        rows = crowd if isinstance(crowd, Crowd) else _checked(crowd)
        _check(citizens=citizens, days=days, warned=warned)
        own = city.parameters if parameters is None and city is not None else parameters
        tree = with_keywords(own, kwargs)
        when = Clock() if clock is None else clock
        town = City.for_people(_size(rows), parameters=tree) if city is None else city
        town = town.with_parameters(tree)
        self.days, self.densities = days, dict[int, Float]()
        self.grid = Grid.over(town)
        super().__init__(
            with_storm(town, when) if warned else town,
            citizens if people is None else people,
            rng=rng,
            clock=when,
            llm=scripted_llm() if llm is None else llm,
            prompts=_THINKING if llm is None else prompts,
            without=without,
            policies=policies,
            crowd=rows,
            interventions=interventions,
            model_reporters={"out": Metropolis.out, "on_the_way": Metropolis.on_the_way},
        )
        self.warned = warned
        if warned:
            self.intervene(*closings_and_warning(self.city, when))

    def step(self) -> None:
        """Let five minutes pass; the last step of the last day ends the run."""
        super().step()
        hour, over = divmod(self.minute, HOUR_MIN)
        if hour in HOURS and over < self.clock.step_min and hour not in self.densities:
            self.densities[hour] = density(self.crowd, self.grid)
        self.running = self.minute < self.days * DAY_MIN

    def state(self) -> dict[str, Any]:
        """Return what a save keeps besides what any city model has."""
        kept = {str(hour): one.tolist() for hour, one in self.densities.items()}
        return {"days": self.days, "warned": self.warned, "densities": kept}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.days, self.warned = state["days"], state["warned"]
        self.densities = {int(hour): np.array(one) for hour, one in state["densities"].items()}
        self.grid = Grid.over(self.city)

    def out(self) -> float:
        """Return the share of the crowd away from home now, those under way included."""
        crowd = self.crowd
        home, place = crowd.values("home"), crowd.values("place")
        return float(np.mean((place != home) | crowd.values("is_travelling")))

    def on_the_way(self) -> float:
        """Return the share of the crowd that is under way now."""
        return float(np.mean(self.crowd.values("is_travelling")))

    def day(self) -> MetropolisDay:
        """Return what is kept of the first day, for pictures and comparisons."""
        series = self.datacollector.get_model_vars_dataframe()
        series = series.loc[series["minute"] <= DAY_MIN, ["minute", "out", "on_the_way"]]
        return MetropolisDay(
            people=len(self.crowd),
            citizens=len(self.citizens),
            warned=self.warned,
            grid=self.grid,
            densities=dict(self.densities),
            series=series.reset_index(drop=True),
            modes=modes_by_hour(self.crowd),
            said=said(self),
            staying_in=staying_in(self.crowd),
            trips=self.crowd.trips_ended,
            digest=self.crowd.digest(),
        )

    def draw(self) -> Figure:
        """Return the picture of the run (see `pictures.draw_day`)."""
        from mesa_llm_city.models.metropolis.pictures import draw_day

        figure: Figure = draw_day(self.day())
        return figure


def _size(rows: Crowd) -> int:
    """Return the number of people that the town is made for."""
    return int(rows.people) if isinstance(rows.people, int) else CROWD


def _checked(crowd: object) -> Crowd:
    checks = OptionChecks()
    checks.whole("crowd", crowd)
    checks.finish()
    return Crowd(int(crowd))  # type: ignore[call-overload]


def _check(*, citizens: int, days: int, warned: bool) -> None:
    checks = OptionChecks()
    checks.whole("citizens", citizens, least=0)
    checks.whole("days", days)
    checks.switch("warned", warned)
    checks.finish()


MODEL = Metropolis

"""Changes of a population by yearly rates: who is born, dies, marries, moves or leaves today."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.population import BirthParameters, DeathParameters
from mesa_llm_city.population.categories import Gender
from mesa_llm_city.population.person_columns import household_streams
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.demography.careers import Careers

__all__ = ["Yearly", "birth_rates", "daily_chance", "death_rates", "has_birthday"]

_YEAR_DAYS = 365.25
_PER = 1000.0
_OWN = ("birth", "death", "marriage", "job", "arrival")
_SHARED = ("departure", "move", "separation")


def daily_chance(rate_per_year: Float | float) -> Float:
    """Return the chance that something happens on a day, of its rate in a year.

    ``1 - exp(-rate / 365.25)``.

    Parameters
    ----------
    rate_per_year : float or ndarray of float64
        Expected number of events in a year.

    Examples
    --------
    >>> float(daily_chance(365.25).round(3))
    0.632
    """
    return -np.expm1(-np.asarray(rate_per_year, dtype=np.float64) / _YEAR_DAYS)


def birth_rates(age: Int, parameters: BirthParameters) -> Float:
    """Return births in a year for each woman, by her age; normal in age, shape (n,).

    Parameters
    ----------
    age : ndarray of int64, shape (n,)
        In years.
    parameters : BirthParameters
        Children of a woman, mean age, its standard deviation, and the range of ages.

    Examples
    --------
    >>> rates = birth_rates(np.arange(120), BirthParameters(per_woman=1.33))
    >>> float(rates.sum().round(2)), int(rates.argmax())
    (1.33, 32)
    """
    score = (age - parameters.mean_age) / parameters.sd_age
    density = np.exp(-0.5 * score**2) / (parameters.sd_age * np.sqrt(2.0 * np.pi))
    able = (age >= parameters.from_age) & (age <= parameters.to_age)
    return np.where(able, parameters.per_woman * density, 0.0)


def death_rates(age: Int, parameters: DeathParameters) -> Float:
    """Return the risk of dying in a year by age (Gompertz 1825), shape (n,).

    ``factor * growth * exp(growth * (age - modal_age))``.

    Examples
    --------
    >>> death_rates(np.array([58, 88]), DeathParameters(factor=1.0)).round(4).tolist()
    [0.005, 0.1]
    """
    grown = np.exp(parameters.growth * (age - parameters.modal_age))
    risk: Float = parameters.factor * parameters.growth * grown
    return risk


def has_birthday(ids: Int, day_of_year: int, *, seed: int) -> NDArray[np.bool_]:
    """Return who has a birthday, each on the same day of every year, shape (n,).

    Parameters
    ----------
    ids : ndarray of int64, shape (n,)
        Ids of people.
    day_of_year : int
        From 1 to 365; on the last day of a leap year nobody has one.
    seed : int
        Seed of the run.
    """
    drawn = uniforms(seed, ids, "demography.birthday", 0, 1)[:, 0]
    found: NDArray[np.bool_] = np.floor(drawn * 365).astype(np.int64) + 1 == day_of_year
    return found


@dataclass(frozen=True, slots=True)
class _Today:
    """Citizens who are no outsiders, by rising id, and what is drawn for each of them today."""

    day: int
    agents: list[CityAgent]
    own: Mapping[str, Float]
    shared: Mapping[str, Float]

    def those(self, hit: NDArray[np.bool_]) -> list[CityAgent]:
        return [self.agents[row] for row in np.flatnonzero(hit).tolist()]


class Yearly(Careers):
    """What happens by itself, by the rates of ``population.demography``."""

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing happens by itself."""
        numbers = self.parameters
        return not (
            numbers.birthdays
            or numbers.births.per_woman
            or numbers.deaths.factor
            or numbers.marriages.per_1000
            or numbers.marriages.separations_per_1000
            or numbers.working_life.changes_per_1000
            or numbers.moves_per_1000
            or numbers.arrivals_per_1000
            or numbers.departures_per_1000
        )

    def live_step(self, start: int, end: int) -> None:
        """Let happen what happens by itself in a step, if its hour comes in it."""
        if self.is_at_rest:
            return
        day = (end - 1 - self._hour_min) // DAY_MIN
        if day >= 0 and start <= day * DAY_MIN + self._hour_min < end:
            self.live_day(day)

    def live_day(self, day: int) -> None:
        """Let happen what happens by itself on a day, whatever the hour.

        Parameters
        ----------
        day : int
            Days since the first one. What is drawn for a person depends on the seed, the
            person, the household and the day only.
        """
        # Not the minute of the step, so that steps of any length lead to the same lives.
        self._drawn_at = day * DAY_MIN + self._hour_min
        try:
            self._happen(self._today(day))
        finally:
            self._drawn_at = None

    @property
    def _hour_min(self) -> int:
        return round(self.parameters.hour_h * HOUR_MIN)

    def _happen(self, today: _Today) -> None:
        if not today.agents:
            return
        self._birthdays(today)
        self._deaths(today)
        self._births(today)
        self._departures(today)
        self._separations(today)
        self._marriages(today)
        self._moves(today)
        self._jobs(today)
        self._arrivals(today)

    def _today(self, day: int) -> _Today:
        agents = [one for one in self.model.residents.agents if one.persona.outsider is None]
        agents.sort(key=lambda agent: agent.person)
        seed = self.model.run_seed
        ids = np.array([agent.person for agent in agents], dtype=np.int64)
        households = np.array([agent.persona.household.id for agent in agents], dtype=np.int64)
        streams = household_streams(households)
        own = uniforms(seed, ids, "demography.day", day, len(_OWN))
        shared = uniforms(seed, streams, "demography.household", day, len(_SHARED))
        return _Today(
            day,
            agents,
            own=dict(zip(_OWN, own.T, strict=True)),
            shared=dict(zip(_SHARED, shared.T, strict=True)),
        )

    def _birthdays(self, today: _Today) -> None:
        if not self.parameters.birthdays:
            return
        ids = np.array([agent.person for agent in today.agents], dtype=np.int64)
        seed, (first, end) = self.model.run_seed, self._dates(today.day)
        dates = [first + timedelta(days=one) for one in range((end - first).days)]
        days = [one.timetuple().tm_yday for one in dates]
        born = [has_birthday(ids, one, seed=seed) for one in days]
        for agent in today.those(np.any(born, axis=0)):
            self.birthday(agent)

    def _chance(self, today: _Today, rate_per_year: Float | float) -> Float:
        """Return the chance that something happens in the days that this day stands for."""
        begin, end = self._dates(today.day)
        return daily_chance(np.asarray(rate_per_year, dtype=np.float64) * (end - begin).days)

    def _dates(self, day: int) -> tuple[date, date]:
        """Return the first date that a day stands for, and the first after it."""
        clock = self.model.clock
        return clock.stands_until(day - 1), clock.stands_until(day)

    def _deaths(self, today: _Today) -> None:
        chance = self._chance(today, death_rates(_ages(today.agents), self.parameters.deaths))
        for agent in today.those(today.own["death"] < chance):
            if not agent.is_removed:
                self.death(agent)

    def _births(self, today: _Today) -> None:
        rates = birth_rates(_ages(today.agents), self.parameters.births)
        women = np.array([one.persona.gender is Gender.FEMALE for one in today.agents])
        for agent in today.those(women & (today.own["birth"] < self._chance(today, rates))):
            if not agent.is_removed:
                self.birth(agent)

    def _departures(self, today: _Today) -> None:
        chance = self._chance(today, self.parameters.departures_per_1000 / _PER)
        for household in _households(today, today.shared["departure"] < chance):
            members = self.model.residents.household(household)
            self.move_out(members)

    def _moves(self, today: _Today) -> None:
        chance = self._chance(today, self.parameters.moves_per_1000 / _PER)
        for household in _households(today, today.shared["move"] < chance):
            if members := self.model.residents.household(household):
                self.move_house(members)

    def _separations(self, today: _Today) -> None:
        chance = self._chance(today, self.parameters.marriages.separations_per_1000 / _PER)
        for household in _households(today, today.shared["separation"] < chance):
            members = self.model.residents.household(household)
            couple = [one for one in members if self.partner_of(one) is not None]
            if couple:
                draw = float(self.rng(couple[0].person, "who leaves").random())
                self.separate(couple[int(draw * 2.0)])

    def _jobs(self, today: _Today) -> None:
        chance = self._chance(today, self.parameters.working_life.changes_per_1000 / _PER)
        for agent in today.those(today.own["job"] < chance):
            if not agent.is_removed and agent.persona.is_employed:
                self.change_job(agent)

    def _arrivals(self, today: _Today) -> None:
        """Let households come: each who lives there brings some, so many that people add up."""
        shares = self.marginals.household_size.items()
        size = math.fsum(int(members) * share for members, share in shares)
        chance = self._chance(today, self.parameters.arrivals_per_1000 / _PER / size)
        for agent in today.those(today.own["arrival"] < chance):
            self.move_in(self.newcomers(address=agent.person))

    def _marriages(self, today: _Today) -> None:
        # Each marriage begins with one of the two, so half of those who marry begin one.
        chance = self._chance(today, self.parameters.marriages.per_1000 / _PER / 2.0)
        for agent in today.those(today.own["marriage"] < chance):
            if self._is_free(agent) and (partner := self._drawn_partner(agent, today)):
                self.marry(agent, partner)

    def _is_free(self, agent: CityAgent) -> bool:
        numbers = self.parameters.marriages
        in_age = numbers.from_age <= agent.persona.age <= numbers.to_age
        return not agent.is_removed and in_age and self.partner_of(agent) is None

    def _drawn_partner(self, agent: CityAgent, today: _Today) -> CityAgent | None:
        """Draw a partner among those who are free, by age and whether they know each other."""
        home = agent.persona.household.id
        others = [
            one
            for one in today.agents
            if one is not agent and one.persona.household.id != home and self._is_free(one)
        ]
        if not others:
            return None
        ids = [one.person for one in others]
        purpose = f"demography.partner of {agent.person}"
        draws = uniforms(self.model.run_seed, ids, purpose, today.day, 1)[:, 0]
        times = -np.log1p(-draws) / self._odds(agent, others)
        return others[int(times.argmin())]

    def _odds(self, agent: CityAgent, others: Sequence[CityAgent]) -> Float:
        numbers, ties = self.parameters.marriages, agent.citizen.components.ties
        apart = (_ages(others) - agent.persona.age) / numbers.age_sd
        known = np.array([] if ties is None else ties.others)
        knows = np.isin([one.person for one in others], known)
        differ = np.array([one.persona.gender is not agent.persona.gender for one in others])
        odds = np.exp(-0.5 * apart**2) * np.where(knows, numbers.known_odds, 1.0)
        tiny = np.finfo(np.float64).tiny
        odds *= np.where(differ, 1.0, numbers.same_gender_odds)
        return np.asarray(np.maximum(odds, tiny), dtype=np.float64)


def _ages(agents: Sequence[CityAgent]) -> Int:
    return np.array([agent.persona.age for agent in agents], dtype=np.int64)


def _households(today: _Today, hit: NDArray[np.bool_]) -> list[int]:
    """Return the households of those for whom `hit` is true, once each, in order."""
    found = {agent.persona.household.id: None for agent in today.those(hit)}
    return list(found)

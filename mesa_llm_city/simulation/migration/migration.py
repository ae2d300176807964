"""Households of a city decide whether to leave, and those away whether to come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.household_move import HouseholdChoice, MigrantHousehold
from mesa_llm_city.migration.origins import Background, Origins, Settlement
from mesa_llm_city.population import Persona
from mesa_llm_city.simulation.migration.decided import Decided
from mesa_llm_city.simulation.migration.decision_dates import DecisionDates, Turn
from mesa_llm_city.simulation.migration.moves import Move
from mesa_llm_city.simulation.migration.register import ELSEWHERE, AwayHousehold, AwayRegister
from mesa_llm_city.simulation.migration.saved import SavedMigration
from mesa_llm_city.simulation.records import Records
from mesa_llm_city.simulation.residents import Residents

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.citizen.slots import MigrationDecider

__all__ = ["CITY", "Migration"]

CITY = "the city"
"""Name of the city in the tables of moves and decisions."""

_UNKNOWN = Background()


class Migration:
    """Lets households decide once a year, moves them, and keeps those away.

    Parameters
    ----------
    component_of : callable
        Returns the component in the slot ``migration`` of a person; None for none.
    origins : Origins
        Places and backgrounds when the run begins.
    seed : int
        Seed of the run.
    clock : Clock
        The calendar.
    residents : Residents
        Those who live in the city.
    records : Records
        Where decisions are written down.
    move_out : callable
        Takes the number of a household and a reason, lets it leave, and returns its members.
    move_in : callable
        Lets people live in the city.
    life_events : collection of str
        Kinds of the table of events after which a household reconsiders.

    Attributes
    ----------
    seed : int
        Seed of decisions from now on.
    away : AwayRegister
        Households that live elsewhere; enter some before the run for a city that draws people.
    moved : list of Move
        All moves so far.
    city : Settlement or None
        The city; replace it when its wages change.
    hometowns : dict of str to Settlement
        By name; replace one to change its wage, or to pay a subsidy there.
    backgrounds : dict of int to Background
        By id of the person; replace one to change an answer, such as a hukou.
    decided : dict of int to Decided
        The last decision of each household, by its number; a save does not keep them.
    """

    def __init__(
        self,
        component_of: Callable[[Persona], MigrationDecider | None],
        origins: Origins,
        *,
        seed: int,
        clock: Clock,
        residents: Residents,
        records: Records,
        move_out: Callable[[int, str], Sequence[Persona]],
        move_in: Callable[[Sequence[Persona]], object],
        life_events: Collection[str] = (),
    ) -> None:
        self.away = AwayRegister()
        self.moved: list[Move] = []
        self.decided: dict[int, Decided] = {}
        self.city: Settlement | None = origins.city
        self.hometowns = {one.name: one for one in origins.hometowns}
        self.backgrounds = dict(origins.backgrounds)
        self._component_of, self.seed, self._clock = component_of, seed, clock
        self._residents, self._records = residents, records
        self._move_out, self._move_in = move_out, move_in
        self._dates = DecisionDates(seed=seed, start=clock.start)
        self._life_events, self._read_events = frozenset(life_events), 0

    def keep_away(self, people: Iterable[Persona], *, place: str = "", reason: str = "") -> None:
        """Enter people who live elsewhere and may come, household by household.

        Parameters
        ----------
        people : iterable of Persona
            The people, who do not live in the city; home and work are those they would have.
        place : str, default ""
            Name of the hometown where they live; by default that of the household.
        reason : str, default ""
            Why they have left.

        Raises
        ------
        ConfigError
            If one of them lives in the city.
        """
        households: dict[int, list[Persona]] = {}
        for one in people:
            if one.id in self._residents.by_id:
                message = f"person {one.id} lives in the city; let the household leave instead"
                raise ConfigError(message)
            households.setdefault(one.household.id, []).append(one)
        today = self._clock.date_of(self._clock.day(self._residents.now))
        for members in households.values():
            where = place or self._hometown(members) or ELSEWHERE
            self.away.enter(members, since=today, place=where, reason=reason)

    def reconsider(self, households: Iterable[int]) -> None:
        """Let households decide at the next midnight, if they have not done so this year.

        Call it when something has happened to them, such as a birth or a lost job. Life events
        set off migration (Kley 2011, European Sociological Review 27(4), 469-486).
        """
        for one in households:
            self._dates.reconsider(one)

    def decide_due(self, minute: int) -> None:
        """Let all households decide whose date has passed, and move those that wish to.

        Parameters
        ----------
        minute : int
            The midnight that ends a day. All dates that this day stands for have passed.
        """
        self._read_life_events()
        until = self._clock.stands_until(self._clock.day(minute) - 1)
        known = {*self._of_city(), *(one.id for one in self.away)}
        for turns in self._dates.turns(known, until):
            self._decide(turns, minute)

    def _read_life_events(self) -> None:
        """Let the households reconsider to which something has happened."""
        if len(self._records.events) > self._read_events:
            new = self._records.events.since(self._read_events)
            self._read_events += len(new)
            happened = new[new["event"].isin(self._life_events)]
            self.reconsider(happened["household"].tolist())

    def moves(self) -> pd.DataFrame:
        """Return all moves of households (see `Move`)."""
        import pandas as pd

        frame = pd.DataFrame(self.moved, columns=list(Move._fields))
        return frame.assign(date=pd.to_datetime(frame["date"]))

    def household(self, household: int, today: date | None = None) -> MigrantHousehold:
        """Return a household as a component sees it.

        Parameters
        ----------
        household : int
            Number of a household that lives in the city or is away.
        today : datetime.date, optional
            The date, for ages of people away; by default as they were entered.

        Notes
        -----
        A household of which some are away is in the city, until the others leave too.
        """
        return self._now(household, self._of_city(), today)

    def _of_city(self) -> dict[int, list[Persona]]:
        """Return the members of each household that lives in the city, by rising id."""
        households: dict[int, list[Persona]] = {}
        for person in sorted(self._residents.by_id):
            persona = self._residents.by_id[person].persona
            if persona.outsider is None:
                households.setdefault(persona.household.id, []).append(persona)
        return households

    def _hometown(self, people: Sequence[Persona]) -> str:
        """Return the first hometown of a household that is known, by rising id of the person."""
        named = (self._background(one).hometown for one in people)
        return next(filter(None, named), "")

    def _background(self, person: Persona) -> Background:
        return self.backgrounds.get(person.id, _UNKNOWN)

    def _seen(
        self, household: int, people: tuple[Persona, ...], *, is_home: bool, place: str
    ) -> MigrantHousehold:
        return MigrantHousehold(
            id=household,
            people=people,
            answers=tuple(self._background(one).answers for one in people),
            is_home=is_home,
            city=self.city,
            hometown=self.hometowns.get(place),
        )

    def _decide(self, turns: Sequence[Turn], minute: int) -> None:
        """Let households decide at the same time, and then move one after another."""
        living, chosen = self._of_city(), dict[int, HouseholdChoice]()
        seen = {one.household: self._now(one.household, living, one.when) for one in turns}
        for component, some in self._by_component(turns, seen):
            decided = run(
                component.decide_moves(
                    [seen[one.household] for one in some],
                    seed=self.seed,
                    step=[(one.when - self._clock.start).days for one in some],
                )
            )
            chosen |= {one.household: one for one in decided}
        for turn in turns:
            if turn.household in chosen:
                household, choice = seen[turn.household], chosen[turn.household]
                self._dates.noted(turn)
                self.decided[turn.household] = Decided(minute, household, choice)
                self._carry_out(turn, household, choice, minute)

    def _now(
        self, household: int, living: Mapping[int, Sequence[Persona]], today: date | None
    ) -> MigrantHousehold:
        if household in living:
            people = tuple(living[household])
            return self._seen(household, people, is_home=False, place=self._hometown(people))
        away = self.away[household]
        people = away.people if today is None else away.aged(today)
        return self._seen(household, people, is_home=True, place=away.place)

    def _by_component(
        self, turns: Sequence[Turn], seen: Mapping[int, MigrantHousehold]
    ) -> list[tuple[MigrationDecider, list[Turn]]]:
        """Return households by component: that of the oldest member decides for all."""
        groups: dict[int, tuple[MigrationDecider, list[Turn]]] = {}
        for turn in turns:
            oldest = max(seen[turn.household].people, key=lambda one: (one.age, -one.id))
            component = self._component_of(oldest)
            if component is not None:
                groups.setdefault(id(component), (component, []))[1].append(turn)
        return list(groups.values())

    def _carry_out(
        self,
        turn: Turn,
        household: MigrantHousehold,
        choice: HouseholdChoice,
        minute: int,
    ) -> None:
        place = self._place_of(household)
        origin, destination = (place, CITY) if household.is_home else (CITY, place)
        words = f"move to {destination}" if choice.is_moving else f"stay in {origin}"
        for person, source, reason in choice.members:
            why = f"{reason}; " * bool(reason) + f"risk {choice.risk:.3f} a year, p {choice.p:.3f}"
            self._records.decisions.add((person, minute, "migration", source, words, why))
        if not choice.is_moving:
            return
        first = choice.members[0]
        self.moved.append(
            Move(
                *(turn.when, minute, household.id, len(household.people), origin, destination),
                *(choice.p, choice.risk, first.source, first.reason),
            )
        )
        if household.is_home:
            self._come(household, turn.when)
        else:
            self._leave(household, first.reason, turn.when)

    def _place_of(self, household: MigrantHousehold) -> str:
        if household.is_home:
            return self.away[household.id].place
        return ELSEWHERE if household.hometown is None else household.hometown.name

    def _leave(self, household: MigrantHousehold, reason: str, today: date) -> None:
        place = self._place_of(household)
        people = self._move_out(household.id, f"to {place}: {reason}")
        self.away.enter(people, since=today, place=place, reason=reason)

    def _come(self, household: MigrantHousehold, today: date) -> None:
        away: AwayHousehold = self.away.strike(household.id)
        self._move_in(away.aged(today))

    def change_answers(self, person: int, **answers: float | str | None) -> None:
        """Change answers of a person, such as ``change_answers(3, hukou=0)``."""
        before = self.backgrounds.get(person, _UNKNOWN)
        self.backgrounds[person] = replace(before, answers={**before.answers, **answers})

    def state(self) -> dict[str, Any]:
        """Return everything that changes over a run, as JSON-able values."""
        return SavedMigration(
            away=tuple(self.away),
            moved=tuple(self.moved),
            city=self.city,
            hometowns=tuple(self.hometowns.values()),
            backgrounds=self.backgrounds,
            dates=self._dates.state(),
            read_events=self._read_events,
            seed=self.seed,
        ).to_json()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned.

        Raises
        ------
        DataError
            If it is something else.
        """
        saved = SavedMigration.from_json(state)
        self.away = AwayRegister(saved.away)
        self.moved = list(saved.moved)
        self.city, self.hometowns = saved.city, {one.name: one for one in saved.hometowns}
        self.backgrounds = dict(saved.backgrounds)
        self._dates.restore(saved.dates)
        self._read_events, self.seed = saved.read_events, saved.seed

"""A run of the city and its villages as the page of migration sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from mesa_llm_city.models.city_and_village.model import CityAndVillage
from mesa_llm_city.models.return_migration.places import Place

from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.household_move import HouseholdMigration, surroundings_of
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.simulation.migration.decided import Decided
from mesa_llm_city.simulation.migration.migration import CITY
from mesa_llm_city.ui.migration.course import EVERYBODY
from mesa_llm_city.ui.migration.driving import drivers_of
from mesa_llm_city.ui.migration.story import Considered, Drivers, Moved, Region

__all__ = ["VillageRun"]

_DECADE = 10  # years of an age group
_HUKOU = {1.0: "agricultural", 0.0: "non-agricultural"}


class VillageRun:
    """A run of `CityAndVillage`, year by year.

    Parameters
    ----------
    model : CityAndVillage
        The model, at its start.

    Attributes
    ----------
    model : CityAndVillage
        As given.
    groups : dict of str to dict of int to str
        Group of each person at the start, by grouping and id.
    """

    def __init__(self, model: CityAndVillage) -> None:
        self.model = model
        self._decided: list[list[Decided]] = []
        self._moves_before = 0
        self.groups = self._groups()

    @property
    def year(self) -> int:
        """Years since the start."""
        return len(self._decided)

    @property
    def years(self) -> int:
        """Years after which the run ends."""
        years: int = self.model.years
        return years

    @property
    def decision(self) -> MigrationDecision:
        """What decides."""
        return self._component().decision

    @property
    def rows(self) -> SurveyTable:
        """The people as rows of the survey."""
        rows: SurveyTable = self.model.survey_table
        return rows

    def step(self) -> None:
        """Let the lived days of a year pass."""
        self._moves_before = len(self.model.migration.moved)
        began, minute = self.model.elapsed_years, self.model.minute
        while self.model.running and self.model.elapsed_years == began:
            self.model.step()
        decided = self.model.migration.decided
        self._decided.append(
            [decided[one] for one in sorted(decided) if decided[one].minute > minute]
        )

    def set_lever(self, name: str, value: float) -> None:
        """Set a lever of policy, which acts from the next year on."""
        setattr(self.model, name, value)

    def regions(self) -> Sequence[Region]:
        """Return the city and its villages."""
        town = self.model.town
        belong = Counter(self.groups["village"].values())
        return [
            Region(CITY, town.kind, town.where_km, _facts(town)),
            *(
                Region(one.name, one.kind, one.where_km, _facts(one), belong[one.name])
                for one in self.model.villages
            ),
        ]

    def population(self) -> Mapping[str, int]:
        """Return the number of people who live in each place."""
        people = Counter({CITY: self.model.in_city})
        for household in self.model.migration.away:
            people[household.place] += len(household.people)
        return people

    def moves(self) -> Sequence[Moved]:
        """Return the moves of the last year."""
        people: Counter[tuple[str, str]] = Counter()
        for one in self.model.migration.moved[self._moves_before :]:
            people[one.origin, one.destination] += one.people
        return [
            Moved(self.year, origin, to, count, to != CITY)
            for (origin, to), count in sorted(people.items())
        ]

    def considered(self) -> Sequence[Considered]:
        """Return what was decided in the last year."""
        last = self._decided[-1] if self._decided else []
        return [_considered(one) for one in last if one.choice.members]

    def drivers(self, year: int, key: int) -> Drivers | None:
        """Return what drove the decision of a household in a year."""
        decided = self._decided[year - 1] if 1 <= year <= self.year else []
        found = next((one for one in decided if one.household.id == key), None)
        if found is None or not found.choice.members:
            return None
        household, people = found.household, {one.person for one in found.choice.members}
        rows = [row for row, one in enumerate(household.people) if one.id in people]
        knows_places = household.city is not None and household.hometown is not None
        return drivers_of(
            self.decision,
            self._component().rows(household).take(rows),
            surroundings_of([household], [len(rows)]) if knows_places else None,
        )

    def shares(self) -> Mapping[str, Mapping[str, float]]:
        """Return the share at home of each group; people keep their group of the start."""
        away = self.model.migration.away
        home = {one.id for household in away for one in household.people}
        shares = {EVERYBODY: {EVERYBODY: self.model.home_share}}
        for by, groups in self.groups.items():
            total = Counter(groups.values())
            there = Counter(groups[one] for one in home if one in groups)
            shares[by] = {name: there[name] / total[name] for name in sorted(total)}
        return shares

    def cost(self) -> float:
        """Return the subsidy that is paid this year, in RMB."""
        paid: float = self.model.subsidy_paid
        return paid

    def _component(self) -> HouseholdMigration:
        component = self.model.registration.setup.components["migration"]
        assert isinstance(component, HouseholdMigration)  # noqa: S101 - the model's own
        return component

    def _groups(self) -> dict[str, dict[int, str]]:
        away = self.model.migration.away
        people = [one.persona for one in self.model.citizens]
        people += [one for household in away for one in household.people]
        known = self.model.migration.backgrounds
        return {
            "age": {one.id: _decade(one.age) for one in people},
            "village": {one.id: known[one.id].hometown or "none" for one in people},
            "hukou": {
                one.id: _HUKOU.get(known[one.id].answers.get("hukou"), "missing") for one in people
            },
        }


def _considered(one: Decided) -> Considered:
    household, choice = one.household, one.choice
    hometown = CITY if household.hometown is None else household.hometown.name
    return Considered(
        key=household.id,
        persons=tuple(member.person for member in choice.members),
        place=hometown if household.is_home else CITY,
        is_home=household.is_home,
        p=choice.p,
        risk=choice.risk,
        moves=choice.is_moving,
        decided_by=choice.members[0].source,
        reason=choice.members[0].reason,
    )


def _facts(place: Place) -> Mapping[str, str]:
    return {"wage": f"{place.wage:,.0f} RMB a year", "price level": f"{place.price:.2f}"}


def _decade(age: int) -> str:
    first = _DECADE * (age // _DECADE)
    return f"{first} to {first + _DECADE - 1}"

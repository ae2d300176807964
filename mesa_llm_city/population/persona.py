"""One person: demography, household, home and workplace, personality and habits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from mesa_llm_city.core.clock import clock_time
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.population import LifeStageParameters
from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.categories import (
    EMPLOYED,
    Education,
    Gender,
    LifeStage,
    Occupation,
    Role,
)
from mesa_llm_city.population.outsiders.outsider import RESIDENT, Outsider, OutsiderRole
from mesa_llm_city.population.schedules.habits import Habits, Preferences

__all__ = ["Household", "Persona"]

_EVEN = BigFive()
_USUAL = Habits()
_STAGES = LifeStageParameters()
_GROWN_UP_AGE = 18  # in words only: girl, boy or child below it


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """The household a person belongs to.

    Parameters
    ----------
    id : int
        The same for all its members.
    size : int
        Number of members, those outside the population included.
    role : Role
        The person's position in it.
    youngest_child : int, optional
        Age in years of its youngest member in the role of a child; None without any.
    """

    id: int
    size: int = 1
    role: Role = Role.SINGLE
    youngest_child: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A person, as a table describes or the synthesis makes them (CitySim, sec. 3.1.1).

    Parameters
    ----------
    id : int
        Unique and non-negative; names the person in tables and random streams.
    name : str
        Given name and surname.
    age : int
        In years.
    gender : Gender
        Female, male or other.
    occupation : Occupation
        Main occupation.
    education : Education
        Highest schooling completed.
    income : float
        Per month, in units of the median income of the employed (1.0 is the
        median); 0 for none.
    household : Household
        The household the person belongs to.
    home : int
        Place id of the residence; of an outsider, of the gate.
    work : int or None
        Place id of work or school; `home` for those who work at home.
    big_five : BigFive
        Personality, levels 1 to 3.
    habits : Habits
        When the person sleeps, works and eats, and how they like to spend free time.
    hobbies : tuple of str
        Names of hobbies, of those in ``population.hobbies``.
    has_car : bool
        Whether the household keeps a car; driving it needs a licence.
    has_bicycle : bool
        Whether the person owns a bicycle.
    has_licence : bool
        Whether the person may drive.
    outsider : Outsider, optional
        When an outsider enters the district, and why; None for residents.

    Examples
    --------
    >>> anna = Persona(
    ...     id=3, name="Anna Sato", age=34, gender=Gender.FEMALE,
    ...     occupation=Occupation.OFFICE_WORKER, education=Education.TERTIARY, income=1.1,
    ...     household=Household(id=0), home=12, work=40, hobbies=("museums",),
    ...     habits=Habits(work_days=0b0011111, work_start_min=540, work_minutes=540),
    ... )
    >>> anna.life_stage()
    <LifeStage.YOUNG_ADULT: 'young_adult'>
    >>> print(anna.describe())
    Anna Sato is a 34-year-old woman, an office worker with tertiary education and 1.1 times ...
    """

    id: int
    name: str
    age: int
    gender: Gender
    occupation: Occupation
    education: Education
    income: float
    household: Household
    home: int
    work: int | None = None
    big_five: BigFive = _EVEN
    habits: Habits = _USUAL
    hobbies: tuple[str, ...] = ()
    has_car: bool = False
    has_bicycle: bool = False
    has_licence: bool = False
    outsider: Outsider | None = None

    @property
    def home_inside(self) -> int | None:
        """Place id of the residence; None for outsiders, who have none in the district."""
        return self.home if self.outsider is None else None

    @property
    def is_employed(self) -> bool:
        """Whether the person works for an income."""
        return self.occupation in EMPLOYED

    @property
    def preferences(self) -> Preferences:
        """How much the person likes what free time can be spent on (see `Habits`)."""
        return self.habits.preferences

    def life_stage(self, parameters: LifeStageParameters = _STAGES) -> LifeStage:
        """Return the stage of life, by age, occupation and household role.

        Parameters
        ----------
        parameters : LifeStageParameters, optional
            Ages at which stages begin.
        """
        if self.age < parameters.adult_from:
            is_child = self.age < parameters.teenager_from
            return LifeStage.CHILD if is_child else LifeStage.TEENAGER
        if self.age >= parameters.older_from or self.occupation is Occupation.RETIRED:
            return LifeStage.OLDER_ADULT
        if self.occupation is Occupation.STUDENT:
            return LifeStage.STUDENT
        if self.household.role is Role.PARENT:
            return LifeStage.PARENT
        is_young = self.age < parameters.middle_aged_from
        return LifeStage.YOUNG_ADULT if is_young else LifeStage.MIDDLE_AGED

    def generic(self, parameters: CityParameters | None = None) -> Persona:
        """Return a person with the same demography and duties, but no individuality.

        Traits are medium and hobbies none, preferences and meals out those of people of
        whom nothing is known, and an income is the median. Runs without personas use it.

        Parameters
        ----------
        parameters : CityParameters, optional
            With the usual habits.
        """
        tree = parameters or default_parameters()
        usual = tree.population.schedules.usual
        habits = replace(self.habits, eats_out=usual.eats_out, preferences=Preferences())
        income = 1.0 if self.income else 0.0
        return replace(self, big_five=_EVEN, habits=habits, hobbies=(), income=income)

    def describe(self) -> str:
        """Return the person in two plain sentences."""
        enters = "" if self.outsider is None else f" {_ENTERS[self.outsider.role]}"
        return f"{self._demography()} {self._character()}{enters}"

    def _demography(self) -> str:
        schooling = "no completed" if self.education is Education.NONE else self.education
        income = f"{self.income:.1f} times the median income" if self.income else "no income"
        return (
            f"{self.name} is {_article(self.age)} {self.age}-year-old {self._noun()}, "
            f"{_JOB[self.occupation]} with {schooling} education and {income}, "
            f"living {_home_words(self.household)}."
        )

    def _noun(self) -> str:
        return (_ADULTS if self.age >= _GROWN_UP_AGE else _MINORS)[self.gender]

    def _character(self) -> str:
        habits = self.habits
        traits = _series(self.big_five.words()) or "of even temper"
        likes = f", likes {_series(self.hobbies)}" if self.hobbies else ""
        return (
            f"{self.name.split()[0]} is {traits}{likes}, sleeps from "
            f"{clock_time(habits.bed_min)} to {clock_time(habits.wake_min)}, "
            f"and {_work_words(habits)}."
        )

    def to_row(self) -> dict[str, Any]:
        """Return the person as one flat row, with the columns of a table of people.

        Preferences that the person has no weight for are left out.
        """
        household, habits = self.household, self.habits
        return {
            "id": self.id,
            "name": self.name,
            "age": self.age,
            "gender": str(self.gender),
            "occupation": str(self.occupation),
            "education": str(self.education),
            "income": self.income,
            "household_id": household.id,
            "household_size": household.size,
            "household_role": str(household.role),
            "home_place": self.home,
            "work_place": self.work,
            **self.big_five._asdict(),
            "hobbies": "; ".join(self.hobbies) or "none",
            "has_car": self.has_car,
            "has_bicycle": self.has_bicycle,
            "has_licence": self.has_licence,
            **habits.to_row(),
            "role": RESIDENT if self.outsider is None else str(self.outsider.role),
        }


_ADULTS = {Gender.FEMALE: "woman", Gender.MALE: "man", Gender.OTHER: "person"}
_MINORS = {Gender.FEMALE: "girl", Gender.MALE: "boy", Gender.OTHER: "child"}
_JOB = {
    Occupation.INFANT: "not yet at school",
    Occupation.PUPIL: "a pupil",
    Occupation.STUDENT: "a student",
    Occupation.OFFICE_WORKER: "an office worker",
    Occupation.SERVICE_WORKER: "a service worker",
    Occupation.SHIFT_WORKER: "a shift worker",
    Occupation.SELF_EMPLOYED: "self-employed",
    Occupation.HOMEMAKER: "a homemaker",
    Occupation.UNEMPLOYED: "out of work",
    Occupation.RETIRED: "retired",
}
_ENTERS = {
    OutsiderRole.COMMUTER: "The home lies outside the district, which is where the work is.",
    OutsiderRole.VISITOR: "The home lies outside the district, which is visited for some hours.",
}


def _article(age: int) -> str:
    return "an" if age in {8, 11, 18} or 80 <= age < 90 else "a"


def _series(words: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _home_words(household: Household) -> str:
    if household.size == 1:
        return "alone"
    return f"in a household of {household.size} as {_ROLE[household.role]}"


_ROLE = {
    Role.SINGLE: "its head",
    Role.PARTNER: "a partner",
    Role.PARENT: "a parent",
    Role.CHILD: "a child",
    Role.OTHER: "another member",
}


def _work_words(habits: Habits) -> str:
    if not habits.work_days:
        return "has no fixed hours"
    end_min = habits.work_start_min + habits.work_minutes
    days = habits.work_days.bit_count()
    hours = f"{clock_time(habits.work_start_min)} to {clock_time(end_min)}"
    return f"is at work or school from {hours} on {days} days a week"

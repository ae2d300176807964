"""Five example persons with very different days (CitySim, appendix C.3, figure 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.categories import Education, Gender, Occupation, Role
from mesa_llm_city.population.persona import Household, Persona
from mesa_llm_city.population.schedules.habits import Habits

__all__ = ["PROFILES", "profile"]

_WEEKDAYS = 0b0011111
_SHIFTS = 0b0101111

PROFILES: Mapping[str, Persona] = MappingProxyType(
    {
        "office worker": Persona(
            id=1,
            name="Aya Mori",
            age=44,
            gender=Gender.FEMALE,
            occupation=Occupation.OFFICE_WORKER,
            education=Education.TERTIARY,
            income=1.3,
            household=Household(id=1),
            home=0,
            big_five=BigFive(conscientiousness=3),
            habits=Habits(
                wake_min=390,
                bed_min=1400,
                work_days=_WEEKDAYS,
                work_start_min=540,
                work_minutes=540,
                lunch_min=735,
                dinner_min=1170,
            ),
        ),
        "school student": Persona(
            id=2,
            name="Ken Sato",
            age=16,
            gender=Gender.MALE,
            occupation=Occupation.PUPIL,
            education=Education.PRIMARY,
            income=0.0,
            household=Household(id=2, size=3, role=Role.CHILD),
            home=0,
            big_five=BigFive(extraversion=3),
            habits=Habits(
                wake_min=415,
                bed_min=1410,
                work_days=_WEEKDAYS,
                work_start_min=510,
                work_minutes=420,
                lunch_min=740,
                dinner_min=1140,
            ),
        ),
        "night-shift nurse": Persona(
            id=3,
            name="Nora Ward",
            age=38,
            gender=Gender.FEMALE,
            occupation=Occupation.SHIFT_WORKER,
            education=Education.TERTIARY,
            income=1.0,
            household=Household(id=3),
            home=0,
            big_five=BigFive(agreeableness=3),
            habits=Habits(
                wake_min=930,
                bed_min=1890,
                work_days=_SHIFTS,
                work_start_min=1320,
                work_minutes=480,
                lunch_min=1560,
                dinner_min=1170,
            ),
        ),
        "freelance designer": Persona(
            id=4,
            name="Leo Blum",
            age=31,
            gender=Gender.MALE,
            occupation=Occupation.SELF_EMPLOYED,
            education=Education.TERTIARY,
            income=0.8,
            household=Household(id=4),
            home=0,
            work=0,
            big_five=BigFive(openness=3, conscientiousness=1),
            habits=Habits(
                wake_min=535,
                bed_min=1530,
                work_days=0b0110111,
                work_start_min=660,
                work_minutes=360,
                lunch_min=820,
                dinner_min=1230,
                eats_out=0.4,
            ),
        ),
        "retired senior": Persona(
            id=5,
            name="Cora Diaz",
            age=72,
            gender=Gender.FEMALE,
            occupation=Occupation.RETIRED,
            education=Education.SECONDARY,
            income=0.6,
            household=Household(id=5, size=3, role=Role.OTHER),
            home=0,
            big_five=BigFive(agreeableness=3, neuroticism=1),
            habits=Habits(wake_min=375, bed_min=1330, lunch_min=720, dinner_min=1095),
        ),
    }
)
"""The five persons by name; their homes are place 0 until `profile` gives them one. All
numbers are assumptions."""


def profile(name: str, *, home: int, work: int | None = None) -> Persona:
    """Return one of the five persons, with a home and a workplace.

    Parameters
    ----------
    name : str
        A key of `PROFILES`.
    home : int
        Place id of the residence.
    work : int, optional
        Place id of work or school; the designer works at home instead.

    Examples
    --------
    >>> profile("night-shift nurse", home=12, work=40).habits.work_start_min // 60
    22
    """
    person = PROFILES[name]
    at = home if person.work == person.home else work
    return replace(person, home=home, work=at)

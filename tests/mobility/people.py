"""Four people whose days differ."""

from __future__ import annotations

from mesa_llm_city.population import Education, Gender, Habits, Household, Occupation, Persona


def clerk() -> Persona:
    """Work from nine to six, Monday to Friday."""
    return Persona(
        id=1,
        name="Aya Mori",
        age=34,
        gender=Gender.FEMALE,
        occupation=Occupation.OFFICE_WORKER,
        education=Education.TERTIARY,
        income=1.1,
        household=Household(id=1),
        home=10,
        work=20,
        has_car=True,
        has_licence=True,
        has_bicycle=True,
        habits=Habits(
            wake_min=390, bed_min=1400, work_days=0b0011111, work_start_min=540, work_minutes=540
        ),
    )


def nurse() -> Persona:
    """Work from ten at night to six in the morning."""
    return Persona(
        id=2,
        name="Ben Lund",
        age=41,
        gender=Gender.MALE,
        occupation=Occupation.SHIFT_WORKER,
        education=Education.SECONDARY,
        income=0.9,
        household=Household(id=2),
        home=11,
        work=21,
        habits=Habits(
            wake_min=900,
            bed_min=1890,
            work_days=0b0011111,
            work_start_min=1320,
            work_minutes=480,
            lunch_min=1080,
            dinner_min=1560,
        ),
    )


def pensioner() -> Persona:
    """Keep no fixed hours."""
    return Persona(
        id=3,
        name="Cora Diaz",
        age=71,
        gender=Gender.FEMALE,
        occupation=Occupation.RETIRED,
        education=Education.SECONDARY,
        income=0.6,
        household=Household(id=3),
        home=12,
    )


def pupil() -> Persona:
    """Go to school from half past eight."""
    return Persona(
        id=4,
        name="Dai Ito",
        age=11,
        gender=Gender.MALE,
        occupation=Occupation.PUPIL,
        education=Education.NONE,
        income=0.0,
        household=Household(id=4),
        home=13,
        work=22,
        habits=Habits(
            wake_min=410, bed_min=1290, work_days=0b0011111, work_start_min=510, work_minutes=420
        ),
    )

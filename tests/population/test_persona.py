"""One person."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.population import LifeStageParameters
from mesa_llm_city.population import (
    BigFive,
    Education,
    Gender,
    Habits,
    Household,
    LifeStage,
    Occupation,
    Persona,
    Role,
)

ANNA = Persona(
    id=3,
    name="Anna Sato",
    age=18,
    gender=Gender.FEMALE,
    occupation=Occupation.OFFICE_WORKER,
    education=Education.SECONDARY,
    income=1.24,
    household=Household(id=5, size=3, role=Role.CHILD),
    home=12,
    work=40,
    big_five=BigFive(3, 2, 1, 2, 2),
    habits=Habits(work_days=0b11111, work_start_min=540, work_minutes=540),
    hobbies=("museums", "running", "music"),
)


def test_a_person_is_described_in_two_plain_sentences() -> None:
    assert ANNA.describe() == (
        "Anna Sato is an 18-year-old woman, an office worker with secondary education and 1.2 "
        "times the median income, living in a household of 3 as a child. Anna is open to new "
        "things and reserved, likes museums, running and music, sleeps from 23:10 to 06:40, and "
        "is at work or school from 09:00 to 18:00 on 5 days a week."
    )


def test_a_child_without_hobbies_or_income_reads_well() -> None:
    boy = replace(
        ANNA,
        age=4,
        gender=Gender.MALE,
        occupation=Occupation.INFANT,
        education=Education.NONE,
        income=0.0,
        big_five=BigFive(),
        habits=Habits(),
        hobbies=(),
    )
    assert "a 4-year-old boy, not yet at school with no completed education" in boy.describe()
    assert "Anna is of even temper, sleeps from" in boy.describe()
    assert boy.describe().endswith("and has no fixed hours.")


@pytest.mark.parametrize(
    ("age", "occupation", "role", "stage"),
    [
        (8, Occupation.PUPIL, Role.CHILD, LifeStage.CHILD),
        (15, Occupation.PUPIL, Role.CHILD, LifeStage.TEENAGER),
        (20, Occupation.STUDENT, Role.SINGLE, LifeStage.STUDENT),
        (27, Occupation.OFFICE_WORKER, Role.PARTNER, LifeStage.YOUNG_ADULT),
        (30, Occupation.HOMEMAKER, Role.PARENT, LifeStage.PARENT),
        (50, Occupation.SHIFT_WORKER, Role.SINGLE, LifeStage.MIDDLE_AGED),
        (60, Occupation.RETIRED, Role.PARTNER, LifeStage.OLDER_ADULT),
        (70, Occupation.SELF_EMPLOYED, Role.PARTNER, LifeStage.OLDER_ADULT),
    ],
)
def test_the_life_stage_follows_from_age_role_and_occupation(
    age: int, occupation: Occupation, role: Role, stage: LifeStage
) -> None:
    household = Household(id=1, size=1 if role is Role.SINGLE else 2, role=role)
    assert replace(ANNA, age=age, occupation=occupation, household=household).life_stage() is stage


def test_stages_of_life_begin_at_the_ages_of_the_parameters() -> None:
    late = LifeStageParameters(middle_aged_from=45, older_from=75)
    worker = replace(ANNA, age=40, household=Household(id=1))
    assert worker.life_stage() is LifeStage.MIDDLE_AGED
    assert worker.life_stage(late) is LifeStage.YOUNG_ADULT
    assert replace(worker, age=70).life_stage(late) is LifeStage.MIDDLE_AGED


def test_a_generic_person_keeps_demography_and_hours_and_nothing_individual() -> None:
    usual = CityParameters.from_dotted({"population.schedules.usual.eats_out": 0.5})
    generic = ANNA.generic(usual)
    assert (generic.id, generic.age, generic.home, generic.work) == (3, 18, 12, 40)
    assert generic.habits.work_start_min == 540
    assert (generic.big_five, generic.hobbies, generic.income) == (BigFive(), (), 1.0)
    assert generic.habits.eats_out == 0.5
    assert generic.preferences == {}
    assert ANNA.generic().habits.eats_out == 0.2


def test_only_those_who_work_for_an_income_are_employed() -> None:
    assert ANNA.is_employed
    assert not replace(ANNA, occupation=Occupation.HOMEMAKER).is_employed


def test_preferences_are_those_of_the_habits() -> None:
    assert ANNA.preferences is ANNA.habits.preferences


def test_a_persona_pickles_and_cannot_be_changed() -> None:
    assert pickle.loads(pickle.dumps(ANNA)) == ANNA
    with pytest.raises(FrozenInstanceError):
        ANNA.age = 19  # type: ignore[misc]

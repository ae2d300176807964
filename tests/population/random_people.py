"""People of all kinds as columns, drawn at random."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.population.categories import Gender, Occupation, Role
from mesa_llm_city.population.people_columns import PeopleColumns

_LEARNERS = [tuple(Occupation).index(one) for one in (Occupation.PUPIL, Occupation.STUDENT)]


def random_people(count: int, seed: int = 1) -> PeopleColumns:
    """Return people whose columns have the types of those of a crowd."""
    rng = np.random.default_rng(seed)
    home = rng.integers(0, 20, count)
    work = rng.choice([-1, 20, 21, 22], count, p=[0.1, 0.3, 0.3, 0.3])
    wake = rng.integers(60, 200, count) * 5
    learns = rng.random(count) < 0.3
    job = rng.integers(0, len(Occupation), count)
    occupation = np.where(learns, rng.choice(_LEARNERS, count), job)
    young, any_age = rng.integers(6, 26, count), rng.integers(5, 95, count)
    age = np.where(np.isin(occupation, _LEARNERS), young, any_age)
    preferences = rng.uniform(0.0, 1.0, (count, 3))
    preferences[rng.random((count, 3)) < 0.3] = np.nan
    return PeopleColumns(
        ids=rng.permutation(10 * count)[:count],
        age=age.astype(np.int16),
        gender=rng.integers(0, len(Gender), count).astype(np.int8),
        occupation=occupation.astype(np.int8),
        role=rng.integers(0, len(Role), count).astype(np.int8),
        income=rng.uniform(0.2, 3.0, count),
        household=rng.permutation(count),
        household_size=rng.integers(1, 5, count).astype(np.int32),
        youngest_child=rng.choice([-1, 2, 5, 9, 17, 22], count).astype(np.int16),
        home=home,
        work=np.where(rng.random(count) < 0.2, home, work),
        big_five=rng.integers(1, 4, (count, 5)).astype(np.int8),
        wake_min=wake.astype(np.int16),
        bed_min=(wake + rng.integers(150, 230, count) * 5).astype(np.int16),
        work_days=rng.choice([0, 0b11111, 0b111111, 0b1010101, 0b1100000], count).astype(np.int16),
        work_start_min=(rng.integers(60, 280, count) * 5).astype(np.int16),
        work_minutes=(rng.integers(24, 130, count) * 5).astype(np.int16),
        lunch_min=rng.integers(660, 840, count).astype(np.int16),
        dinner_min=rng.integers(1020, 1260, count).astype(np.int16),
        eats_out=rng.random(count),
        has_car=rng.random(count) < 0.5,
        has_bicycle=rng.random(count) < 0.5,
        has_licence=rng.random(count) < 0.5,
        preferences=preferences,
        purposes=("leisure", "social", "rest"),
    )

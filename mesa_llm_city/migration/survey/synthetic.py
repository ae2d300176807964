"""Synthetic survey: invented persons in households, with a known rule of returning."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.evaluation.calibration import sigmoid
from mesa_llm_city.migration.survey.ground_truth import missing_cells, true_log_odds
from mesa_llm_city.migration.survey.shipped import chfs
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["synthetic_survey"]

_FIRST_HOUSEHOLD = 100_001
_SCHOOLING = ((0, 6, 9, 12, 15, 16, 19, 23), (0.03, 0.16, 0.38, 0.2, 0.1, 0.1, 0.02, 0.01))
_COUNTRYSIDE = ("Sichuan", "Henan", "Anhui", "Hunan", "Guizhou", "Jiangxi")
_CITIES = ("Guangdong", "Zhejiang", "Jiangsu", "Shanghai", "Beijing", "Fujian")


def synthetic_survey(
    rows: int,
    *,
    seed: int,
    informative_missingness: bool = False,
    household_spread: float = 1.5,
    trajectory: bool = False,
) -> SurveyTable:
    """Return an invented survey of return migration.

    Parameters
    ----------
    rows : int
        Number of persons; at least 1.
    seed : int
        Seed; equal seeds give equal tables.
    informative_missingness : bool, default False
        Whether missing answers depend on the label, as in the survey of 2015: half of the
        people away, but almost nobody who is back, have no interview. Otherwise 30 % of all
        people have none, at random.
    household_spread : float, default 1.5
        Standard deviation of the effect of a household on all its members, in log odds, at
        least 0; no feature contains it.
    trajectory : bool, default False
        Whether to include the provinces in which a person has lived as a text column; people
        who have returned once before are more often back now.

    Returns
    -------
    SurveyTable
        About 1.6 persons for each household. Labels are drawn with log odds of
        `true_log_odds` plus the effect of the household.

    Raises
    ------
    ConfigError
        If `rows` or `household_spread` is out of range.

    Examples
    --------
    >>> table = synthetic_survey(1000, seed=1)
    >>> len(table), table.frame["age"].between(16, 60).all().item()
    (1000, True)
    """
    if rows < 1 or household_spread < 0.0:
        given = f"rows={rows} and household_spread={household_spread}"
        message = f"rows must be at least 1 and household_spread at least 0, got {given}"
        raise ConfigError(message)
    draws = rng(seed, 0, "migration.synthetic", 0)
    home = _households(rows, draws)
    values = _persons(home, draws)
    effect = household_spread * draws.standard_normal(rows)[home]
    target = (draws.random(rows) < sigmoid(true_log_odds(values) + effect)).astype(np.int8)
    for name, blank in missing_cells(target, draws, informative=informative_missingness).items():
        values[name] = np.where(blank, np.nan, values[name])
    return _table(values, target, home, draws, trajectory=trajectory)


def _table(
    values: dict[str, Float],
    target: NDArray[np.int8],
    home: Int,
    draws: Generator,
    *,
    trajectory: bool,
) -> SurveyTable:
    import pandas as pd

    schema = chfs(trajectory=trajectory)
    columns = {name: values[name] for name in schema.names if name in values}
    frame = pd.DataFrame(columns)
    if trajectory:
        frame["trajectory"] = _trajectories(target, home, draws)
    return SurveyTable(frame=frame, target=target, group=_FIRST_HOUSEHOLD + home, schema=schema)


def _households(rows: int, draws: Generator) -> Int:
    """Return the household of each row, from 0 on, in order."""
    size = draws.choice([1, 2, 3, 4], size=rows, p=[0.58, 0.28, 0.1, 0.04])
    return np.repeat(np.arange(rows), size)[:rows]


def _persons(home: Int, draws: Generator) -> dict[str, Float]:
    """Return all features without missing values: household, person, work and insurance."""
    household = {name: value[home] for name, value in _homes(len(home), draws).items()}
    household["hh_size"] = np.maximum(household["hh_size"], np.bincount(home)[home])
    person = _demography(len(home), draws)
    return household | person | _work(person, draws) | _insurance(person, draws)


def _homes(count: int, draws: Generator) -> dict[str, Float]:
    income = draws.lognormal(10.8, 0.9, count)
    loss = draws.random(count) < 0.02
    debt = draws.lognormal(10.8, 1.4, count) * (draws.random(count) < 0.45)
    return {
        "hh_size": 1.0 + draws.poisson(2.2, count),
        "poor_hh": _yes(count, 0.13, draws),
        "house_type": _choice((1, 2, 3), (0.78, 0.18, 0.04), count, draws),
        "count_car": np.minimum(draws.poisson(0.3, count), 5).astype(np.float64),
        "phone_type": _choice((1, 2, 3), (0.6, 0.36, 0.04), count, draws),
        "total_asset": (income * draws.lognormal(1.7, 1.0, count)).round(),
        "total_income": np.where(loss, -0.3 * income, income).round(),
        "total_debt": debt.round(),
        "total_consumption": (income**0.6 * draws.lognormal(4.3, 0.5, count)).round(),
    }


def _demography(count: int, draws: Generator) -> dict[str, Float]:
    age = np.clip(draws.normal(36.0, 11.0, count).round(), 16.0, 60.0)
    single = draws.random(count) < sigmoid(0.35 * (26.0 - age))
    divorced = draws.random(count) < 0.03
    poorly = draws.random(count) < sigmoid(0.06 * (age - 70.0))
    average = draws.random(count) < 0.35
    return {
        "age": age,
        "gender": _yes(count, 0.56, draws),
        "education": _choice(*_SCHOOLING, count, draws),
        "hukou": _yes(count, 0.72, draws),
        "marriage": np.where(single, 1.0, np.where(divorced, 3.0, 2.0)),
        "physical_condition": np.where(poorly, 3.0, np.where(average, 2.0, 1.0)),
    }


def _work(person: dict[str, Float], draws: Generator) -> dict[str, Float]:
    count = len(person["age"])
    work = _yes(count, 0.78, draws)
    wage = draws.lognormal(9.6 + 0.06 * person["education"], 0.6).round()
    return {"work": work, "wage": np.where(work == 1, wage, np.nan)}


def _insurance(person: dict[str, Float], draws: Generator) -> dict[str, Float]:
    count = len(person["age"])
    urban = (draws.random(count) < sigmoid(0.4 * (person["education"] - 14.0))).astype(bool)
    pension = _choice((1, 3, 4, 5, 6), (0.06, 0.72, 0.13, 0.06, 0.03), count, draws)
    health = _choice((2, 3, 4, 5, 6, 7), (0.1, 0.83, 0.03, 0.01, 0.02, 0.01), count, draws)
    return {
        "old_age_insurance": np.where(urban, 2.0, pension),
        "medical_insurance": np.where(urban, 1.0, health),
        "unemployment_insurance": np.where(urban, 1.0, _yes(count, 0.05, draws)),
        "housing_fund": np.where(urban, 1.0, _yes(count, 0.03, draws)),
        "hospitalization_expenses": draws.lognormal(8.8, 1.1, count).round(),
    }


def _trajectories(target: NDArray[np.int8], household: Int, draws: Generator) -> list[str]:
    """Return the provinces in which each person has lived, up to the last stay in a city."""
    count = len(target)
    home = draws.choice(_COUNTRYSIDE, count)[household]
    first, second = draws.choice(_CITIES, (2, count))
    been_back = draws.random(count) < np.where(target == 1, 0.6, 0.3)
    return [
        " > ".join((origin, one, origin, other) if back else (origin, one))
        for origin, one, other, back in zip(home, first, second, been_back.tolist(), strict=True)
    ]


def _yes(count: int, share: float, draws: Generator) -> Float:
    return (draws.random(count) < share).astype(np.float64)


def _choice(
    codes: tuple[int, ...], shares: tuple[float, ...], count: int, draws: Generator
) -> Float:
    return draws.choice(codes, size=count, p=shares).astype(np.float64)

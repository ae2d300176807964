"""Invented persons in households, with the columns of the survey and a rule that is known."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.evaluation.calibration import sigmoid
from mesa_llm_city.migration.survey.ground_truth import gaps, planted_log_odds
from mesa_llm_city.migration.survey.schema import chfs
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
    missingness_tells: bool = False,
    household_spread: float = 1.5,
    trajectory: bool = False,
) -> SurveyTable:
    """Invent a survey of return migration.

    Parameters
    ----------
    rows : int
        Number of persons; at least 1.
    seed : int
        Seed; equal seeds give equal tables.
    missingness_tells : bool, default False
        Whether blanks carry the label, as they do in the survey of 2015: half of those
        away, but next to nobody who is back, were not interviewed. Otherwise three in ten
        of all were not, at random.
    household_spread : float, default 1.5
        Standard deviation of what draws all members of a household alike home, in log
        odds; no feature tells it. It is at least 0.
    trajectory : bool, default False
        Whether the provinces lived in are told in a column of texts; those who have been
        back once before are more often back now.

    Returns
    -------
    SurveyTable
        About 1.6 persons for each household. Labels are drawn with the log odds of
        `planted.planted_log_odds` plus the taste of the household.

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
        told = f"rows={rows} and household_spread={household_spread}"
        message = f"rows must be at least 1 and household_spread at least 0, got {told}"
        raise ConfigError(message)
    luck = rng(seed, 0, "migration.synthetic", 0)
    home = _households(rows, luck)
    values = _persons(home, luck)
    taste = household_spread * luck.standard_normal(rows)[home]
    target = (luck.random(rows) < sigmoid(planted_log_odds(values) + taste)).astype(np.int8)
    for name, blank in gaps(target, luck, tells=missingness_tells).items():
        values[name] = np.where(blank, np.nan, values[name])
    return _table(values, target, home, luck, trajectory=trajectory)


def _table(
    values: dict[str, Float],
    target: NDArray[np.int8],
    home: Int,
    luck: Generator,
    *,
    trajectory: bool,
) -> SurveyTable:
    import pandas as pd

    schema = chfs(trajectory=trajectory)
    columns = {name: values[name] for name in schema.names if name in values}
    frame = pd.DataFrame(columns)
    if trajectory:
        frame["trajectory"] = _trajectories(target, home, luck)
    return SurveyTable(frame=frame, target=target, group=_FIRST_HOUSEHOLD + home, schema=schema)


def _households(rows: int, luck: Generator) -> Int:
    """Return the household of each row, from 0 on, in order."""
    size = luck.choice([1, 2, 3, 4], size=rows, p=[0.58, 0.28, 0.1, 0.04])
    return np.repeat(np.arange(rows), size)[:rows]


def _persons(home: Int, luck: Generator) -> dict[str, Float]:
    """Return complete features: those of the household, of the person, and of his insurance."""
    household = {name: value[home] for name, value in _homes(len(home), luck).items()}
    household["hh_size"] = np.maximum(household["hh_size"], np.bincount(home)[home])
    person = _demography(len(home), luck)
    return household | person | _work(person, luck) | _insurance(person, luck)


def _homes(count: int, luck: Generator) -> dict[str, Float]:
    income = luck.lognormal(10.8, 0.9, count)
    loss = luck.random(count) < 0.02
    debt = luck.lognormal(10.8, 1.4, count) * (luck.random(count) < 0.45)
    return {
        "hh_size": 1.0 + luck.poisson(2.2, count),
        "poor_hh": _yes(count, 0.13, luck),
        "house_type": _drawn((1, 2, 3), (0.78, 0.18, 0.04), count, luck),
        "count_car": np.minimum(luck.poisson(0.3, count), 5).astype(np.float64),
        "phone_type": _drawn((1, 2, 3), (0.6, 0.36, 0.04), count, luck),
        "total_asset": (income * luck.lognormal(1.7, 1.0, count)).round(),
        "total_income": np.where(loss, -0.3 * income, income).round(),
        "total_debt": debt.round(),
        "total_consumption": (income**0.6 * luck.lognormal(4.3, 0.5, count)).round(),
    }


def _demography(count: int, luck: Generator) -> dict[str, Float]:
    age = np.clip(luck.normal(36.0, 11.0, count).round(), 16.0, 60.0)
    single = luck.random(count) < sigmoid(0.35 * (26.0 - age))
    divorced = luck.random(count) < 0.03
    poorly = luck.random(count) < sigmoid(0.06 * (age - 70.0))
    average = luck.random(count) < 0.35
    return {
        "age": age,
        "gender": _yes(count, 0.56, luck),
        "education": _drawn(*_SCHOOLING, count, luck),
        "hukou": _yes(count, 0.72, luck),
        "marriage": np.where(single, 1.0, np.where(divorced, 3.0, 2.0)),
        "physical_condition": np.where(poorly, 3.0, np.where(average, 2.0, 1.0)),
    }


def _work(person: dict[str, Float], luck: Generator) -> dict[str, Float]:
    count = len(person["age"])
    work = _yes(count, 0.78, luck)
    wage = luck.lognormal(9.6 + 0.06 * person["education"], 0.6).round()
    return {"work": work, "wage": np.where(work == 1, wage, np.nan)}


def _insurance(person: dict[str, Float], luck: Generator) -> dict[str, Float]:
    count = len(person["age"])
    urban = (luck.random(count) < sigmoid(0.4 * (person["education"] - 14.0))).astype(bool)
    pension = _drawn((1, 3, 4, 5, 6), (0.06, 0.72, 0.13, 0.06, 0.03), count, luck)
    health = _drawn((2, 3, 4, 5, 6, 7), (0.1, 0.83, 0.03, 0.01, 0.02, 0.01), count, luck)
    return {
        "old_age_insurance": np.where(urban, 2.0, pension),
        "medical_insurance": np.where(urban, 1.0, health),
        "unemployment_insurance": np.where(urban, 1.0, _yes(count, 0.05, luck)),
        "housing_fund": np.where(urban, 1.0, _yes(count, 0.03, luck)),
        "hospitalization_expenses": luck.lognormal(8.8, 1.1, count).round(),
    }


def _trajectories(target: NDArray[np.int8], household: Int, luck: Generator) -> list[str]:
    """Return the provinces lived in up to the last stay in a city."""
    count = len(target)
    home = luck.choice(_COUNTRYSIDE, count)[household]
    first, second = luck.choice(_CITIES, (2, count))
    been_back = luck.random(count) < np.where(target == 1, 0.6, 0.3)
    return [
        " > ".join((origin, one, origin, other) if back else (origin, one))
        for origin, one, other, back in zip(home, first, second, been_back.tolist(), strict=True)
    ]


def _yes(count: int, share: float, luck: Generator) -> Float:
    return (luck.random(count) < share).astype(np.float64)


def _drawn(codes: tuple[int, ...], shares: tuple[float, ...], count: int, luck: Generator) -> Float:
    return luck.choice(codes, size=count, p=shares).astype(np.float64)

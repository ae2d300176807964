"""The rule of return migration: log odds that add up what pushes and what pulls.

Push and pull are Lee's (1966), and both matter for returning in China (Zhao 2002).
Personal factors are read from survey columns, places from their wages, prices and
distance. The sign of each factor comes from the literature named beside it. Few studies
give a size that fits these columns, so the sizes are assumptions unless said otherwise:
set them, or let a model learn them (`TabularModel`, `RMSAgent`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.calibration import sigmoid
from mesa_llm_city.migration.models.checkpoint import read_saved, write_saved
from mesa_llm_city.migration.survey.table import SurveyTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PushPullConfig", "PushPullRule", "Surroundings", "person_factors", "place_utility"]

_KIND = "rule"
_STABLE_PENSIONS = (1.0, 2.0)  # of public institutions, of urban employees
_SCALE_KM = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PushPullConfig:
    """Weights of the factors in the log odds of being back.

    Somebody of 35 years with nine years of schooling, good health, work and the
    reference wage, unmarried, of non-agricultural hukou and without a stable job, has
    log odds `intercept`. A value that is missing counts as that of this person.

    Parameters
    ----------
    intercept : float, default -1.0
        Assumption; `PushPullRule.fit` sets it to meet the share of a survey.
    age : float, default 0.3
        Per ten years above 35. Staying for good rises with age at first and then falls
        (Hu, Xu and Chen 2011); here returning rises throughout. Size assumed.
    schooling : float, default -0.06
        Per year above nine. The better educated stay for good (Hu, Xu and Chen 2011);
        returnees are negatively selected (Wang and Fan 2006). Size assumed.
    married : float, default 0.3
        The family's demands call home (Wang and Fan 2006). Size assumed.
    average_health, poor_health : float, default 0.2 and 0.5
        The less healthy return (Lu and Qin 2014, the salmon bias). Sizes assumed.
    no_work : float, default 0.6
        Who finds no job in the city expects less of it (Harris and Todaro 1970; Wang and
        Fan 2006, those who failed). Size assumed.
    wage : float, default -0.3
        Per unit of log wage above the reference. High incomes go with staying (Hu, Xu
        and Chen 2011). Size assumed.
    reference_wage : float, default 30000
        RMB a year. Assumption.
    agricultural_hukou : float, default 0.8
        Without the city's hukou its schools and benefits are out of reach, and land
        waits at home (Hu, Xu and Chen 2011). Size assumed.
    stable_job : float, default -0.6
        A pension scheme of employees, or a housing fund, stands for a stable job, which
        keeps people (Hu, Xu and Chen 2011). Size assumed.
    income : float, default 1.5
        Elasticity of the odds of living in a place to real income there. Size: the
        migration elasticity of Tombe and Zhu (2019), estimated between provinces and
        sectors of China; carried over to returning, which is an assumption.
    distance : float, default 0.1
        Per unit of ``log(1 + km / 100)``. Those who stay for good tend to live in
        their home province (Hu, Xu and Chen 2011). Size assumed.

    Raises
    ------
    ConfigError
        If a weight is not finite, or the reference wage is not positive.

    References
    ----------
    Lee (1966), A theory of migration. Demography 3(1), 47-57.
    Harris and Todaro (1970), Migration, unemployment and development: a two-sector
    analysis. American Economic Review 60(1), 126-142.
    Zhao (2002), Causes and consequences of return migration: recent evidence from China.
    Journal of Comparative Economics 30(2), 376-394. https://doi.org/10.1006/jcec.2002.1781
    Wang and Fan (2006), Success or failure: selectivity and reasons of return migration
    in Sichuan and Anhui, China. Environment and Planning A 38(5), 939-958.
    https://doi.org/10.1068/a37428
    Hu, Xu and Chen (2011), Circular migration, or permanent stay? Evidence from China's
    rural-urban migration. China Economic Review 22(1), 64-74.
    Lu and Qin (2014), Healthy migrant and salmon bias hypotheses: a study of health and
    internal migration in China. Social Science & Medicine 102, 41-48.
    Tombe and Zhu (2019), Trade, migration, and productivity: a quantitative analysis of
    China. American Economic Review 109(5), 1843-1872. https://doi.org/10.1257/aer.20150811

    Examples
    --------
    >>> PushPullConfig(no_work=1.0).no_work
    1.0
    """

    intercept: float = -1.0
    age: float = 0.3
    schooling: float = -0.06
    married: float = 0.3
    average_health: float = 0.2
    poor_health: float = 0.5
    no_work: float = 0.6
    wage: float = -0.3
    reference_wage: float = 30_000.0
    agricultural_hukou: float = 0.8
    stable_job: float = -0.6
    income: float = 1.5
    distance: float = 0.1

    def __post_init__(self) -> None:
        """Check the weights at birth."""
        wrong = [one.name for one in fields(self) if not isfinite(getattr(self, one.name))]
        if wrong:
            message = f"{', '.join(wrong)} must be finite; 0 leaves a factor out"
            raise ConfigError(message)
        if self.reference_wage <= 0.0:
            message = f"reference_wage must be positive, got {self.reference_wage}"
            raise ConfigError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The city and the village of each person, as arrays of shape (n,).

    Parameters
    ----------
    city_wage, village_wage : ndarray of float64
        What one earns there, in RMB a year; positive.
    city_price : ndarray of float64
        Price level of the city, that of the village being 1; positive.
    subsidy : ndarray of float64
        What somebody who lives in the village is paid on top, in RMB a year.
    distance_km : ndarray of float64
        Between the two.

    Raises
    ------
    DataError
        If lengths differ, or a number is outside its range; all defects are listed.
    """

    city_wage: Float
    village_wage: Float
    city_price: Float
    subsidy: Float
    distance_km: Float

    def __post_init__(self) -> None:
        """Check the arrays at birth, and list all that is wrong."""
        defects = [told for one in fields(self) for told in self._defects(one.name)]
        if defects:
            source = "the surroundings"
            raise DataError.listing(source, defects)

    def __len__(self) -> int:
        """Return of how many persons they are."""
        return len(self.city_wage)

    def _defects(self, name: str) -> list[str]:
        values: Float = getattr(self, name)
        if values.shape != self.city_wage.shape:
            return [f"{name} has shape {values.shape}, city_wage {self.city_wage.shape}"]
        is_amount = name in {"subsidy", "distance_km"}
        fine = np.isfinite(values) & ((values >= 0.0) if is_amount else (values > 0.0))
        count = np.count_nonzero(~fine)
        bound = "at least 0" if is_amount else "above 0"
        return [f"{name} must be {bound}, and is not in {count} rows"] if count else []


def place_utility(around: Surroundings, config: PushPullConfig | None = None) -> Float:
    """Return how much the places speak for the village, as log odds.

    ``v = income log((village wage + subsidy) / (city wage / price)) + distance log(1 + d / 100)``
    with d in km; weights and sources as in `PushPullConfig`.

    Parameters
    ----------
    around : Surroundings
        Of n persons.
    config : PushPullConfig, optional
        Weights.

    Returns
    -------
    ndarray of float64, shape (n,)
        Log odds.

    Examples
    --------
    >>> one = np.ones(1)
    >>> around = Surroundings(city_wage=60e3 * one, village_wage=20e3 * one, city_price=1.5 * one,
    ...     subsidy=20e3 * one, distance_km=0 * one)
    >>> float(place_utility(around)[0])
    0.0
    """
    taste = config or _DEFAULT
    gap = np.log((around.village_wage + around.subsidy) * around.city_price / around.city_wage)
    told: Float = taste.income * gap + taste.distance * np.log1p(around.distance_km / _SCALE_KM)
    return told


def person_factors(table: SurveyTable, config: PushPullConfig | None = None) -> dict[str, Float]:
    """Return what each factor adds to the log odds of each person.

    Parameters
    ----------
    table : SurveyTable
        With the columns of `chfs`, at least those the rule reads.
    config : PushPullConfig, optional
        Weights.

    Returns
    -------
    dict of str to ndarray of float64, shape (n,)
        By the name of the factor, in words; 0 where the value is missing.

    Raises
    ------
    DataError
        If columns are missing; all of them are listed.
    """
    taste, frame = config or _DEFAULT, table.frame
    _check_columns(frame)
    read = {name: frame[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in _READ}
    is_insured = np.isin(read["old_age_insurance"], _STABLE_PENSIONS)
    wage = np.maximum(read["wage"], 0.01 * taste.reference_wage) / taste.reference_wage
    factors = {
        "age": taste.age * (read["age"] - 35.0) / 10.0,
        "schooling": taste.schooling * (read["education"] - 9.0),
        "marriage": taste.married * (read["marriage"] == 2.0),
        "health": taste.average_health * (read["physical_condition"] == 2.0)
        + taste.poor_health * (read["physical_condition"] == 3.0),
        "no work": taste.no_work * (read["work"] == 0.0),
        "wage": taste.wage * np.log(wage),
        "hukou": taste.agricultural_hukou * (read["hukou"] == 1.0),
        "stable job": taste.stable_job * (is_insured | (read["housing_fund"] == 1.0)),
    }
    return {name: np.nan_to_num(told, nan=0.0) for name, told in factors.items()}


class PushPullRule:
    """The rule as a model like any other: it predicts, and fits nothing but its intercept.

    Parameters
    ----------
    config : PushPullConfig, optional
        Weights.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> rows = synthetic_survey(200, seed=1)
    >>> rule = PushPullRule().fit(rows)
    >>> bool(abs(rule.predict_proba(rows)[:, 1].mean() - rows.target.mean()) < 1e-6)
    True
    """

    def __init__(self, config: PushPullConfig | None = None) -> None:
        self.config = config or _DEFAULT

    def fit(self, train: SurveyTable, val: SurveyTable | None = None) -> Self:  # noqa: ARG002 - as of every model
        """Set the intercept so that the mean probability is the share of returnees.

        Raises
        ------
        DataError
            If the labels are of one class, or a column is missing.
        """
        share = float(np.mean(train.target == 1))
        if not 0.0 < share < 1.0 or np.any(train.target < 0):
            message = (
                f"a share of returnees of {share:g} fits no intercept; give labels of both kinds"
            )
            raise DataError(message)
        told = self._log_odds(train)
        shift = 0.0
        # Newton: the mean of a sigmoid is smooth and rises with the shift.
        for _ in range(100):
            p = sigmoid(told + shift)
            step = (share - float(np.mean(p))) / float(np.mean(p * (1.0 - p)))
            shift += float(np.clip(step, -1.0, 1.0))
            if abs(step) < 1e-10:
                break
        self.config = replace(self.config, intercept=self.config.intercept + shift)
        return self

    def predict_proba(self, table: SurveyTable) -> Float:
        """Return the probabilities of staying and returning, shape (n, 2)."""
        p = sigmoid(self._log_odds(table))
        return np.column_stack([1.0 - p, p])

    def explain(self, table: SurveyTable, *, leaving: ArrayLike = False) -> list[str]:
        """Return up to two factors that speak most for the move of each person, as log odds.

        Parameters
        ----------
        table : SurveyTable
            Of n rows.
        leaving : array_like of bool, shape (n,) or (), default False
            Whose move is away from home, for which the factors with a minus speak.

        Examples
        --------
        >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
        >>> len(PushPullRule().explain(synthetic_survey(3, seed=1)))
        3
        """
        factors = person_factors(table, self.config)
        names, weights = list(factors), np.stack(list(factors.values()), axis=1)
        sign = np.where(np.broadcast_to(leaving, len(table)), -1.0, 1.0)
        # A stable sort, so that equal factors are told in the order they stand in.
        first = np.argsort(-sign[:, None] * weights, axis=1, kind="stable")[:, :2]
        return [
            ", ".join(
                f"{names[one]} {weights[row, one]:+.2f}"
                for one in pair
                if sign[row] * weights[row, one] > 0.0
            )
            or "by chance"
            for row, pair in enumerate(first.tolist())
        ]

    def save(self, folder: str | Path) -> None:
        """Write the weights to ``config.json`` in `folder`."""
        write_saved(Path(folder), _KIND, {"weights": asdict(self.config)}, {})

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        DataError
            If there is nothing of the kind, or the weights are not those of the rule.
        """
        told, _ = read_saved(Path(folder), _KIND)
        return cls(_config(told.get("weights"), Path(folder)))

    def _log_odds(self, table: SurveyTable) -> Float:
        start = np.full(len(table), self.config.intercept)
        # One after another, so that no result depends on how many rows there are.
        for told in person_factors(table, self.config).values():
            start = start + told
        return start


def _config(told: object, folder: Path) -> PushPullConfig:
    known = {one.name for one in fields(PushPullConfig)}
    if not isinstance(told, Mapping) or set(told) != known:
        message = f"the rule in {folder} must have the weights {', '.join(sorted(known))}"
        raise DataError(message)
    if wrong := [name for name, weight in told.items() if not isinstance(weight, int | float)]:
        message = f"the rule in {folder} has weights that are no numbers: {', '.join(wrong)}"
        raise DataError(message)
    return PushPullConfig(**{name: float(weight) for name, weight in told.items()})


def _check_columns(frame: pd.DataFrame) -> None:
    if lacking := [name for name in _READ if name not in frame.columns]:
        advice = "Give a table with the columns of chfs(), or a model trained on your own columns."
        source, defects = "the table of the rule", [f"no column {name}" for name in lacking]
        raise DataError.listing(source, defects, advice=advice)


_READ = (
    *("age", "education", "marriage", "physical_condition", "work"),
    *("wage", "hukou", "old_age_insurance", "housing_fund"),
)
_DEFAULT = PushPullConfig()

"""Parameters of migration by rule: what pushes, what pulls, and how fast it comes to moves."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter

__all__ = ["MigrationDecisionParameters", "MigrationParameters", "PushPullParameters"]

_HU = "Hu, Xu and Chen (2011), China Economic Review 22(1), 64-74; size assumed"


class PushPullParameters(Branch):
    """Weights of the factors in the log odds of being back in the village.

    Somebody of `reference_age` with `reference_schooling`, in good health, with work at
    `reference_wage`, unmarried, of non-agricultural hukou and without a stable job, has log
    odds `intercept`.
    """

    intercept: float = parameter(-1.0, "Log odds of this person", unit="log odds")
    age: float = parameter(
        0.3, "Per ten years above the reference", unit="log odds/10 years", source=_HU
    )
    schooling: float = parameter(
        -0.06,
        "Per year of schooling above the reference",
        unit="log odds/year",
        source=(
            "Hu, Xu and Chen (2011); Wang and Fan (2006), Environment and Planning A 38(5), "
            "939-958; size assumed"
        ),
    )
    married: float = parameter(
        0.3,
        "Of the married",
        unit="log odds",
        source="Wang and Fan (2006), Environment and Planning A 38(5), 939-958; size assumed",
    )
    average_health: float = parameter(
        0.2,
        "Of those in average health",
        unit="log odds",
        source="Lu and Qin (2014), Social Science & Medicine 102, 41-48; size assumed",
    )
    poor_health: float = parameter(
        0.5,
        "Of those in poor health",
        unit="log odds",
        source="Lu and Qin (2014), Social Science & Medicine 102, 41-48; size assumed",
    )
    no_work: float = parameter(
        0.6,
        "Of those without work",
        unit="log odds",
        source=(
            "Harris and Todaro (1970), American Economic Review 60(1), 126-142; Wang and Fan "
            "(2006); size assumed"
        ),
    )
    wage: float = parameter(
        -0.3, "Per unit of log wage above the reference", unit="log odds/log", source=_HU
    )
    reference_wage: float = parameter(30_000.0, "Reference wage", unit="RMB/year", gt=0)
    least_wage_share: float = parameter(
        0.01, "Lower wages count as this share of the reference", gt=0, le=1
    )
    reference_age: float = parameter(35.0, "Reference age", unit="years", ge=0)
    reference_schooling: float = parameter(9.0, "Reference schooling", unit="years", ge=0)
    agricultural_hukou: float = parameter(
        0.8, "Of those with an agricultural hukou", unit="log odds", source=_HU
    )
    stable_job: float = parameter(
        -0.6,
        "Of those with a pension scheme of employees, or a housing fund",
        unit="log odds",
        source=_HU,
    )
    income: float = parameter(
        1.5,
        "Elasticity of the odds of living in a place to real income there",
        unit="log odds/log",
        source=(
            "Tombe and Zhu (2019), American Economic Review 109(5), 1843-1872; that it holds "
            "for returning is assumed"
        ),
    )
    distance: float = parameter(
        0.1, "Per unit of log(1 + distance / distance_km)", unit="log odds/log", source=_HU
    )
    distance_km: float = parameter(100.0, "Distance that counts as one", unit="km", gt=0)


class MigrationDecisionParameters(Branch):
    """How a probability becomes a decision."""

    years_at_risk: float = parameter(
        10.0,
        "For how long the returnees of the survey had been free to return",
        unit="periods",
        ge=1,
        source="assumption: it sets the pace, not who moves",
    )
    years_at_home: float = parameter(
        30.0,
        "The same for leaving again",
        unit="periods",
        ge=1,
        source="assumption: returning is rarer to undo than to do",
    )
    reference: float = parameter(0.0, "Utility of the average place of the survey", unit="log odds")


class MigrationParameters(Branch):
    """Who moves to the village, and who leaves it again."""

    push_pull: PushPullParameters = PushPullParameters()
    decision: MigrationDecisionParameters = MigrationDecisionParameters()

"""Parameters of the migration rule, and of the decision to move."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter, wording

__all__ = [
    "ExpectationParameters",
    "MigrationDecisionParameters",
    "MigrationParameters",
    "PushPullParameters",
]

_HU = "Hu, Xu and Chen (2011), China Economic Review 22(1), 64-74; size assumed"


class PushPullParameters(Branch):
    """Weights of the factors in the log odds of being back in the village.

    The reference person has `reference_age` and `reference_schooling`, is in good health,
    unmarried, has work with `reference_wage`, a non-agricultural hukou and no stable job; the
    log odds of this person are `intercept`. A missing value counts as that of the reference
    person. Push and pull are the terms of Lee (1966), Demography 3(1), 47-57; both matter for
    return migration in China (Zhao 2002, Journal of Comparative Economics 30(2), 376-394).
    """

    intercept: float = parameter(-1.0, "Log odds of the reference person", unit="log odds")
    age: float = parameter(
        0.3, "Effect of ten years of age above the reference", unit="log odds/10 years", source=_HU
    )
    schooling: float = parameter(
        -0.06,
        "Effect of a year of schooling above the reference",
        unit="log odds/year",
        source=(
            "Hu, Xu and Chen (2011); Wang and Fan (2006), Environment and Planning A 38(5), "
            "939-958; size assumed"
        ),
    )
    married: float = parameter(
        0.3,
        "Effect of being married",
        unit="log odds",
        source="Wang and Fan (2006), Environment and Planning A 38(5), 939-958; size assumed",
    )
    average_health: float = parameter(
        0.2,
        "Effect of average health",
        unit="log odds",
        source="Lu and Qin (2014), Social Science & Medicine 102, 41-48; size assumed",
    )
    poor_health: float = parameter(
        0.5,
        "Effect of poor health",
        unit="log odds",
        source="Lu and Qin (2014), Social Science & Medicine 102, 41-48; size assumed",
    )
    no_work: float = parameter(
        0.6,
        "Effect of having no work",
        unit="log odds",
        source=(
            "Harris and Todaro (1970), American Economic Review 60(1), 126-142; Wang and Fan "
            "(2006); size assumed"
        ),
    )
    wage: float = parameter(
        -0.3, "Effect of a unit of log wage above the reference", unit="log odds/log", source=_HU
    )
    reference_wage: float = parameter(30_000.0, "Reference wage", unit="RMB/year", gt=0)
    least_wage_share: float = parameter(
        0.01, "Lower wages count as this share of the reference wage", gt=0, le=1
    )
    reference_age: float = parameter(35.0, "Reference age", unit="years", ge=0)
    reference_schooling: float = parameter(9.0, "Reference schooling", unit="years", ge=0)
    agricultural_hukou: float = parameter(
        0.8, "Effect of an agricultural hukou", unit="log odds", source=_HU
    )
    stable_job: float = parameter(
        -0.6,
        "Effect of a pension scheme of employees, or a housing fund",
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
        0.1, "Effect of a unit of log(1 + distance / distance_km)", unit="log odds/log", source=_HU
    )
    distance_km: float = parameter(100.0, "Unit of distance", unit="km", gt=0)


class MigrationDecisionParameters(Branch):
    """How a probability becomes a decision to move."""

    years_at_risk: float = parameter(
        10.0,
        "Number of periods in which people of the survey could return",
        unit="periods",
        ge=1,
        source="assumption: it determines how fast people move, not who moves",
    )
    years_at_home: float = parameter(
        30.0,
        "Number of periods in which people at home could leave again",
        unit="periods",
        ge=1,
        source="assumption: leaving again is rarer than returning",
    )
    least_age: int = parameter(
        16,
        "Least age of members of a household who decide",
        unit="years",
        ge=0,
        source="age from which people work in China (Labour Law, art. 15)",
    )
    most_age: int = parameter(
        60,
        "Greatest age of members of a household who decide; older ones move with the others",
        unit="years",
        ge=0,
        source="greatest age in the survey of RMS-Agent, sec. 4.1; beyond it nothing is known",
    )
    life_events: str = wording(
        "Events, separated by commas, after which a household of a city decides at the next "
        "midnight, if it has not done so this year: kinds of the table of events",
        default="birth, death, marriage, separation, retirement, occupation",
    )
    reference: float = parameter(
        0.0, "Utility of the average place of the survey (see `place_utility`)", unit="log odds"
    )


class ExpectationParameters(Branch):
    """The rule for surveys of which only the signs of effects are known."""

    log_odds_per_sd: float = parameter(
        0.3,
        "Effect of a standard deviation of a column with an expected sign",
        unit="log odds",
        ge=0,
        source="assumption; unit weights as in Dawes (1979), American Psychologist 34(7), 571-582",
    )


class MigrationParameters(Branch):
    """Decisions learnt from surveys: the rules, and the decision to move."""

    push_pull: PushPullParameters = PushPullParameters()
    expectation: ExpectationParameters = ExpectationParameters()
    decision: MigrationDecisionParameters = MigrationDecisionParameters()

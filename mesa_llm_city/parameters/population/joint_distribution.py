"""Joint distribution of people before it is fitted: odds of age, household role and occupation."""

from __future__ import annotations

from collections.abc import Sequence

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = ["JointDistributionParameters", "RoleOdds"]

_AGE_GROUPS = (
    *("0-5", "6-11", "12-14", "15-17", "18-24", "25-34"),
    *("35-44", "45-54", "55-64", "65-74", "75+"),
)


def _by_age(odds: Sequence[float]) -> FrozenMap[str, float]:
    return FrozenMap(dict(zip(_AGE_GROUPS, odds, strict=True)))


class RoleOdds(Branch):
    """Odds of positions in a household."""

    single: float = parameter(1.0, "Odds of living alone", ge=0)
    partner: float = parameter(1.0, "Odds of living with a partner and no child", ge=0)
    parent: float = parameter(1.0, "Odds of living with a child", ge=0)
    child: float = parameter(1.0, "Odds of living with a parent", ge=0)
    other: float = parameter(1.0, "Odds of living in a household otherwise", ge=0)


class JointDistributionParameters(Branch):
    """Odds in the joint distribution of people; the fit keeps them and sets the levels."""

    age_of_single: FrozenMap[str, float] = parameter(
        _by_age((0, 0, 0, 0, 0.8, 1.0, 0.6, 0.6, 0.6, 0.7, 1.0)),
        "Odds of ages of those who live alone",
        ge=0,
    )
    age_of_partner: FrozenMap[str, float] = parameter(
        _by_age((0, 0, 0, 0, 0.1, 0.5, 0.5, 0.7, 1.3, 2.0, 1.6)),
        "Odds of ages of couples without children at home",
        ge=0,
    )
    age_of_parent: FrozenMap[str, float] = parameter(
        _by_age((0, 0, 0, 0, 0.05, 0.8, 2.0, 2.0, 1.0, 0.5, 0.3)),
        "Odds of ages of parents",
        ge=0,
    )
    age_of_child: FrozenMap[str, float] = parameter(
        _by_age((1, 1, 1, 1, 1.0, 0.5, 0.25, 0.15, 0.05, 0.01, 0)),
        "Odds of ages of those who live with a parent",
        ge=0,
    )
    age_of_other: FrozenMap[str, float] = parameter(
        _by_age((0, 0, 0, 0, 0.1, 0.2, 0.2, 0.2, 0.2, 0.4, 1.0)),
        "Odds of ages of other members of households",
        ge=0,
    )
    women_per_lone_man: FrozenMap[str, float] = parameter(
        _by_age((1, 1, 1, 1, 0.75, 0.65, 0.6, 0.6, 0.7, 1.2, 3.0)),
        "Women for each man among those without a partner",
        ge=0,
        source="assumption: widows live longer",
    )
    lone_mothers: float = parameter(
        0.85,
        "Share of mothers among lone parents",
        gt=0,
        lt=1,
        source="Population Census of Japan 2020: 7.7 of 9.0 points of households",
    )
    women_per_man_in_job: FrozenMap[str, float] = parameter(
        FrozenMap(
            {
                "homemaker": 12.0,
                "service_worker": 1.5,
                "shift_worker": 0.5,
                "self_employed": 0.5,
                "office_worker": 0.8,
                "unemployed": 0.7,
            }
        ),
        "Women for each man in an occupation",
        ge=0,
    )
    tertiary_odds_of_job: FrozenMap[str, float] = parameter(
        FrozenMap(
            {
                "student": 0.4,
                "office_worker": 2.0,
                "service_worker": 0.6,
                "shift_worker": 0.5,
                "unemployed": 0.6,
            }
        ),
        "Odds of higher education in an occupation",
        ge=0,
    )
    role_of_homemaker: RoleOdds = RoleOdds(single=0.1, parent=1.5, child=0.1, other=0.5)
    role_of_student: RoleOdds = RoleOdds(partner=0.1, parent=0.05, child=2.0, other=0.5)
    role_of_unemployed: RoleOdds = RoleOdds(partner=0.7, parent=0.5, child=2.0)

"""How populations change: births, deaths, marriages, moves, work, arrivals and departures.

Nothing of it happens by itself unless a rate is raised; `JAPAN_2020` has rates of a country.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from mesa_llm_city.parameters.base import Branch, parameter, switch
from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = [
    "JAPAN_2020",
    "BirthParameters",
    "DeathParameters",
    "DemographyParameters",
    "MarriageParameters",
    "WorkingLifeParameters",
]

_OLDEST = 120
_OFF = "0: nothing happens by itself; "
_VITAL = "Vital Statistics of Japan 2020"
_REGISTERS = "Report on Internal Migration in Japan 2020: 5.26 million moves between municipalities"
_LABOUR = "Labour Force Survey of Japan 2020: 3.19 million of 66.8 million employed changed jobs"
_STRESS = (
    "sizes: Holmes and Rahe 1967, The Social Readjustment Rating Scale (death in the family 63, "
    "separation 65, marriage 50, retirement 45, birth 39, work 36, school 26, residence 20 of "
    "100); signs assumed"
)


class BirthParameters(Branch):
    """Births, by the age of the mother."""

    per_woman: float = parameter(
        0.0,
        "Children that a woman has in her life at these rates (total fertility rate)",
        ge=0,
        le=12,
        source=f"{_OFF}1.33 in Japan in 2020 ({_VITAL})",
    )
    mean_age: float = parameter(
        32.0,
        "Mean age of mothers at birth",
        unit="years",
        ge=15,
        le=49,
        source=f"{_VITAL}, rounded; rates by age are those of a normal distribution (assumption)",
    )
    sd_age: float = parameter(
        5.3,
        "Standard deviation of the age of mothers at birth",
        unit="years",
        gt=0,
        le=20,
        source=f"{_VITAL}, from rates by five years of age, rounded",
    )
    from_age: int = parameter(15, "Lowest age of a mother", unit="years", ge=10, le=_OLDEST)
    to_age: int = parameter(49, "Highest age of a mother", unit="years", ge=10, le=_OLDEST)
    boys: float = parameter(
        0.513,
        "Share of boys among the newborn",
        ge=0,
        le=1,
        source=f"{_VITAL}: 105 boys for each 100 girls",
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield a range of ages without any age."""
        if self.from_age > self.to_age:
            yield Defect("from_age", f"is {self.from_age}, above to_age of {self.to_age}")


class DeathParameters(Branch):
    """Deaths by age: the risk grows exponentially (Gompertz 1825)."""

    factor: float = parameter(
        0.0,
        "Factor of the risks of dying by age; 1 for those of the source",
        ge=0,
        le=100,
        source=f"{_OFF}1 switches deaths on",
    )
    modal_age: float = parameter(
        88.0,
        "Age at which most people die; the yearly risk is growth * exp(growth * (age - modal_age))",
        unit="years",
        gt=0,
        le=_OLDEST,
        source="life tables of Japan 2020: near 92 for women and 88 for men; rounded",
    )
    growth: float = parameter(
        0.1,
        "Growth of the risk with age",
        unit="1/year",
        gt=0,
        le=1,
        source="Gompertz 1825, Phil. Trans. 115; about 0.1 in life tables of rich countries",
    )


class MarriageParameters(Branch):
    """Marriages and separations: who finds whom, and where the two live."""

    per_1000: float = parameter(
        0.0,
        "People who marry in a year, of 1,000 adults without a partner",
        unit="1/year",
        ge=0,
        le=1000,
        source=f"{_OFF}about 43 in Japan in 2020 (525,507 marriages, {_VITAL}; some 24 million "
        "unmarried people aged 18 to 59)",
    )
    separations_per_1000: float = parameter(
        0.0,
        "Couples that separate in a year, of 1,000",
        unit="1/year",
        ge=0,
        le=1000,
        source=f"{_OFF}about 6 in Japan in 2020 (193,253 divorces, {_VITAL}; 31 million couples)",
    )
    from_age: int = parameter(
        18,
        "Lowest age at marriage",
        unit="years",
        ge=16,
        le=_OLDEST,
        source="Civil Code of Japan, art. 731, since 2022",
    )
    to_age: int = parameter(59, "Highest age at marriage", unit="years", ge=16, le=_OLDEST)
    age_sd: float = parameter(
        5.0,
        "Difference in age at which the odds of two people fall to 0.6, as in a normal curve",
        unit="years",
        gt=0,
        le=100,
    )
    known_odds: float = parameter(
        20.0, "Odds of somebody known, relative to a stranger", ge=1, le=10000
    )
    same_gender_odds: float = parameter(
        0.02, "Odds of somebody of the same gender, relative to another", ge=0, le=100
    )


class WorkingLifeParameters(Branch):
    """School, work and retirement: changes of jobs, and the ages of the stages."""

    changes_per_1000: float = parameter(
        0.0,
        "People who change their job in a year, of 1,000 employed",
        unit="1/year",
        ge=0,
        le=1000,
        source=f"{_OFF}48 in Japan in 2020 ({_LABOUR})",
    )
    school_age: int = parameter(
        6, "Age at which school begins", unit="years", ge=0, le=19, source="compulsory in Japan"
    )
    studies_age: int = parameter(
        18, "Age at which school ends and studies or work begin", unit="years", ge=10, le=40
    )
    work_age: int = parameter(
        22, "Age at which studies end and work begins", unit="years", ge=15, le=60
    )
    retirement_age: int = parameter(
        65,
        "Age at which the employed retire",
        unit="years",
        ge=55,
        le=_OLDEST,
        source="pension age in Japan",
    )


class DemographyParameters(Branch):
    """How a population changes while a model runs; by default nothing happens by itself."""

    hour_h: float = parameter(
        10.0,
        "Hour of the day at which what happens by these rates comes true",
        unit="h",
        ge=0,
        lt=24,
    )
    birthdays: bool = switch(
        "Whether people grow older on their birthdays, and begin and end school, studies and work "
        "at the ages of `working_life`",
        default=False,
        source="off: a run of days needs no birthdays",
    )
    births: BirthParameters = BirthParameters()
    deaths: DeathParameters = DeathParameters()
    marriages: MarriageParameters = MarriageParameters()
    working_life: WorkingLifeParameters = WorkingLifeParameters()
    moves_per_1000: float = parameter(
        0.0,
        "People who move house inside the city in a year, of 1,000; a household moves as one",
        unit="1/year",
        ge=0,
        le=1000,
        source=f"{_OFF}some 20 within Japanese municipalities (assumption)",
    )
    arrivals_per_1000: float = parameter(
        0.0,
        "People who come to live in the city in a year, for each 1,000 who live there",
        unit="1/year",
        ge=0,
        le=10000,
        source=f"{_OFF}42 in the mean of Japan's municipalities ({_REGISTERS})",
    )
    departures_per_1000: float = parameter(
        0.0,
        "People who leave the city for good in a year, of 1,000; a household leaves as one",
        unit="1/year",
        ge=0,
        le=1000,
        source=f"{_OFF}42 in the mean of Japan's municipalities ({_REGISTERS})",
    )
    crowded_ties: float = parameter(
        2.0,
        "Neighbours, or colleagues, that people know before they stop getting to know newcomers; "
        "in numbers of `social.acquaintances`",
        ge=1,
        le=100,
    )
    candidates: int = parameter(
        40,
        "People made for each household that arrives, from among whom it is drawn",
        ge=1,
        le=10000,
    )
    mood: FrozenMap[str, float] = parameter(
        FrozenMap(
            {
                "death": -0.63,
                "separation": -0.65,
                "marriage": 0.5,
                "retirement": 0.45,
                "birth": 0.39,
                "work": 0.36,
                "school": 0.26,
                "residence": 0.2,
            }
        ),
        "How an event changes the mood of those concerned",
        ge=-1,
        le=1,
        keys="any",
        source=_STRESS,
    )


JAPAN_2020: Mapping[str, float | bool] = MappingProxyType(
    {
        "population.demography.birthdays": True,
        "population.demography.births.per_woman": 1.33,
        "population.demography.deaths.factor": 1.0,
        "population.demography.marriages.per_1000": 43.0,
        "population.demography.marriages.separations_per_1000": 6.0,
        "population.demography.working_life.changes_per_1000": 48.0,
        "population.demography.moves_per_1000": 20.0,
        "population.demography.arrivals_per_1000": 42.0,
        "population.demography.departures_per_1000": 42.0,
    }
)
"""Parameters by which a population changes as that of Japan did in 2020; see their sources."""

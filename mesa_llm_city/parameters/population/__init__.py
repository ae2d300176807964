"""Parameters of who people are: ages, personality, households, hours, hobbies and resources.

Shares that a population has to meet (ages, occupations, household sizes) are no parameters
but data: see `Marginals`.
"""

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.frozen import FrozenMap
from mesa_llm_city.parameters.population.ages import AgeParameters, AgeRange, LifeStageParameters
from mesa_llm_city.parameters.population.demography import (
    JAPAN_2020,
    BirthParameters,
    DeathParameters,
    DemographyParameters,
    MarriageParameters,
    WorkingLifeParameters,
)
from mesa_llm_city.parameters.population.free_time import (
    HOBBIES,
    FreeTimeParameters,
    HobbySpec,
    TraitTilt,
)
from mesa_llm_city.parameters.population.households import DrawingParameters, HouseholdParameters
from mesa_llm_city.parameters.population.joint_distribution import (
    JointDistributionParameters,
    RoleOdds,
)
from mesa_llm_city.parameters.population.outsiders import (
    CommuterParameters,
    OutsiderParameters,
    VisitorParameters,
)
from mesa_llm_city.parameters.population.resources import IncomeParameters, OwnershipParameters
from mesa_llm_city.parameters.population.sleep import (
    EatingOutParameters,
    MealParameters,
    NightShiftParameters,
    SleepParameters,
)
from mesa_llm_city.parameters.population.time_use import (
    DutyParameters,
    TimeUseParameters,
    UsualDutyParameters,
)
from mesa_llm_city.parameters.population.traits import TraitParameters
from mesa_llm_city.parameters.population.work import (
    CommutingParameters,
    WorkParameters,
    day_mask,
)

__all__ = [
    "JAPAN_2020",
    "AgeParameters",
    "AgeRange",
    "BirthParameters",
    "CommuterParameters",
    "CommutingParameters",
    "DeathParameters",
    "DemographyParameters",
    "DrawingParameters",
    "DutyParameters",
    "EatingOutParameters",
    "FreeTimeParameters",
    "HabitParameters",
    "HobbySpec",
    "HouseholdParameters",
    "IncomeParameters",
    "JointDistributionParameters",
    "LifeStageParameters",
    "MarriageParameters",
    "MealParameters",
    "NightShiftParameters",
    "OutsiderParameters",
    "OwnershipParameters",
    "PopulationParameters",
    "RoleOdds",
    "ScheduleParameters",
    "SleepParameters",
    "TimeUseParameters",
    "TraitParameters",
    "TraitTilt",
    "UsualDutyParameters",
    "VisitorParameters",
    "WorkParameters",
    "WorkingLifeParameters",
    "day_mask",
]


class HabitParameters(Branch):
    """Habits of a person of whom nothing else is known."""

    wake_min: int = parameter(400, "When the person gets up", unit="min", ge=0, lt=1440)
    bed_min: int = parameter(1390, "When the person goes to bed", unit="min", ge=0, lt=2880)
    lunch_min: int = parameter(720, "When lunch begins", unit="min", ge=0, lt=2880)
    dinner_min: int = parameter(1140, "When dinner begins", unit="min", ge=0, lt=2880)
    eats_out: float = parameter(0.2, "Share of these meals eaten out", ge=0, le=1)


class ScheduleParameters(Branch):
    """Hours of sleep, meals, work and school."""

    usual: HabitParameters = HabitParameters()
    sleep: SleepParameters = SleepParameters()
    meals: MealParameters = MealParameters()
    night_shift: NightShiftParameters = NightShiftParameters()
    work: WorkParameters = WorkParameters()
    eating_out: EatingOutParameters = EatingOutParameters()


class PopulationParameters(Branch):
    """Who people are."""

    ages: AgeParameters = AgeParameters()
    traits: TraitParameters = TraitParameters()
    schedules: ScheduleParameters = ScheduleParameters()
    time_use: TimeUseParameters = TimeUseParameters()
    commuting: CommutingParameters = CommutingParameters()
    free_time: FreeTimeParameters = FreeTimeParameters()
    hobbies: FrozenMap[str, HobbySpec] = parameter(HOBBIES, "Hobbies by name", keys="any")
    households: HouseholdParameters = HouseholdParameters()
    drawing: DrawingParameters = DrawingParameters()
    joint_distribution: JointDistributionParameters = JointDistributionParameters()
    income: IncomeParameters = IncomeParameters()
    ownership: OwnershipParameters = OwnershipParameters()
    outsiders: OutsiderParameters = OutsiderParameters()
    demography: DemographyParameters = DemographyParameters()

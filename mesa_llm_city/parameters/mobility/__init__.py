"""Parameters of mobility: plans of days, choice of place and mode, reach, closed places."""

from mesa_llm_city.parameters.base import Branch
from mesa_llm_city.parameters.mobility.choice import (
    CandidateParameters,
    ExplorationParameters,
    GravityParameters,
    ModeChoiceParameters,
    ReachParameters,
)
from mesa_llm_city.parameters.mobility.closing import ClosingParameters
from mesa_llm_city.parameters.mobility.free_time import FreeTimeChoiceParameters
from mesa_llm_city.parameters.mobility.planner import (
    ChoreParameters,
    DayHourParameters,
    PlannerParameters,
)

__all__ = [
    "CandidateParameters",
    "ChoreParameters",
    "ClosingParameters",
    "DayHourParameters",
    "ExplorationParameters",
    "FreeTimeChoiceParameters",
    "GravityParameters",
    "MobilityParameters",
    "ModeChoiceParameters",
    "PlannerParameters",
    "ReachParameters",
]


class MobilityParameters(Branch):
    """What people do when, where they go, and how."""

    planner: PlannerParameters = PlannerParameters()
    free_time: FreeTimeChoiceParameters = FreeTimeChoiceParameters()
    candidates: CandidateParameters = CandidateParameters()
    gravity: GravityParameters = GravityParameters()
    exploration: ExplorationParameters = ExplorationParameters()
    mode_choice: ModeChoiceParameters = ModeChoiceParameters()
    reach: ReachParameters = ReachParameters()
    closing: ClosingParameters = ClosingParameters()

"""Return migration: survey tables, models that learn from them, evaluation, and the decision.

Everything that users need is exported here; the sub-packages survey, models and evaluation may
change.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.migration.decision import Assessment, Decisions, MigrationDecision
    from mesa_llm_city.migration.effects.attributions import Attributions, Explains
    from mesa_llm_city.migration.effects.blanks import BlankDependence, blank_dependence
    from mesa_llm_city.migration.effects.curve import ResponseCurve
    from mesa_llm_city.migration.effects.destinations import DestinationChoice, destination_shares
    from mesa_llm_city.migration.effects.margins import MarginalEffects, average_marginal_effects
    from mesa_llm_city.migration.effects.pictures import draw_response
    from mesa_llm_city.migration.effects.reasons import AttentionReasons, TabularReasons, reasons_of
    from mesa_llm_city.migration.effects.response import response_curve
    from mesa_llm_city.migration.evaluation.benchmark import Benchmark
    from mesa_llm_city.migration.evaluation.benchmark_report import BenchmarkReport
    from mesa_llm_city.migration.evaluation.calibration import ProbabilityCalibration, prior_shift
    from mesa_llm_city.migration.evaluation.comparison import compare
    from mesa_llm_city.migration.evaluation.evaluation import (
        Evaluation,
        evaluate,
        evaluate_probabilities,
        without_households,
    )
    from mesa_llm_city.migration.evaluation.paper import paper_plan
    from mesa_llm_city.migration.evaluation.plan import Plan
    from mesa_llm_city.migration.evaluation.protocol import SeenRowsWarning
    from mesa_llm_city.migration.evaluation.report import Comparison
    from mesa_llm_city.migration.evaluation.user_groups import UserGroups
    from mesa_llm_city.migration.flows.calibration import FlowCalibration
    from mesa_llm_city.migration.flows.drift import Drift, drift
    from mesa_llm_city.migration.flows.grouping import Grouping
    from mesa_llm_city.migration.flows.hazard_model import HazardModel
    from mesa_llm_city.migration.flows.person_periods import person_periods
    from mesa_llm_city.migration.flows.solving import calibrate_flows
    from mesa_llm_city.migration.hazards import (
        hazard,
        moving_risks,
        pooled_probability,
        stock_probability,
    )
    from mesa_llm_city.migration.household_move import (
        HouseholdChoice,
        HouseholdMigration,
        MigrantHousehold,
    )
    from mesa_llm_city.migration.models.base import MigrationModel, ProbabilityModel
    from mesa_llm_city.migration.models.expectation_rule import ExpectationRule
    from mesa_llm_city.migration.models.loading import load_model
    from mesa_llm_city.migration.models.prediction_cache import PredictionCache
    from mesa_llm_city.migration.models.push_pull import PushPullRule, person_factors
    from mesa_llm_city.migration.models.rms.agent import RMSAgent
    from mesa_llm_city.migration.models.rms.config import RMSConfig
    from mesa_llm_city.migration.models.several_outcomes import SeveralOutcomes
    from mesa_llm_city.migration.models.sft import SFTModel
    from mesa_llm_city.migration.models.surroundings import Surroundings, place_utility
    from mesa_llm_city.migration.models.tabular import TabularModel
    from mesa_llm_city.migration.models.training_rows import TrainingRows
    from mesa_llm_city.migration.models.zero_shot import PromptModel
    from mesa_llm_city.migration.models.zero_shot_odds import ZeroShotModel
    from mesa_llm_city.migration.origins import Background, Circumstances, Origins, Settlement
    from mesa_llm_city.migration.personas import ColumnSource, PersonaMapping
    from mesa_llm_city.migration.policy.effect import policy_effect
    from mesa_llm_city.migration.policy.lever import Lever
    from mesa_llm_city.migration.survey.column import Column, Translation
    from mesa_llm_city.migration.survey.draft import draft_schema
    from mesa_llm_city.migration.survey.encoder import Encoder
    from mesa_llm_city.migration.survey.leakage import LeakageReport, LeakageRules, leakage_report
    from mesa_llm_city.migration.survey.outcome import Outcome, Wording
    from mesa_llm_city.migration.survey.sampling import draw_people
    from mesa_llm_city.migration.survey.schema import Schema
    from mesa_llm_city.migration.survey.shipped import chfs, read_schema, shipped_schema
    from mesa_llm_city.migration.survey.splitting import Split, split
    from mesa_llm_city.migration.survey.survey_file import read_survey_file
    from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    from mesa_llm_city.migration.survey.table import SurveyTable, read_survey
    from mesa_llm_city.migration.survey.verbalisation import Verbalisation

__all__ = [
    "Assessment",
    "AttentionReasons",
    "Attributions",
    "Background",
    "Benchmark",
    "BenchmarkReport",
    "BlankDependence",
    "Circumstances",
    "Column",
    "ColumnSource",
    "Comparison",
    "Decisions",
    "DestinationChoice",
    "Drift",
    "Encoder",
    "Evaluation",
    "ExpectationRule",
    "Explains",
    "FlowCalibration",
    "Grouping",
    "HazardModel",
    "HouseholdChoice",
    "HouseholdMigration",
    "LeakageReport",
    "LeakageRules",
    "Lever",
    "MarginalEffects",
    "MigrantHousehold",
    "MigrationDecision",
    "MigrationModel",
    "Origins",
    "Outcome",
    "PersonaMapping",
    "Plan",
    "PredictionCache",
    "ProbabilityCalibration",
    "ProbabilityModel",
    "PromptModel",
    "PushPullRule",
    "RMSAgent",
    "RMSConfig",
    "ResponseCurve",
    "SFTModel",
    "Schema",
    "SeenRowsWarning",
    "Settlement",
    "SeveralOutcomes",
    "Split",
    "Surroundings",
    "SurveyTable",
    "TabularModel",
    "TabularReasons",
    "TrainingRows",
    "Translation",
    "UserGroups",
    "Verbalisation",
    "Wording",
    "ZeroShotModel",
    "average_marginal_effects",
    "blank_dependence",
    "calibrate_flows",
    "chfs",
    "compare",
    "destination_shares",
    "draft_schema",
    "draw_people",
    "draw_response",
    "drift",
    "evaluate",
    "evaluate_probabilities",
    "hazard",
    "leakage_report",
    "load_model",
    "moving_risks",
    "paper_plan",
    "person_factors",
    "person_periods",
    "place_utility",
    "policy_effect",
    "pooled_probability",
    "prior_shift",
    "read_schema",
    "read_survey",
    "read_survey_file",
    "reasons_of",
    "response_curve",
    "shipped_schema",
    "split",
    "stock_probability",
    "synthetic_survey",
    "without_households",
]

_HOME = MappingProxyType(
    {
        "Assessment": "decision",
        "AttentionReasons": "effects.reasons",
        "Attributions": "effects.attributions",
        "Background": "origins",
        "Benchmark": "evaluation.benchmark",
        "BenchmarkReport": "evaluation.benchmark_report",
        "BlankDependence": "effects.blanks",
        "Circumstances": "origins",
        "Column": "survey.column",
        "ColumnSource": "personas",
        "Comparison": "evaluation.report",
        "Decisions": "decision",
        "DestinationChoice": "effects.destinations",
        "Drift": "flows.drift",
        "Encoder": "survey.encoder",
        "Evaluation": "evaluation.evaluation",
        "ExpectationRule": "models.expectation_rule",
        "Explains": "effects.attributions",
        "FlowCalibration": "flows.calibration",
        "Grouping": "flows.grouping",
        "HazardModel": "flows.hazard_model",
        "HouseholdChoice": "household_move",
        "HouseholdMigration": "household_move",
        "LeakageReport": "survey.leakage",
        "LeakageRules": "survey.leakage_rules",
        "Lever": "policy.lever",
        "MarginalEffects": "effects.margins",
        "MigrantHousehold": "household_move",
        "MigrationDecision": "decision",
        "MigrationModel": "models.base",
        "Origins": "origins",
        "Outcome": "survey.outcome",
        "PersonaMapping": "personas",
        "Plan": "evaluation.plan",
        "PredictionCache": "models.prediction_cache",
        "ProbabilityCalibration": "evaluation.calibration",
        "ProbabilityModel": "models.base",
        "PromptModel": "models.zero_shot",
        "PushPullRule": "models.push_pull",
        "RMSAgent": "models.rms.agent",
        "RMSConfig": "models.rms.config",
        "ResponseCurve": "effects.curve",
        "SFTModel": "models.sft",
        "Schema": "survey.schema",
        "SeenRowsWarning": "evaluation.protocol",
        "Settlement": "origins",
        "SeveralOutcomes": "models.several_outcomes",
        "Split": "survey.splitting",
        "Surroundings": "models.surroundings",
        "SurveyTable": "survey.table",
        "TabularModel": "models.tabular",
        "TabularReasons": "effects.reasons",
        "TrainingRows": "models.training_rows",
        "Translation": "survey.column",
        "UserGroups": "evaluation.user_groups",
        "Verbalisation": "survey.verbalisation",
        "Wording": "survey.outcome",
        "ZeroShotModel": "models.zero_shot_odds",
        "average_marginal_effects": "effects.margins",
        "blank_dependence": "effects.blanks",
        "calibrate_flows": "flows.solving",
        "chfs": "survey.shipped",
        "compare": "evaluation.comparison",
        "destination_shares": "effects.destinations",
        "draft_schema": "survey.draft",
        "draw_people": "survey.sampling",
        "draw_response": "effects.pictures",
        "drift": "flows.drift",
        "evaluate": "evaluation.evaluation",
        "evaluate_probabilities": "evaluation.evaluation",
        "hazard": "hazards",
        "leakage_report": "survey.leakage",
        "load_model": "models.loading",
        "moving_risks": "hazards",
        "paper_plan": "evaluation.paper",
        "person_factors": "models.push_pull",
        "person_periods": "flows.person_periods",
        "place_utility": "models.surroundings",
        "policy_effect": "policy.effect",
        "pooled_probability": "hazards",
        "prior_shift": "evaluation.calibration",
        "read_schema": "survey.shipped",
        "read_survey": "survey.table",
        "read_survey_file": "survey.survey_file",
        "reasons_of": "effects.reasons",
        "response_curve": "effects.response",
        "shipped_schema": "survey.shipped",
        "split": "survey.splitting",
        "stock_probability": "hazards",
        "synthetic_survey": "survey.synthetic",
        "without_households": "evaluation.evaluation",
    }
)

__getattr__, __dir__ = _lazily(
    __name__, _HOME, extras={"": "tabular", "RMSAgent": "rms", "SFTModel": "rms"}
)

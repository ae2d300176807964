"""Return migration: survey tables, models that learn from them, evaluation, and the decision.

Everything that users need is exported here; the sub-packages survey, models and evaluation may
change.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.migration.decision import (
        Assessment,
        Decisions,
        MigrationDecision,
    )
    from mesa_llm_city.migration.evaluation.calibration import ProbabilityCalibration, prior_shift
    from mesa_llm_city.migration.evaluation.comparison import compare
    from mesa_llm_city.migration.evaluation.evaluation import (
        Evaluation,
        evaluate,
        evaluate_probabilities,
        without_households,
    )
    from mesa_llm_city.migration.evaluation.report import Comparison
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
    from mesa_llm_city.migration.models.base import MigrationModel, ProbabilityModel
    from mesa_llm_city.migration.models.loading import load_model
    from mesa_llm_city.migration.models.prediction_cache import PredictionCache
    from mesa_llm_city.migration.models.push_pull import PushPullRule, person_factors
    from mesa_llm_city.migration.models.rms.agent import RMSAgent
    from mesa_llm_city.migration.models.rms.config import RMSConfig
    from mesa_llm_city.migration.models.sft import SFTModel
    from mesa_llm_city.migration.models.surroundings import Surroundings, place_utility
    from mesa_llm_city.migration.models.tabular import TabularModel
    from mesa_llm_city.migration.models.zero_shot import PromptModel
    from mesa_llm_city.migration.models.zero_shot_odds import ZeroShotModel
    from mesa_llm_city.migration.survey.column import Column, Translation
    from mesa_llm_city.migration.survey.encoder import Encoder
    from mesa_llm_city.migration.survey.leakage import LeakageReport, leakage_report
    from mesa_llm_city.migration.survey.outcome import Outcome, Wording
    from mesa_llm_city.migration.survey.schema import Schema
    from mesa_llm_city.migration.survey.shipped import chfs, read_schema, shipped_schema
    from mesa_llm_city.migration.survey.splitting import Split, split
    from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    from mesa_llm_city.migration.survey.table import SurveyTable, read_survey
    from mesa_llm_city.migration.survey.verbalisation import Verbalisation

__all__ = [
    "Assessment",
    "Column",
    "Comparison",
    "Decisions",
    "Drift",
    "Encoder",
    "Evaluation",
    "FlowCalibration",
    "Grouping",
    "HazardModel",
    "LeakageReport",
    "MigrationDecision",
    "MigrationModel",
    "Outcome",
    "PredictionCache",
    "ProbabilityCalibration",
    "ProbabilityModel",
    "PromptModel",
    "PushPullRule",
    "RMSAgent",
    "RMSConfig",
    "SFTModel",
    "Schema",
    "Split",
    "Surroundings",
    "SurveyTable",
    "TabularModel",
    "Translation",
    "Verbalisation",
    "Wording",
    "ZeroShotModel",
    "calibrate_flows",
    "chfs",
    "compare",
    "drift",
    "evaluate",
    "evaluate_probabilities",
    "hazard",
    "leakage_report",
    "load_model",
    "moving_risks",
    "person_factors",
    "person_periods",
    "place_utility",
    "pooled_probability",
    "prior_shift",
    "read_schema",
    "read_survey",
    "shipped_schema",
    "split",
    "stock_probability",
    "synthetic_survey",
    "without_households",
]

_HOME = MappingProxyType(
    {
        "Assessment": "decision",
        "Column": "survey.column",
        "Comparison": "evaluation.report",
        "Decisions": "decision",
        "Drift": "flows.drift",
        "FlowCalibration": "flows.calibration",
        "Grouping": "flows.grouping",
        "HazardModel": "flows.hazard_model",
        "person_periods": "flows.person_periods",
        "calibrate_flows": "flows.solving",
        "drift": "flows.drift",
        "moving_risks": "hazards",
        "Encoder": "survey.encoder",
        "Evaluation": "evaluation.evaluation",
        "LeakageReport": "survey.leakage",
        "MigrationDecision": "decision",
        "MigrationModel": "models.base",
        "ProbabilityCalibration": "evaluation.calibration",
        "ProbabilityModel": "models.base",
        "PromptModel": "models.zero_shot",
        "PushPullRule": "models.push_pull",
        "RMSAgent": "models.rms.agent",
        "RMSConfig": "models.rms.config",
        "Outcome": "survey.outcome",
        "PredictionCache": "models.prediction_cache",
        "SFTModel": "models.sft",
        "Schema": "survey.schema",
        "Split": "survey.splitting",
        "Surroundings": "models.surroundings",
        "SurveyTable": "survey.table",
        "TabularModel": "models.tabular",
        "Translation": "survey.column",
        "Verbalisation": "survey.verbalisation",
        "Wording": "survey.outcome",
        "ZeroShotModel": "models.zero_shot_odds",
        "chfs": "survey.shipped",
        "compare": "evaluation.comparison",
        "evaluate": "evaluation.evaluation",
        "evaluate_probabilities": "evaluation.evaluation",
        "hazard": "hazards",
        "leakage_report": "survey.leakage",
        "load_model": "models.loading",
        "person_factors": "models.push_pull",
        "place_utility": "models.surroundings",
        "pooled_probability": "hazards",
        "prior_shift": "evaluation.calibration",
        "read_schema": "survey.shipped",
        "read_survey": "survey.table",
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

"""Who returns home: survey rows, models that learn from them, and how honest they are."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

# At once: functions that bear the name of their module, which would else stand in their place.
from mesa_llm_city.migration.hazards import hazard, pooled, stock
from mesa_llm_city.migration.survey.splitting import Split, split

if TYPE_CHECKING:
    from mesa_llm_city.migration.decision import (
        Assessment,
        Decisions,
        MigrationConfig,
        MigrationDecision,
        Predicts,
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
    from mesa_llm_city.migration.models.base import MigrationModel
    from mesa_llm_city.migration.models.checkpoint import load_model
    from mesa_llm_city.migration.models.prediction_cache import PredictionCache
    from mesa_llm_city.migration.models.push_pull import (
        PushPullConfig,
        PushPullRule,
        Surroundings,
        place_utility,
    )
    from mesa_llm_city.migration.models.rms.agent import RMSAgent
    from mesa_llm_city.migration.models.rms.config import RMSConfig
    from mesa_llm_city.migration.models.sft import SFTModel
    from mesa_llm_city.migration.models.tabular import TabularModel
    from mesa_llm_city.migration.models.zero_shot import PromptModel
    from mesa_llm_city.migration.survey.encoder import Encoder
    from mesa_llm_city.migration.survey.leakage import LeakageReport, leakage_report
    from mesa_llm_city.migration.survey.schema import FeatureSpec, Schema, chfs
    from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    from mesa_llm_city.migration.survey.table import SurveyTable, read_survey
    from mesa_llm_city.migration.survey.verbalisation import Verbalisation

__all__ = [
    "Assessment",
    "Comparison",
    "Decisions",
    "Encoder",
    "Evaluation",
    "FeatureSpec",
    "LeakageReport",
    "MigrationConfig",
    "MigrationDecision",
    "MigrationModel",
    "PredictionCache",
    "Predicts",
    "ProbabilityCalibration",
    "PromptModel",
    "PushPullConfig",
    "PushPullRule",
    "RMSAgent",
    "RMSConfig",
    "SFTModel",
    "Schema",
    "Split",
    "Surroundings",
    "SurveyTable",
    "TabularModel",
    "Verbalisation",
    "chfs",
    "compare",
    "evaluate",
    "evaluate_probabilities",
    "hazard",
    "leakage_report",
    "load_model",
    "place_utility",
    "pooled",
    "prior_shift",
    "read_survey",
    "split",
    "stock",
    "synthetic_survey",
    "without_households",
]

_HOME = MappingProxyType(
    {
        "Assessment": "decision",
        "Comparison": "evaluation.report",
        "Decisions": "decision",
        "Encoder": "survey.encoder",
        "Evaluation": "evaluation.evaluation",
        "FeatureSpec": "survey.schema",
        "LeakageReport": "survey.leakage",
        "MigrationConfig": "decision",
        "MigrationDecision": "decision",
        "MigrationModel": "models.base",
        "Predicts": "decision",
        "ProbabilityCalibration": "evaluation.calibration",
        "PromptModel": "models.zero_shot",
        "PushPullConfig": "models.push_pull",
        "PushPullRule": "models.push_pull",
        "RMSAgent": "models.rms.agent",
        "RMSConfig": "models.rms.config",
        "PredictionCache": "models.prediction_cache",
        "SFTModel": "models.sft",
        "Schema": "survey.schema",
        "Surroundings": "models.push_pull",
        "SurveyTable": "survey.table",
        "TabularModel": "models.tabular",
        "Verbalisation": "survey.verbalisation",
        "chfs": "survey.schema",
        "compare": "evaluation.comparison",
        "evaluate": "evaluation.evaluation",
        "evaluate_probabilities": "evaluation.evaluation",
        "leakage_report": "survey.leakage",
        "load_model": "models.checkpoint",
        "place_utility": "models.push_pull",
        "prior_shift": "evaluation.calibration",
        "read_survey": "survey.table",
        "synthetic_survey": "survey.synthetic",
        "without_households": "evaluation.evaluation",
    }
)

__getattr__, __dir__ = _lazily(__name__, _HOME)

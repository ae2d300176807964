"""Who returns home: survey rows, models that learn from them, and how honest they are."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.lazy import lazily as _lazily

# At once: functions that bear the name of their module, which would else stand in their place.
from mesa_llm_city.migration.hazard import hazard, pooled, stock
from mesa_llm_city.migration.split import Split, split

if TYPE_CHECKING:
    from mesa_llm_city.migration.base import MigrationModel
    from mesa_llm_city.migration.calibration import ProbabilityCalibration, prior_shift
    from mesa_llm_city.migration.comparison import compare
    from mesa_llm_city.migration.decision import (
        Assessment,
        Decisions,
        MigrationConfig,
        MigrationDecision,
        Predicts,
    )
    from mesa_llm_city.migration.encoder import Encoder
    from mesa_llm_city.migration.evaluation import (
        Evaluation,
        evaluate,
        evaluate_probabilities,
        without_households,
    )
    from mesa_llm_city.migration.leakage import LeakageReport, leakage_report
    from mesa_llm_city.migration.memo import RowMemo
    from mesa_llm_city.migration.push_pull import (
        PushPullConfig,
        PushPullRule,
        Surroundings,
        place_utility,
    )
    from mesa_llm_city.migration.report import Comparison
    from mesa_llm_city.migration.rms.agent import RMSAgent
    from mesa_llm_city.migration.rms.config import RMSConfig
    from mesa_llm_city.migration.saved import load_model
    from mesa_llm_city.migration.schema import FeatureSpec, Schema, chfs
    from mesa_llm_city.migration.sft import SFTModel
    from mesa_llm_city.migration.synthetic import synthetic_survey
    from mesa_llm_city.migration.table import SurveyTable, read_survey
    from mesa_llm_city.migration.tabular import TabularModel
    from mesa_llm_city.migration.wording import Wording
    from mesa_llm_city.migration.zero_shot import PromptModel

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
    "Predicts",
    "ProbabilityCalibration",
    "PromptModel",
    "PushPullConfig",
    "PushPullRule",
    "RMSAgent",
    "RMSConfig",
    "RowMemo",
    "SFTModel",
    "Schema",
    "Split",
    "Surroundings",
    "SurveyTable",
    "TabularModel",
    "Wording",
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
        "Comparison": "report",
        "Decisions": "decision",
        "Encoder": "encoder",
        "Evaluation": "evaluation",
        "FeatureSpec": "schema",
        "LeakageReport": "leakage",
        "MigrationConfig": "decision",
        "MigrationDecision": "decision",
        "MigrationModel": "base",
        "Predicts": "decision",
        "ProbabilityCalibration": "calibration",
        "PromptModel": "zero_shot",
        "PushPullConfig": "push_pull",
        "PushPullRule": "push_pull",
        "RMSAgent": "rms.agent",
        "RMSConfig": "rms.config",
        "RowMemo": "memo",
        "SFTModel": "sft",
        "Schema": "schema",
        "Surroundings": "push_pull",
        "SurveyTable": "table",
        "TabularModel": "tabular",
        "Wording": "wording",
        "chfs": "schema",
        "compare": "comparison",
        "evaluate": "evaluation",
        "evaluate_probabilities": "evaluation",
        "leakage_report": "leakage",
        "load_model": "saved",
        "place_utility": "push_pull",
        "prior_shift": "calibration",
        "read_survey": "table",
        "synthetic_survey": "synthetic",
        "without_households": "evaluation",
    }
)

__getattr__, __dir__ = _lazily(__name__, _HOME)

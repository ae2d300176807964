"""RMS-Agent: a language model with tabular token, meta-queries, adapters and a head.

Use `RMSAgent` and `RMSConfig`; the other parts are for experiments with the network.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.migration.models.rms.agent import RMSAgent
    from mesa_llm_city.migration.models.rms.attention import FeatureAttention
    from mesa_llm_city.migration.models.rms.backbone import Backbone, load_backbone
    from mesa_llm_city.migration.models.rms.config import RMSConfig
    from mesa_llm_city.migration.models.rms.curves import draw_curves
    from mesa_llm_city.migration.models.rms.network import RMSNetwork
    from mesa_llm_city.migration.models.rms.training import TrainingError, train
    from mesa_llm_city.migration.models.rms.training_state import CurvePoint, Progress
    from mesa_llm_city.migration.models.rms.vectors import CellVectors

__all__ = [
    "Backbone",
    "CellVectors",
    "CurvePoint",
    "FeatureAttention",
    "Progress",
    "RMSAgent",
    "RMSConfig",
    "RMSNetwork",
    "TrainingError",
    "draw_curves",
    "load_backbone",
    "train",
]

_HOME = MappingProxyType(
    {
        "Backbone": "backbone",
        "CellVectors": "vectors",
        "FeatureAttention": "attention",
        "CurvePoint": "training_state",
        "Progress": "training_state",
        "RMSAgent": "agent",
        "RMSConfig": "config",
        "RMSNetwork": "network",
        "TrainingError": "training",
        "draw_curves": "curves",
        "load_backbone": "backbone",
        "train": "training",
    }
)

__getattr__, __dir__ = _lazily(__name__, _HOME)

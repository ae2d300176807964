"""RMS-Agent: a language model with tabular token, meta-queries, adapters and a head."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mesa_llm_city.migration.rms.agent import RMSAgent
    from mesa_llm_city.migration.rms.attention import FeatureAttention
    from mesa_llm_city.migration.rms.backbone import Backbone, load_backbone
    from mesa_llm_city.migration.rms.config import RMSConfig
    from mesa_llm_city.migration.rms.course import Look, Progress
    from mesa_llm_city.migration.rms.curves import draw_curves
    from mesa_llm_city.migration.rms.network import RMSNetwork
    from mesa_llm_city.migration.rms.training import TrainingError, train
    from mesa_llm_city.migration.rms.vectors import CellVectors

__all__ = [
    "Backbone",
    "CellVectors",
    "FeatureAttention",
    "Look",
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
        "Look": "course",
        "Progress": "course",
        "RMSAgent": "agent",
        "RMSConfig": "config",
        "RMSNetwork": "network",
        "TrainingError": "training",
        "draw_curves": "curves",
        "load_backbone": "backbone",
        "train": "training",
    }
)


def __getattr__(name: str) -> object:
    """Import the module that holds a public name, once it is asked for."""
    if name not in _HOME:
        message = f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)

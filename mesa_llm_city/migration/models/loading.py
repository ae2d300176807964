"""Loading a saved model of any kind."""

from __future__ import annotations

from pathlib import Path

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.checkpoint import CONFIG, newest_record, read_record
from mesa_llm_city.migration.models.libraries import require

__all__ = ["TWIN", "load_model", "load_twin"]

TWIN = "twin"
"""Folder, in that of a model, of its twin that does not see which values are missing."""


def load_model(folder: str | Path) -> MigrationModel:
    """Read a model of any kind from its folder.

    Raises
    ------
    DataError
        If there is no model, or it cannot be read.

    Notes
    -----
    A `PromptModel` needs a backend before it can predict.
    """
    folder = Path(folder)
    kind = read_record(newest_record(folder)).get("kind")
    if kind == "tabular":
        from mesa_llm_city.migration.models.tabular import TabularModel

        return TabularModel.load(folder)
    if kind == "prompt":
        from mesa_llm_city.migration.models.zero_shot import PromptModel

        return PromptModel.load(folder)
    if kind == "rule":
        from mesa_llm_city.migration.models.push_pull import PushPullRule

        return PushPullRule.load(folder)
    if kind == "hazard":
        from mesa_llm_city.migration.flows.hazard_model import HazardModel

        return HazardModel.load(folder)
    return _rms_agent(folder)


def load_twin(folder: str | Path) -> MigrationModel | None:
    """Read the twin of a model from the folder ``twin`` in that of the model, if there is one.

    Raises
    ------
    DataError
        If the twin cannot be read.
    """
    twin = Path(folder) / TWIN
    return load_model(twin) if (twin / CONFIG).is_file() else None


def _rms_agent(folder: Path) -> MigrationModel:
    """Read an RMS-Agent, or the last checkpoint of an interrupted training."""
    if "backbone_sha256" not in read_record(newest_record(folder)):
        message = f"{folder / CONFIG} was not written by this package; give the folder of a model"
        raise DataError(message)
    require("torch", "transformers", "peft")
    from mesa_llm_city.migration.models.rms.agent import RMSAgent

    return RMSAgent.load(folder)

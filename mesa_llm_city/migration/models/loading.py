"""Loading a saved model of any kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.checkpoint import CONFIG, newest_record, read_record
from mesa_llm_city.migration.models.libraries import require

__all__ = ["TWIN", "has_language_model", "load_model", "load_models", "load_twin"]

TWIN = "twin"
"""Folder, in that of a model, of its twin that does not see which values are missing."""

_SEVERAL = "several"

# By the kind that a record names; imported when needed, since some are heavy.
_HOME: Mapping[str, str] = MappingProxyType(
    {
        "tabular": "models.tabular.TabularModel",
        "prompt": "models.zero_shot.PromptModel",
        "rule": "models.push_pull.PushPullRule",
        "expectation": "models.expectation_rule.ExpectationRule",
        "several": "models.several_outcomes.SeveralOutcomes",
        "hazard": "flows.hazard_model.HazardModel",
    }
)


def load_model(
    folder: str | Path, *, backbone: str | Path | None = None, device: str | None = None
) -> MigrationModel:
    """Read a model of any kind from its folder.

    Parameters
    ----------
    folder : str or Path
        Folder of the model.
    backbone : str or Path, optional
        Where the language model of an RMS-Agent is (see `RMSAgent.load`).
    device : str, optional
        Device for an RMS-Agent, such as ``"cuda"`` or ``"auto"``.

    Raises
    ------
    DataError
        If there is no model, or it cannot be read.
    ConfigError
        If `backbone` or `device` is given and the model has no language model.

    Notes
    -----
    A `PromptModel` needs a backend before it can predict.
    """
    folder = Path(folder)
    kind = read_record(newest_record(folder)).get("kind")
    if not isinstance(kind, str) or kind not in _HOME:
        return _rms_agent(folder, backbone, device)
    given = {"backbone": backbone, "device": device}
    if not has_language_model(folder):
        _refuse(f"no {kind} model", **given)
    module, name = _HOME[kind].rsplit(".", 1)
    made = getattr(import_module(f"mesa_llm_city.migration.{module}"), name)
    model: MigrationModel = made.load(folder, **(given if kind == _SEVERAL else {}))
    return model


def load_models(
    folders: Sequence[Path], *, backbone: str | Path | None = None, device: str | None = None
) -> list[MigrationModel]:
    """Read several models; the options are for those that have a language model.

    Raises
    ------
    ConfigError
        If an option is given and none of them has a language model.
    DataError
        If one cannot be read.
    """
    has_one = [has_language_model(folder) for folder in folders]
    if not any(has_one):
        _refuse("none of the models", backbone=backbone, device=device)
    return [
        load_model(folder, backbone=backbone, device=device) if has else load_model(folder)
        for folder, has in zip(folders, has_one, strict=True)
    ]


def has_language_model(folder: str | Path) -> bool:
    """Return whether a saved model was trained from a language model.

    Raises
    ------
    DataError
        If there is no model.
    """
    folder = Path(folder)
    record = read_record(newest_record(folder))
    if record.get("kind") == _SEVERAL:
        first = folder / "outcome_0"
        return (newest_record(first) / CONFIG).is_file() and has_language_model(first)
    return "backbone" in record


def load_twin(
    folder: str | Path, *, backbone: str | Path | None = None, device: str | None = None
) -> MigrationModel | None:
    """Read the twin of a model from the folder ``twin`` in that of the model, if there is one.

    The options are those of `load_model`.

    Raises
    ------
    DataError
        If the twin cannot be read.
    """
    twin = Path(folder) / TWIN
    if not (twin / CONFIG).is_file():
        return None
    return load_model(twin, backbone=backbone, device=device)


def _refuse(what: str, **given: object) -> None:
    """Refuse options that a model has no use for."""
    if unused := [name for name, value in given.items() if value is not None]:
        message = f"{what} has a language model; leave out {' and '.join(unused)}"
        raise ConfigError(message)


def _rms_agent(folder: Path, backbone: str | Path | None, device: str | None) -> MigrationModel:
    """Read an RMS-Agent, or the last checkpoint of an interrupted training."""
    if "backbone" not in read_record(newest_record(folder)):
        message = f"{folder / CONFIG} was not written by this package; give the folder of a model"
        raise DataError(message)
    require("torch", "transformers", "peft")
    from mesa_llm_city.migration.models.rms.agent import RMSAgent

    return RMSAgent.load(folder, backbone=backbone, device=device)

"""Backbone, reader and network together, made afresh or from a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.models.rms.backbone import Backbone, load_backbone, resolve_precision
from mesa_llm_city.migration.models.rms.checkpoint import Checkpoint
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.inputs import Inputs
from mesa_llm_city.migration.models.rms.network import RMSNetwork
from mesa_llm_city.migration.models.rms.reader import Reader
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["TrainedModel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedModel:
    """What turns a table into log odds.

    Parameters
    ----------
    backbone : Backbone
        The frozen decoder.
    reader : Reader
        From tables to inputs.
    network : RMSNetwork
        From inputs to log odds.
    precision : {"bf16", "fp32"}
        Of the backbone.
    """

    backbone: Backbone
    reader: Reader
    network: RMSNetwork
    precision: str

    @classmethod
    def fresh(cls, table: SurveyTable, config: RMSConfig) -> Self:
        """Build one that has learnt to read `table`, and nothing else yet."""
        precision = resolve_precision(config.precision, config.device)
        backbone = _backbone(config, precision)
        return cls._assembled(backbone, Reader.fit(table, config, backbone), precision)

    @classmethod
    def remembered(cls, told: Checkpoint, config: RMSConfig) -> Self:
        """Build one from a checkpoint; `config` may name another place of its backbone.

        Raises
        ------
        DataError
            If the backbone, the schema or the parameters are not those recorded.
        """
        backbone = _backbone(config, told.precision)
        _check("backbone", backbone.sha256, told.backbone_sha256)
        reader = Reader.from_state(told.reader, config)
        _check("schema", reader.schema.hash(), told.schema_hash)
        mind = cls._assembled(backbone, reader, told.precision)
        live = {**mind.network.own_parts(), **mind.network.adapters()}
        _assign(live, {**told.own, **told.adapters})
        mind.network.eval()
        return mind

    @classmethod
    def _assembled(cls, backbone: Backbone, reader: Reader, precision: str) -> Self:
        network = RMSNetwork(
            backbone,
            reader.config,
            features=len(reader.encoder.names),
            provinces=len(reader.provinces),
            cells=reader.cell_vectors(backbone),
        )
        return cls(backbone=backbone, reader=reader, network=network, precision=precision)

    def read(self, table: SurveyTable, *, own: bool = False) -> Inputs:
        """Return the rows of `table` as inputs; `own` tells that they were fitted on."""
        return self.reader.read(table, self.backbone, self.network.cells, own=own)


def _backbone(config: RMSConfig, precision: str) -> Backbone:
    return load_backbone(
        config.backbone, depth=config.depth, precision=precision, device=config.device
    )


def _check(what: str, seen: str, recorded: str) -> None:
    if seen == recorded:
        return
    message = (
        f"the {what} has fingerprint {seen[:12]}, but the checkpoint was trained with "
        f"{recorded[:12]}; name the {what} it was trained with"
    )
    raise DataError(message)


def _assign(live: dict[str, Tensor], saved: dict[str, Tensor]) -> None:
    defects = [f"no parameter {name}" for name in sorted(set(live) - set(saved))]
    defects += [f"a parameter {name} too many" for name in sorted(set(saved) - set(live))]
    defects += [
        f"{name} has shape {tuple(saved[name].shape)}, expected {tuple(part.shape)}"
        for name, part in live.items()
        if name in saved and saved[name].shape != part.shape
    ]
    if defects:
        advice = "It was written for another network; train again."
        source = "the checkpoint"
        raise DataError.listing(source, defects[:20], advice=advice)
    with torch.no_grad():
        for name, part in live.items():
            part.copy_(saved[name])

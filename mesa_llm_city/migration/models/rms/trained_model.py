"""A trained model: backbone, reader and network, new or from a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.models.rms.backbone import Backbone, check_backbone, load_backbone
from mesa_llm_city.migration.models.rms.checkpoint import Checkpoint
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.devices import resolve_device, resolve_precision
from mesa_llm_city.migration.models.rms.inputs import Inputs
from mesa_llm_city.migration.models.rms.network import RMSNetwork
from mesa_llm_city.migration.models.rms.reader import Reader
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["TrainedModel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedModel:
    """Backbone, reader and network, which turn a table into log odds.

    Parameters
    ----------
    backbone : Backbone
        The frozen decoder.
    reader : Reader
        Turns tables into inputs.
    network : RMSNetwork
        Turns inputs into log odds.
    precision : {"bf16", "fp32"}
        Precision of the backbone.
    """

    backbone: Backbone
    reader: Reader
    network: RMSNetwork
    precision: str

    @classmethod
    def for_training(cls, table: SurveyTable, config: RMSConfig) -> Self:
        """Return an untrained model with a reader fitted to `table`."""
        check_backbone(config)
        precision = resolve_precision(config.precision, resolve_device(config.device))
        backbone = _backbone(config, precision)
        return cls._assembled(backbone, Reader.fit(table, config, backbone), precision)

    @classmethod
    def from_checkpoint(cls, saved: Checkpoint, config: RMSConfig) -> Self:
        """Return the model of a checkpoint.

        Parameters
        ----------
        saved : Checkpoint
            What was saved.
        config : RMSConfig
            Its options, with a path where the same backbone has been found.

        Raises
        ------
        DataError
            If schema or parameters differ from those of the checkpoint.
        """
        reader = _reader(saved, config)
        _check("schema", reader.schema.hash(), saved.schema_hash)
        backbone = _backbone(config, saved.precision)
        model = cls._assembled(backbone, reader, saved.precision)
        live = {**model.network.new_parameters(), **model.network.adapters()}
        _assign(live, {**saved.new_parameters, **saved.adapters})
        model.network.eval()
        return model

    @classmethod
    def _assembled(cls, backbone: Backbone, reader: Reader, precision: str) -> Self:
        network = RMSNetwork(
            backbone,
            reader.config,
            features=len(reader.encoder.names),
            provinces=len(reader.provinces),
            cells=reader.cell_vectors(backbone),
            wording=reader.schema.wording.get(reader.config.language),
        )
        return cls(backbone=backbone, reader=reader, network=network, precision=precision)

    def read(self, table: SurveyTable, *, is_training: bool = False) -> Inputs:
        """Return the rows of `table` as inputs (see `Reader.read`)."""
        cells = self.network.cells
        inputs = self.reader.read(table, self.backbone, cells, is_training=is_training)
        self.backbone.check_length(self.network.positions_of(inputs))
        return inputs


def _backbone(config: RMSConfig, precision: str) -> Backbone:
    return load_backbone(
        config.backbone,
        depth=config.depth,
        precision=precision,
        device=config.device,
        with_head=config.head == "generative",
    )


def _reader(saved: Checkpoint, config: RMSConfig) -> Reader:
    try:
        return Reader.from_state(saved.reader, config)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        message = f"the reader of the checkpoint is not valid ({error}); train again"
        raise DataError(message) from error


def _check(what: str, seen: str, recorded: str) -> None:
    if seen == recorded:
        return
    message = (
        f"the {what} has fingerprint {seen[:12]}, but the checkpoint was trained with "
        f"{recorded[:12]}; give the {what} of the training"
    )
    raise DataError(message)


def _assign(live: dict[str, Tensor], saved: dict[str, Tensor]) -> None:
    defects = [f"no parameter {name}" for name in sorted(set(live) - set(saved))]
    defects += [f"unexpected parameter {name}" for name in sorted(set(saved) - set(live))]
    defects += [
        f"{name} has shape {tuple(saved[name].shape)}, expected {tuple(part.shape)}"
        for name, part in live.items()
        if name in saved and saved[name].shape != part.shape
    ]
    defects += [
        f"{name} has the type {saved[name].dtype}, expected {part.dtype}"
        for name, part in live.items()
        if name in saved and saved[name].dtype != part.dtype
    ]
    defects += [
        f"{name} has values that are not finite"
        for name, part in sorted(saved.items())
        if not bool(part.isfinite().all())
    ]
    if defects:
        advice = "It belongs to another network, or is damaged; train again."
        source = "the checkpoint"
        raise DataError.listing(source, defects[:20], advice=advice)
    with torch.no_grad():
        for name, part in live.items():
            part.copy_(saved[name])

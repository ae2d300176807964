"""RMS-Agent: a language model that is trained on survey rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.evaluation.calibration import ProbabilityCalibration
from mesa_llm_city.migration.models.base import usable_validation
from mesa_llm_city.migration.models.rms.attention import FeatureAttention, feature_attention
from mesa_llm_city.migration.models.rms.backbone import check_backbone
from mesa_llm_city.migration.models.rms.checkpoint import (
    Checkpoint,
    newest_checkpoint,
    read_checkpoint,
    replace_checkpoint,
    write_checkpoint,
)
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.devices import is_usable, resolve_device
from mesa_llm_city.migration.models.rms.inference import log_odds_of
from mesa_llm_city.migration.models.rms.search import find_backbone
from mesa_llm_city.migration.models.rms.threads import limited_threads
from mesa_llm_city.migration.models.rms.trained_model import TrainedModel
from mesa_llm_city.migration.models.rms.training import LabelledInputs, train
from mesa_llm_city.migration.models.rms.training_state import (
    CurvePoint,
    Progress,
    best_point,
)
from mesa_llm_city.migration.models.training_rows import TrainingRows
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["RMSAgent"]


class RMSAgent:
    """A trainable model of the decision: a decoder with tabular token, meta-queries and head.

    Parameters
    ----------
    config : RMSConfig, optional
        All options; they can also be given by name.
    **options
        Options of `RMSConfig`, such as ``backbone`` and ``queries``.

    Attributes
    ----------
    curve : list of CurvePoint
        Learning curve.
    calibration : ProbabilityCalibration or None
        Temperature and intercept, fitted to the validation rows.
    training_rows : TrainingRows or None
        Fingerprints of the training rows, by which `evaluate` tells whether rows were seen.

    References
    ----------
    Liu, Lin and Qiao, "Multimodal LLM-Based Agent for Human Behavior Simulation:
    Modeling Return Migration Dynamics" (RMS-Agent), eqs. 1 to 6.
    """

    def __init__(self, config: RMSConfig | None = None, **options: object) -> None:
        if config is not None and options:
            message = "give either config or options by name, not both"
            raise ConfigError(message)
        self.config = config or RMSConfig.from_dict(options)
        self.curve: list[CurvePoint] = []
        self.calibration: ProbabilityCalibration | None = None
        self.training_rows: TrainingRows | None = None
        self._model: TrainedModel | None = None

    def check(self) -> None:
        """Check device and language model against the options; no weights are read.

        Raises
        ------
        ConfigError
            If the device is not on this machine, or an option does not fit the language model.
        DataError
            If there is no language model, or its architecture is not accepted.
        """
        check_backbone(self.config)

    def fit(
        self,
        train_rows: SurveyTable,
        val_rows: SurveyTable | None = None,
        *,
        folder: str | Path | None = None,
        report: Callable[[Progress], None] | None = None,
    ) -> Self:
        """Train on survey rows.

        Parameters
        ----------
        train_rows : SurveyTable
            Training rows.
        val_rows : SurveyTable, optional
            Rows for early stopping and calibration; without both, and with a warning, if they
            are of one class. With `RMSConfig.refit` the agent is then trained again on them too.
        folder : str or Path, optional
            Folder for the best checkpoint and the state of training. An interrupted training
            continues from it, with the same result as without interruption.
        report : callable, optional
            Called with a `Progress` after every step.

        Raises
        ------
        DataError
            If all labels are the same, or the backbone cannot be read.
        TrainingError
            If the loss is not finite.

        Warns
        -----
        OneClassWarning
            If the validation rows are of one class.
        """
        _check_classes("training", train_rows)
        val_rows = usable_validation(val_rows)
        with limited_threads(self.config.threads):
            self._train(train_rows, val_rows, None if folder is None else Path(folder), report)
        if folder is not None:
            self.save(folder)
        return self

    def start(self, rows: SurveyTable) -> Self:
        """Make the network as it is before training; labels are not used.

        Parameters
        ----------
        rows : SurveyTable
            Rows with the schema, and with the values by which columns are scaled and imputed.

        Raises
        ------
        DataError
            If the backbone cannot be read.
        """
        with limited_threads(self.config.threads):
            self._model = TrainedModel.for_training(rows, self.config)
        self._model.network.eval()
        self.calibration, self.curve = None, []
        self.training_rows = TrainingRows.of(rows)
        return self

    def predict_proba(self, table: SurveyTable) -> NDArray[np.float64]:
        """Return the probabilities of labels 0 and 1, shape (n, 2).

        The prediction of a row does not depend on other rows, to the last bit.
        """
        model = self._fitted()
        with limited_threads(self.config.threads):
            p = _sigmoid(log_odds_of(model.network, model.read(table)))
        if self.calibration is not None:
            p = self.calibration.apply(p)
        return np.column_stack([1.0 - p, p])

    def state_of(self, table: SurveyTable) -> NDArray[np.float32]:
        """Return the hidden state h (eq. 4), shape (n, width)."""
        model = self._fitted()
        with limited_threads(self.config.threads), torch.inference_mode():
            state = model.network.eval().state(model.read(table))
        h: NDArray[np.float32] = state.float().cpu().numpy()
        return h

    def save(self, folder: str | Path) -> None:
        """Write ``config.json``, ``model.safetensors`` and ``adapter/`` to `folder`."""
        write_checkpoint(Path(folder), self._checkpoint())

    @classmethod
    def load(
        cls,
        folder: str | Path,
        *,
        backbone: str | Path | None = None,
        device: str | None = None,
    ) -> Self:
        """Read a checkpoint; of an interrupted training, the best one.

        Parameters
        ----------
        folder : str or Path
            Folder written by `save`, or given to `fit`.
        backbone : str or Path, optional
            Folder or file of the language model, or a folder that contains it. By default it
            is searched for at the path of the training, beside `folder`, and in the folders of
            the environment variable ``MESA_LLM_CITY_BACKBONES`` (see `search`). Its hash must
            be that of the training.
        device : str, optional
            Device of torch, or ``"auto"``; by default that of the training, or ``"cpu"`` where
            there is none such.

        Raises
        ------
        ConfigError
            If the device cannot be used here.
        DataError
            If a file is missing, truncated or of another kind, or the backbone is not found.
        """
        if device is not None:
            resolve_device(device)
        place = newest_checkpoint(Path(folder))
        saved = read_checkpoint(place)
        options = saved.config.to_dict()
        found = find_backbone(
            saved.backbone, given=backbone, recorded=saved.config.backbone, beside=Path(folder)
        )
        options["backbone"] = str(found)
        kept = saved.config.device
        options["device"] = device or (kept if kept == "auto" or is_usable(kept) else "cpu")
        agent = cls(RMSConfig.from_dict(options))
        agent._model = TrainedModel.from_checkpoint(saved, agent.config)
        agent.curve = list(saved.curve)
        agent.training_rows = saved.training_rows
        if saved.calibration is not None:
            agent.calibration = ProbabilityCalibration.from_state(saved.calibration)
        return agent

    def attention_of(self, table: SurveyTable) -> FeatureAttention:
        """Return the attention of each meta-query to each feature (figure 3)."""
        model = self._fitted()
        with limited_threads(self.config.threads):
            return feature_attention(model, table)

    def _train(
        self,
        train_rows: SurveyTable,
        val_rows: SurveyTable | None,
        folder: Path | None,
        report: Callable[[Progress], None] | None,
    ) -> None:
        held_out = self._train_and_choose(train_rows, val_rows, folder, report)
        self._calibrate(held_out)
        if val_rows is not None and self.config.refit:
            self._refit(train_rows.joined(val_rows), len(train_rows), folder, report)

    def _train_and_choose(
        self,
        train_rows: SurveyTable,
        val_rows: SurveyTable | None,
        folder: Path | None,
        report: Callable[[Progress], None] | None,
    ) -> LabelledInputs | None:
        """Train with early stopping; return the validation rows as inputs."""
        self._model = model = TrainedModel.for_training(train_rows, self.config)
        held_out = (
            None
            if val_rows is None
            else LabelledInputs(model.read(val_rows), val_rows.target, val_rows.weight)
        )
        state_folder = None if folder is None else folder / "training"
        self.calibration = None
        self.training_rows = TrainingRows.of(train_rows, val_rows)
        self.curve = train(
            model.network,
            model.read(train_rows, is_training=True),
            train_rows.target,
            held_out,
            weight=train_rows.weight,
            folder=state_folder,
            keep=None if state_folder is None else lambda: self._keep(state_folder),
            report=report,
        )
        return held_out

    def _refit(
        self,
        rows: SurveyTable,
        chosen_on: int,
        folder: Path | None,
        report: Callable[[Progress], None] | None,
    ) -> None:
        """Train anew on all rows, for the share of the epochs that was best on `chosen_on` rows."""
        best = best_point(self.curve, select=self.config.select)
        self._model = model = TrainedModel.for_training(rows, self.config)
        train(
            model.network,
            model.read(rows, is_training=True),
            rows.target,
            weight=rows.weight,
            until=best.rows / (chosen_on * self.config.epochs),
            folder=None if folder is None else folder / "training" / "refit",
            report=report,
        )

    def _calibrate(self, held_out: LabelledInputs | None) -> None:
        if held_out is None:
            return
        rows, target, weight = held_out
        p = _sigmoid(log_odds_of(self._fitted().network, rows))
        self.calibration = ProbabilityCalibration.fit(p, target, weight)

    def _keep(self, folder: Path) -> None:
        replace_checkpoint(folder / "best", self._checkpoint())

    def _checkpoint(self) -> Checkpoint:
        model = self._fitted()
        return Checkpoint(
            config=self.config,
            precision=model.precision,
            backbone=model.backbone.identity,
            schema_hash=model.reader.schema.hash(),
            reader=model.reader.state(),
            calibration=None if self.calibration is None else self.calibration.state(),
            curve=tuple(self.curve),
            new_parameters=model.network.new_parameters(),
            adapters=model.network.adapters(),
            training_rows=self.training_rows,
        )

    def _fitted(self) -> TrainedModel:
        if self._model is None:
            message = "the agent is not trained; call fit, or RMSAgent.load"
            raise ConfigError(message)
        return self._model


def _check_classes(name: str, rows: SurveyTable) -> None:
    if len(np.unique(rows.target)) > 1:
        return
    message = f"the {len(rows)} {name} rows all have the same label; rows of both labels are needed"
    raise DataError(message)


def _sigmoid(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.exp(-np.logaddexp(0.0, -log_odds))

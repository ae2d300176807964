"""RMS-Agent: a language model that learns a decision from survey rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.evaluation.calibration import ProbabilityCalibration
from mesa_llm_city.migration.models.rms.attention import FeatureAttention, feature_attention
from mesa_llm_city.migration.models.rms.checkpoint import (
    Checkpoint,
    newest_checkpoint,
    read_checkpoint,
    replace_checkpoint,
    write_checkpoint,
)
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.inference import log_odds_of
from mesa_llm_city.migration.models.rms.inputs import Inputs
from mesa_llm_city.migration.models.rms.threads import limited_threads
from mesa_llm_city.migration.models.rms.trained_model import TrainedModel
from mesa_llm_city.migration.models.rms.training import train
from mesa_llm_city.migration.models.rms.training_state import Look, Progress
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["RMSAgent"]


class RMSAgent:
    """A trainable decision: a decoder with tabular token, meta-queries and head.

    Parameters
    ----------
    config : RMSConfig, optional
        All options; or give them by name.
    **options
        As of `RMSConfig`, such as ``backbone`` and ``queries``.

    Attributes
    ----------
    looks : list of Look
        The learning curve.
    calibration : ProbabilityCalibration or None
        Temperature and intercept, fitted on the validation rows.

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
        self.looks: list[Look] = []
        self.calibration: ProbabilityCalibration | None = None
        self._mind: TrainedModel | None = None

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
            Rows to learn from.
        val_rows : SurveyTable, optional
            Rows that decide when to stop, and to which the probabilities are calibrated.
        folder : str or Path, optional
            Where to keep the last good checkpoint and the state of training. A run that
            was killed goes on from it, and ends as if it had not been.
        report : callable, optional
            Told a `Progress` after every step.

        Raises
        ------
        DataError
            If the labels are of one class, or the backbone cannot be read.
        TrainingError
            If the loss is not a number.
        """
        for name, rows in (("training", train_rows), ("validation", val_rows)):
            _check_classes(name, rows)
        with limited_threads(self.config.threads):
            self._learn(train_rows, val_rows, None if folder is None else Path(folder), report)
        if folder is not None:
            self.save(folder)
        return self

    def predict_proba(self, table: SurveyTable) -> NDArray[np.float64]:
        """Return the probabilities of staying and returning, shape (n, 2).

        A row's result depends on that row alone, to the last bit.
        """
        mind = self._fitted()
        with limited_threads(self.config.threads):
            p = _sigmoid(log_odds_of(mind.network, mind.read(table)))
        if self.calibration is not None:
            p = self.calibration.apply(p)
        return np.column_stack([1.0 - p, p])

    def state_of(self, table: SurveyTable) -> NDArray[np.float32]:
        """Return h (eq. 4), the result of latent reasoning, shape (n, width)."""
        mind = self._fitted()
        with limited_threads(self.config.threads), torch.inference_mode():
            state = mind.network.eval().state(mind.read(table))
        told: NDArray[np.float32] = state.float().cpu().numpy()
        return told

    def save(self, folder: str | Path) -> None:
        """Write ``config.json``, ``model.safetensors`` and ``adapter/`` to `folder`."""
        write_checkpoint(Path(folder), self._checkpoint())

    @classmethod
    def load(cls, folder: str | Path, *, backbone: str | Path | None = None) -> Self:
        """Read a checkpoint; of a run that died, the last good one.

        Parameters
        ----------
        folder : str or Path
            Written by `save`, or given to `fit`.
        backbone : str or Path, optional
            Where the language model lies now, if it has moved; it must be the same one.

        Raises
        ------
        DataError
            If a file is missing, truncated or foreign, or the backbone is another one.
        """
        told = read_checkpoint(newest_checkpoint(Path(folder)))
        options = told.config.to_dict()
        if backbone is not None:
            options["backbone"] = str(backbone)
        agent = cls(RMSConfig.from_dict(options))
        agent._mind = TrainedModel.remembered(told, agent.config)
        agent.looks = list(told.looks)
        if told.calibration is not None:
            agent.calibration = ProbabilityCalibration.from_state(told.calibration)
        return agent

    def attention_of(self, table: SurveyTable) -> FeatureAttention:
        """Return how much each meta-query attends to each feature (figure 3)."""
        mind = self._fitted()
        with limited_threads(self.config.threads):
            return feature_attention(mind, table)

    def _learn(
        self,
        train_rows: SurveyTable,
        val_rows: SurveyTable | None,
        folder: Path | None,
        report: Callable[[Progress], None] | None,
    ) -> None:
        self._mind = mind = TrainedModel.fresh(train_rows, self.config)
        held_out = None if val_rows is None else (mind.read(val_rows), val_rows.target)
        into = None if folder is None else folder / "training"
        self.calibration = None
        self.looks = train(
            mind.network,
            mind.read(train_rows, own=True),
            train_rows.target,
            held_out,
            folder=into,
            keep=None if into is None else lambda: self._keep(into),
            report=report,
        )
        self._calibrate(held_out)

    def _calibrate(self, held_out: tuple[Inputs, NDArray[np.int8]] | None) -> None:
        if held_out is None:
            return
        rows, target = held_out
        p = _sigmoid(log_odds_of(self._fitted().network, rows))
        self.calibration = ProbabilityCalibration.fit(p, target)

    def _keep(self, folder: Path) -> None:
        replace_checkpoint(folder / "best", self._checkpoint())

    def _checkpoint(self) -> Checkpoint:
        mind = self._fitted()
        return Checkpoint(
            config=self.config,
            precision=mind.precision,
            backbone_sha256=mind.backbone.sha256,
            schema_hash=mind.reader.schema.hash(),
            reader=mind.reader.state(),
            calibration=None if self.calibration is None else self.calibration.state(),
            looks=tuple(self.looks),
            own=mind.network.own_parts(),
            adapters=mind.network.adapters(),
        )

    def _fitted(self) -> TrainedModel:
        if self._mind is None:
            message = "the agent is not trained; call fit, or RMSAgent.load"
            raise ConfigError(message)
        return self._mind


def _check_classes(name: str, rows: SurveyTable | None) -> None:
    if rows is None or len(np.unique(rows.target)) > 1:
        return
    message = (
        f"the {name} rows hold {len(rows)} labels of one class only; "
        "both who returned and who stayed are needed"
    )
    raise DataError(message)


def _sigmoid(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.exp(-np.logaddexp(0.0, -log_odds))

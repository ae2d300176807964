"""Attention of each meta-query over the features (RMS-Agent, figure 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.models.rms.cells import text_features
from mesa_llm_city.migration.models.rms.trained_model import TrainedModel
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["FeatureAttention", "feature_attention", "features_of_tokens"]

_BLOCK = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureAttention:
    """Mean attention of each meta-query over features.

    Parameters
    ----------
    features : tuple of str
        Labels of the features.
    weights : ndarray of float64, shape (queries, features)
        Shares of the attention to features; each row has sum 1.

    Examples
    --------
    >>> FeatureAttention(features=("Age", "Wage"), weights=np.array([[0.9, 0.1]])).top(0, count=1)
    ['Age']
    """

    features: tuple[str, ...]
    weights: NDArray[np.float64]

    def top(self, query: int, *, count: int = 5) -> list[str]:
        """Return the `count` features to which a query, numbered from 0, attends most."""
        order = np.argsort(-self.weights[query], kind="stable")[:count]
        return [self.features[i] for i in order]

    def draw(self, path: str | Path) -> None:
        """Draw a PNG with one row for each query and one column for each feature."""
        from matplotlib.figure import Figure

        queries, features = self.weights.shape
        figure = Figure(figsize=(2.0 + 0.4 * features, 2.5 + 0.4 * queries), layout="constrained")
        axes = figure.subplots()
        picture = axes.imshow(self.weights, aspect="auto", cmap="viridis", vmin=0.0)
        axes.set_xticks(range(features), self.features, rotation=60, ha="right")
        axes.set_yticks(range(queries), [f"q{i + 1}" for i in range(queries)])
        figure.colorbar(picture, ax=axes, label="share of attention to features")
        figure.savefig(path, format="png", dpi=120)


def feature_attention(model: TrainedModel, table: SurveyTable) -> FeatureAttention:
    """Return the attention of the meta-queries, as the mean over rows, layers and heads.

    Raises
    ------
    ConfigError
        If the agent has no meta-queries, or no text.
    """
    config = model.reader.config
    if not config.queries or not config.text:
        message = (
            f"attention needs meta-queries and text; queries is {config.queries} "
            f"and text is {config.text}"
        )
        raise ConfigError(message)
    skip = () if config.trajectory is None else (config.trajectory,)
    specs = text_features(model.reader.schema, skip=skip)
    labels = [spec.label_in(config.language) for spec in specs]
    blocks = [np.arange(at, min(at + _BLOCK, len(table))) for at in range(0, len(table), _BLOCK)]
    sums = [_block(model, table.take(rows), labels) for rows in blocks]
    total = np.sum(sums, axis=0)
    return FeatureAttention(
        features=tuple(labels), weights=total / total.sum(axis=1, keepdims=True)
    )


def _block(model: TrainedModel, table: SurveyTable, labels: list[str]) -> NDArray[np.float64]:
    """Return attention summed over rows, shape (queries, features)."""
    network = model.network.eval()
    inputs = model.read(table)
    with torch.inference_mode():
        weights = network.attention(inputs).float().mean(dim=(0, 2)).cpu().numpy()
    weights = weights[:, -model.reader.config.queries :].astype(np.float64)
    if network.cells is not None:
        start = network.cells.opening_length
        to_features: NDArray[np.float64] = weights[:, :, start : start + len(labels)].sum(axis=0)
        return to_features
    owner = _owners(model, table, labels, width=inputs.words.shape[1])
    words = weights[:, :, : owner.shape[1]]
    by_feature = [(words * (owner == i)[:, None]).sum(axis=(0, 2)) for i in range(len(labels))]
    return np.stack(by_feature, axis=1)


def _owners(
    model: TrainedModel, table: SurveyTable, labels: list[str], *, width: int
) -> NDArray[np.int64]:
    """Return the feature of each token of a text padded on the left, -1 for none."""
    owner = np.full((len(table), width), -1, dtype=np.int64)
    for into, text in zip(owner, model.reader.texts(table), strict=True):
        tokens = model.backbone.tokenizer(text, return_offsets_mapping=True)
        found = features_of_tokens(text, tokens["offset_mapping"], labels)
        into[width - len(found) :] = found
    return owner


def features_of_tokens(
    text: str, offsets: Sequence[tuple[int, int]], labels: Sequence[str]
) -> list[int]:
    r"""Return the feature of each token, -1 for none.

    The text of a feature goes from its label to the end of the line or the next label.

    Examples
    --------
    >>> features_of_tokens("Hi\nAge: 3", [(0, 2), (2, 3), (3, 6), (6, 9)], ["Age"])
    [-1, -1, 0, 0]
    """
    owner = np.full(len(text) + 1, -1, dtype=np.int64)
    at = 0
    for number, label in enumerate(labels):
        start = text.find(f"{label}:", at)
        if start < 0:
            continue
        end = text.find("\n", start)
        owner[start : len(text) if end < 0 else end] = number
        at = start + len(label)
    return [int(owner[max(end - 1, 0)]) if end > start else -1 for start, end in offsets]

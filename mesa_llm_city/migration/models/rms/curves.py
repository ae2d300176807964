"""Figure of the learning curve."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.models.rms.training_state import CurvePoint

__all__ = ["draw_curves"]


def draw_curves(curve: Sequence[CurvePoint], path: str | Path) -> None:
    """Draw training loss, validation log loss and validation AUC over rows, as a PNG.

    Parameters
    ----------
    curve : sequence of CurvePoint
        Learning curve (`RMSAgent.curve`).
    path : str or Path
        PNG file to write.

    Raises
    ------
    ConfigError
        If the curve is empty.
    """
    if not curve:
        message = "the learning curve is empty; train first"
        raise ConfigError(message)
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.0, 4.0), layout="constrained")
    losses = figure.subplots()
    rows = [point.rows for point in curve]
    losses.plot(rows, [point.loss for point in curve], marker="o", label="training loss")
    losses.set_xlabel("rows trained on")
    losses.set_ylabel("log loss (nats)")
    validation = [
        (point.rows, point.val_log_loss, point.val_auc)
        for point in curve
        if point.val_log_loss is not None and point.val_auc is not None
    ]
    if validation:
        seen, loss, auc = zip(*validation, strict=True)
        losses.plot(seen, loss, marker="o", label="validation loss")
        ranks = losses.twinx()
        ranks.plot(seen, auc, marker="s", color="C2", label="AUC")
        ranks.set_ylabel("validation AUC")
        ranks.legend(loc="center right")
    losses.legend(loc="upper right")
    figure.savefig(path, format="png", dpi=120)

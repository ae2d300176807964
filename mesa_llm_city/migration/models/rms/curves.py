"""The learning curve as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.models.rms.training_state import Look

__all__ = ["draw_curves"]


def draw_curves(looks: Sequence[Look], path: str | Path) -> None:
    """Draw training loss, validation log loss and validation AUC over rows, as a PNG.

    Parameters
    ----------
    looks : sequence of Look
        As of ``RMSAgent.looks``.
    path : str or Path
        Where to.

    Raises
    ------
    ConfigError
        If there is nothing to draw.
    """
    if not looks:
        message = "there is no look to draw; train first"
        raise ConfigError(message)
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.0, 4.0), layout="constrained")
    losses = figure.subplots()
    rows = [look.rows for look in looks]
    losses.plot(rows, [look.loss for look in looks], marker="o", label="training loss")
    losses.set_xlabel("rows trained on")
    losses.set_ylabel("log loss (nats)")
    told = [
        (look.rows, look.val_log_loss, look.val_auc)
        for look in looks
        if look.val_log_loss is not None and look.val_auc is not None
    ]
    if told:
        seen, loss, auc = zip(*told, strict=True)
        losses.plot(seen, loss, marker="o", label="validation loss")
        ranks = losses.twinx()
        ranks.plot(seen, auc, marker="s", color="C2", label="AUC")
        ranks.set_ylabel("validation AUC")
        ranks.legend(loc="center right")
    losses.legend(loc="upper right")
    figure.savefig(path, format="png", dpi=120)

"""State of a training run, saved such that an interrupted run can continue."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from mesa_llm_city.core.errors import DataError

__all__ = [
    "CurvePoint",
    "Progress",
    "TrainingState",
    "best_point",
    "read_state",
    "score_of",
    "write_state",
]

_NAME = "training.safetensors"


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """One point of the learning curve: an evaluation during training.

    Parameters
    ----------
    rows : int
        Number of training rows so far.
    loss : float
        Mean training loss since the last evaluation.
    val_log_loss, val_auc : float or None
        Metrics on the validation rows; None without them.
    """

    rows: int
    loss: float
    val_log_loss: float | None = None
    val_auc: float | None = None


def score_of(point: CurvePoint, *, select: str) -> float | None:
    """Return the score of an evaluation, greater is better; None without validation rows."""
    if point.val_log_loss is None:
        return None
    return point.val_auc if select == "auc" else -point.val_log_loss


def best_point(curve: Sequence[CurvePoint], *, select: str) -> CurvePoint:
    """Return the first evaluation with the best score.

    Parameters
    ----------
    curve : sequence of CurvePoint
        Evaluations on validation rows, in order.
    select : {"auc", "log_loss"}
        Metric of improvement.

    Examples
    --------
    >>> curve = [
    ...     CurvePoint(rows=rows, loss=0.5, val_log_loss=loss, val_auc=0.9)
    ...     for rows, loss in ((64, 0.5), (128, 0.4), (192, 0.4))
    ... ]
    >>> best_point(curve, select="log_loss").rows
    128
    """
    return max(curve, key=lambda point: _score_or_least(point, select))


def _score_or_least(point: CurvePoint, select: str) -> float:
    score = score_of(point, select=select)
    return -math.inf if score is None else score


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Progress of training.

    Parameters
    ----------
    rows, rows_total : int
        Number of training rows so far, and of all epochs.
    elapsed_s : float
        Time since the start of this process, in seconds.
    eta_s : float
        Remaining time if all epochs are run, within the budget, in seconds.
    loss : float
        Loss of the last step.

    Examples
    --------
    >>> print(Progress(rows=640, rows_total=1280, elapsed_s=4.0, eta_s=4.0, loss=0.5))
    640/1280 rows, loss 0.5000, 4 s, 4 s left
    """

    rows: int
    rows_total: int
    elapsed_s: float
    eta_s: float
    loss: float

    def __str__(self) -> str:
        """Return one line for a terminal."""
        return (
            f"{self.rows}/{self.rows_total} rows, loss {self.loss:.4f}, "
            f"{self.elapsed_s:.0f} s, {self.eta_s:.0f} s left"
        )


@dataclass(slots=True, kw_only=True)
class TrainingState:
    """Counts of a training run, saved beside its parameters and the moments of the optimiser."""

    step: int = 0
    rows: int = 0
    loss_sum: float = 0.0
    rows_since_evaluation: int = 0
    spent_s: float = 0.0
    waited: int = 0
    best: float = -math.inf
    curve: list[CurvePoint] = field(default_factory=list)

    def is_best(self, score: float | None) -> bool:
        """Return whether `score` is the best so far; always true without validation rows."""
        return score is None or score > self.best

    def add(self, point: CurvePoint, *, best: float | None) -> None:
        """Add an evaluation; `best` is its score if it is the best so far, otherwise None."""
        self.curve.append(point)
        self.waited = 0 if best is not None else self.waited + 1
        self.best = self.best if best is None else best
        self.loss_sum, self.rows_since_evaluation = 0.0, 0


def write_state(
    folder: Path, tensors: dict[str, Tensor], state: TrainingState, facts: dict[str, object]
) -> None:
    """Write a state to `folder` atomically: an interruption leaves the old or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    metadata = {"state": json.dumps(asdict(state)), "facts": json.dumps(facts, sort_keys=True)}
    partial = folder / f"{_NAME}.partial"
    save_file({name: part.contiguous().cpu() for name, part in tensors.items()}, partial, metadata)
    partial.replace(folder / _NAME)


def read_state(
    folder: Path, facts: dict[str, object]
) -> tuple[dict[str, Tensor], TrainingState] | None:
    """Return the state in `folder`, or None if there is none.

    Raises
    ------
    DataError
        If the state cannot be read, or belongs to other rows or options.
    """
    path = folder / _NAME
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        state, seen = json.loads(metadata["state"]), json.loads(metadata["facts"])
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        message = f"{path} is no state of training ({error}); delete it to start again"
        raise DataError(message) from error
    _check_same(path, seen, json.loads(json.dumps(facts)))
    curve = [CurvePoint(**point) for point in state.pop("curve")]
    return tensors, TrainingState(**state, curve=curve)


def _check_same(path: Path, seen: dict[str, Any], facts: dict[str, Any]) -> None:
    names = sorted(name for name in {**seen, **facts} if seen.get(name) != facts.get(name))
    if names:
        raise DataError.listing(
            str(path),
            [f"{name} was {seen.get(name)!r}, is {facts.get(name)!r}" for name in names],
            advice="Continue with the same options and rows, or train into another folder.",
        )

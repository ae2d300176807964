"""Where a training run stands, written so that a killed run can go on as if never stopped."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from mesa_llm_city.core.errors import DataError

__all__ = ["Look", "Progress", "TrainingState", "read_state", "write_state"]

_NAME = "training.safetensors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was seen at one look at the validation rows.

    Parameters
    ----------
    rows : int
        Rows trained on so far.
    loss : float
        Mean training loss since the last look.
    val_log_loss, val_auc : float or None
        On the validation rows; None without them.
    """

    rows: int
    loss: float
    val_log_loss: float | None = None
    val_auc: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far training is.

    Parameters
    ----------
    rows, rows_total : int
        Rows trained on, and rows of all epochs.
    elapsed_s : float
        Seconds of this process.
    eta_s : float
        Seconds left if all epochs are run, within the budget.
    loss : float
        Of the last step.

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
    """The counts of a training run, next to its parameters and the optimiser's moments."""

    step: int = 0
    rows: int = 0
    loss_sum: float = 0.0
    rows_since_look: int = 0
    spent_s: float = 0.0
    waited: int = 0
    best: float = -math.inf
    looks: list[Look] = field(default_factory=list)

    def is_best(self, score: float | None) -> bool:
        """Whether `score` is the best so far; without validation rows the last always is."""
        return score is None or score > self.best

    def add(self, look: Look, *, best: float | None) -> None:
        """Note a look; `best` is its score if it is the best so far."""
        self.looks.append(look)
        self.waited = 0 if best is not None else self.waited + 1
        self.best = self.best if best is None else best
        self.loss_sum, self.rows_since_look = 0.0, 0


def write_state(
    folder: Path, tensors: dict[str, Tensor], course: TrainingState, facts: dict[str, object]
) -> None:
    """Write a state to `folder` in one stroke: a kill leaves the old one or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {"course": json.dumps(asdict(course)), "facts": json.dumps(facts, sort_keys=True)}
    partial = folder / f"{_NAME}.partial"
    save_file({name: part.contiguous().cpu() for name, part in tensors.items()}, partial, told)
    partial.replace(folder / _NAME)


def read_state(
    folder: Path, facts: dict[str, object]
) -> tuple[dict[str, Tensor], TrainingState] | None:
    """Return the state in `folder`, or None if there is none.

    Raises
    ------
    DataError
        If the state cannot be read, or belongs to other rows or options than `facts`.
    """
    path = folder / _NAME
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            told = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        course, seen = json.loads(told["course"]), json.loads(told["facts"])
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        message = f"{path} is no state of training ({error}); delete it to start anew"
        raise DataError(message) from error
    _check_same(path, seen, json.loads(json.dumps(facts)))
    looks = [Look(**look) for look in course.pop("looks")]
    return tensors, TrainingState(**course, looks=looks)


def _check_same(path: Path, seen: dict[str, Any], facts: dict[str, Any]) -> None:
    names = sorted(name for name in {**seen, **facts} if seen.get(name) != facts.get(name))
    if names:
        raise DataError.listing(
            str(path),
            [f"{name} was {seen.get(name)!r}, is {facts.get(name)!r}" for name in names],
            advice="Go on with the same options and rows, or train into another folder.",
        )

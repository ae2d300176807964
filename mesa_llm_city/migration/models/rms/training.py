"""Training of the network, with early stopping, a time budget and continuation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.metrics import auc, log_loss
from mesa_llm_city.migration.models.rms.inference import log_odds_of, rows_at_once
from mesa_llm_city.migration.models.rms.inputs import Inputs
from mesa_llm_city.migration.models.rms.network import RMSNetwork
from mesa_llm_city.migration.models.rms.schedule import batches, one_cycle
from mesa_llm_city.migration.models.rms.training_state import (
    CurvePoint,
    Progress,
    TrainingState,
    read_state,
    score_of,
    write_state,
)

__all__ = ["LabelledInputs", "TrainingError", "train"]

# Options that may differ when an interrupted training continues.
_FREE = frozenset({"backbone", "budget_s", "device", "memory_mb", "patience", "threads"})
_MOMENTS = ("exp_avg", "exp_avg_sq", "step")


class LabelledInputs(NamedTuple):
    """Rows with their labels.

    Attributes
    ----------
    inputs : Inputs
        The rows.
    target : ndarray of int8, shape (n,)
        Labels, 0 or 1.
    weight : ndarray of float64, shape (n,), or None
        Weights of the rows in the sample; None if all are equal.
    """

    inputs: Inputs
    target: NDArray[np.int8]
    weight: Float | None = None


class TrainingError(CityError, RuntimeError):
    """Training cannot continue, for example because the loss is not finite."""


def train(
    network: RMSNetwork,
    inputs: Inputs,
    target: NDArray[np.int8],
    validation: LabelledInputs | None = None,
    *,
    weight: Float | None = None,
    until: float = 1.0,
    folder: Path | None = None,
    keep: Callable[[], None] | None = None,
    report: Callable[[Progress], None] | None = None,
    clock: Callable[[], float] = monotonic,
) -> list[CurvePoint]:
    """Train the new parameters and the adapters of `network` (RMS-Agent, eq. 6).

    Parameters
    ----------
    network : RMSNetwork
        Network to train; it has the best parameters afterwards.
    inputs, target : Inputs and ndarray of int8, shape (n,)
        Training rows and labels.
    validation : LabelledInputs, optional
        Rows for the choice of the best parameters and for early stopping; without them, all
        epochs are run and the last parameters are kept.
    weight : ndarray of float64, shape (n,), optional
        Weights of the training rows, of which only ratios matter; by default all are equal.
    until : float, default 1.0
        Share of the rows of all epochs after which training ends, in (0, 1]. The learning rate is
        that of all epochs.
    folder : Path, optional
        Folder of the state of training, written after every evaluation. If it has a state,
        training continues from it.
    keep : callable, optional
        Called while the network has the best parameters so far, to write a checkpoint.
    report : callable, optional
        Called with the progress after every step.
    clock : callable, default time.monotonic
        Clock in seconds, for the budget and the remaining time.

    Returns
    -------
    list of CurvePoint
        Learning curve.

    Raises
    ------
    TrainingError
        If the loss is not finite; the last checkpoint is kept.
    """
    rows = LabelledInputs(inputs, target, weight)
    run = _Run(network, rows, validation, until=until, clock=clock)
    if folder is not None:
        run.resume(folder)
    for batch in run.remaining():
        progress = run.step(batch)
        if report is not None:
            report(progress)
        if run.is_evaluation_due() and run.evaluate(folder, keep):
            break
    run.finish(folder, keep)
    return run.state.curve


class _Run:
    """One training run: network, optimiser and state."""

    def __init__(
        self,
        network: RMSNetwork,
        rows: LabelledInputs,
        validation: LabelledInputs | None,
        *,
        until: float,
        clock: Callable[[], float],
    ) -> None:
        self.network, self.config = network, network.config
        self.inputs, self.validation = rows.inputs, validation
        device = network.queries.device
        self.target = torch.as_tensor(rows.target, dtype=torch.float32, device=device)
        relative = None if rows.weight is None else rows.weight / rows.weight.mean()
        self.weight = None if relative is None else torch.as_tensor(relative).float().to(device)
        self.clock, self.began = clock, clock()
        self.until = until
        self.parameters = {**network.new_parameters(), **network.adapters()}
        self.running = _copied(self.parameters)
        self.best = _copied(self.parameters)
        self.optimizer = _optimizer(network)
        self.size = rows_at_once(network, rows.inputs.words.shape[1], limit=self.config.batch_rows)
        self.state = TrainingState()

    @property
    def rows_total(self) -> int:
        return len(self.inputs) * self.config.epochs

    @property
    def elapsed_s(self) -> float:
        return self.clock() - self.began

    @property
    def spent_s(self) -> float:
        """Time of this process and of those before it, in seconds."""
        return self.state.spent_s + self.elapsed_s

    @property
    def share_done(self) -> float:
        done = (self.state.rows + 0.5 * self.config.batch_rows) / self.rows_total
        budget = self.config.budget_s
        return min(done if budget is None else max(done, self.spent_s / budget), 1.0)

    def remaining(self) -> Iterator[NDArray[np.int64]]:
        """Yield the remaining batches, until the budget is spent."""
        size, seed = self.config.batch_rows, self.config.seed
        lengths = self.inputs.lengths()
        per_epoch = -(-len(self.inputs) // size)
        for epoch in range(self.state.step // per_epoch, self.config.epochs):
            order = batches(lengths, size=size, seed=seed, epoch=epoch)
            for batch in order[self.state.step - epoch * per_epoch :]:
                if self._is_over():
                    return
                yield batch

    def step(self, batch: NDArray[np.int64]) -> Progress:
        """Take one step of the optimiser with one batch."""
        self.network.train()
        for group in self.optimizer.param_groups:
            group["lr"] = one_cycle(self.share_done, group["peak"])
        self.optimizer.zero_grad(set_to_none=True)
        loss = self._accumulate(batch)
        torch.nn.utils.clip_grad_norm_(self.parameters.values(), self.config.clip_norm)
        self.optimizer.step()
        self._average()
        self._count(len(batch), loss)
        return self._progress(loss)

    def is_evaluation_due(self) -> bool:
        """Return whether enough rows were used since the last evaluation, or all rows were."""
        state = self.state
        is_over = state.rows == self.rows_total
        return is_over or state.rows_since_evaluation >= self.config.evaluate_rows

    def evaluate(self, folder: Path | None, keep: Callable[[], None] | None) -> bool:
        """Evaluate, keep the best parameters, write the state; return whether to stop."""
        with self._averaged():
            point = self._evaluated()
            score = score_of(point, select=self.config.select)
            is_best = self.state.is_best(score)
            if is_best:
                self.best = _copied(self.parameters)
            if is_best and keep is not None:
                keep()
        self.state.add(point, best=(score or 0.0) if is_best else None)
        if folder is not None:
            self._write(folder)
        return self.state.waited >= self.config.patience

    def finish(self, folder: Path | None, keep: Callable[[], None] | None) -> None:
        """Evaluate the last steps, and give the network the best parameters."""
        if self.state.rows_since_evaluation or not self.state.curve:
            self.evaluate(folder, keep)
        _assign(self.parameters, self.best)
        self.network.eval()

    def resume(self, folder: Path) -> None:
        """Continue from the state in `folder`, if there is one."""
        saved = read_state(folder, self._facts())
        if saved is None:
            return
        tensors, self.state = saved
        for kind, parts in self._kinds().items():
            _assign(parts, {name: tensors[f"{kind}/{name}"] for name in parts})
        for name, part in self.parameters.items():
            if f"step/{name}" in tensors:
                moments = {moment: tensors[f"{moment}/{name}"] for moment in _MOMENTS}
                self.optimizer.state[part] = moments

    def _accumulate(self, batch: NDArray[np.int64]) -> float:
        """Accumulate the gradient over parts that fit into memory; return the mean loss."""
        total = 0.0
        with _seeded_dropout(self.config.seed, self.state.step):
            for part in (batch[at : at + self.size] for at in range(0, len(batch), self.size)):
                weight = None if self.weight is None else self.weight[part]
                loss = self.network.loss(self.inputs.take(part), self.target[part], weight)
                share = len(part) / len(batch)
                total += share * self._checked(loss)
                torch.autograd.backward(loss * share)
        return total

    def _checked(self, loss: Tensor) -> float:
        value = float(loss.detach())
        if math.isfinite(value):
            return value
        message = (
            f"the loss is {value} at step {self.state.step}; lower learning_rate "
            f"({self.config.learning_rate}) or adapter_rate ({self.config.adapter_rate}), "
            "or use precision='fp32'; the last checkpoint is kept"
        )
        raise TrainingError(message)

    def _is_over(self) -> bool:
        """Return whether patience or budget is spent; at least one step is taken."""
        budget = self.config.budget_s
        is_spent = budget is not None and self.state.step > 0 and self.spent_s >= budget
        is_enough = self.state.rows >= self.until * self.rows_total
        return is_spent or is_enough or self.state.waited >= self.config.patience

    def _average(self) -> None:
        """Update the running mean; its decay increases, so that the start is forgotten."""
        step = self.state.step
        decay = min(self.config.average, (1.0 + step) / (10.0 + step))
        with torch.no_grad():
            for name, part in self.parameters.items():
                self.running[name].lerp_(part, 1.0 - decay)

    def _count(self, rows: int, loss: float) -> None:
        self.state.step += 1
        self.state.rows += rows
        self.state.rows_since_evaluation += rows
        self.state.loss_sum += rows * loss

    def _progress(self, loss: float) -> Progress:
        done = self.share_done
        return Progress(
            rows=self.state.rows,
            rows_total=self.rows_total,
            elapsed_s=self.elapsed_s,
            eta_s=self.spent_s * (1.0 - done) / done,
            loss=loss,
        )

    @contextmanager
    def _averaged(self) -> Iterator[None]:
        """Give the network the running mean inside the block, if one is kept."""
        if not self.config.average:
            yield
            return
        current = _copied(self.parameters)
        _assign(self.parameters, self.running)
        yield
        _assign(self.parameters, current)

    def _evaluated(self) -> CurvePoint:
        state = self.state
        point = CurvePoint(
            rows=state.rows, loss=state.loss_sum / max(state.rows_since_evaluation, 1)
        )
        if self.validation is None:
            return point
        rows, target, weight = self.validation
        odds = log_odds_of(self.network, rows)
        return replace(
            point,
            val_log_loss=log_loss(target, odds, weight),
            val_auc=auc(target, odds, weight),
        )

    def _facts(self) -> dict[str, object]:
        """Return the options and rows that must be the same when training continues."""
        options = {name: at for name, at in self.config.to_dict().items() if name not in _FREE}
        return {**options, "rows": len(self.inputs), "positives": int(self.target.sum())}

    def _kinds(self) -> dict[str, dict[str, Tensor]]:
        return {"now": self.parameters, "running": self.running, "best": self.best}

    def _write(self, folder: Path) -> None:
        tensors = {
            f"{kind}/{name}": part.detach()
            for kind, parts in self._kinds().items()
            for name, part in parts.items()
        }
        for name, part in self.parameters.items():
            moments = self.optimizer.state.get(part, {})
            tensors |= {f"{moment}/{name}": value for moment, value in moments.items()}
        write_state(folder, tensors, replace(self.state, spent_s=self.spent_s), self._facts())


def _optimizer(network: RMSNetwork) -> torch.optim.AdamW:
    config = network.config
    groups = [
        {"params": list(network.new_parameters().values()), "peak": config.learning_rate},
        {"params": list(network.adapters().values()), "peak": config.adapter_rate},
    ]
    used = [group for group in groups if group["params"]]
    return torch.optim.AdamW(used, lr=0.0, weight_decay=config.weight_decay)


def _copied(parts: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: part.detach().clone() for name, part in parts.items()}


def _assign(into: dict[str, Tensor], values: dict[str, Tensor]) -> None:
    with torch.no_grad():
        for name, part in into.items():
            part.copy_(values[name])


@contextmanager
def _seeded_dropout(seed: int, step: int) -> Iterator[None]:
    """Seed dropout by run and step, so that a continued run draws the same numbers."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(rng(seed, 0, "rms_dropout", step).integers(2**63)))
        yield

"""Benchmarks of a folder of surveys, which continue after an interruption."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.file_sums import file_sum
from mesa_llm_city.migration.evaluation.benchmark_report import BenchmarkReport
from mesa_llm_city.migration.evaluation.cell_store import CellStore, key_of
from mesa_llm_city.migration.evaluation.cells import Cell, Training, cells_of, chosen
from mesa_llm_city.migration.evaluation.comparison import fit_model
from mesa_llm_city.migration.evaluation.evaluation import Shift, evaluate, without_households
from mesa_llm_city.migration.evaluation.plan import Plan
from mesa_llm_city.migration.evaluation.report import Entry
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.libraries import has_library, library
from mesa_llm_city.migration.models.training_rows import TrainingRows, training_rows_of
from mesa_llm_city.migration.models.zero_shot import PromptModel
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.selection import table_without, without_columns
from mesa_llm_city.migration.survey.table import SurveyTable, read_survey

if TYPE_CHECKING:
    from mesa_llm_city.core.asking import Backend

__all__ = ["PARTS", "Asked", "Benchmark", "Computed"]

PARTS = ("val", "test")
"""Which files of a folder are reported on."""

_FORMAT = 1


class Computed(NamedTuple):
    """A cell that has just been computed.

    Parameters
    ----------
    record : mapping
        All values, as stored.
    as_before : bool or None
        Whether its figures are those that were stored before; None if there were none.
    done, total : int
        Number of cells that are finished, and of all cells.
    """

    record: Mapping[str, Any]
    as_before: bool | None
    done: int
    total: int


class _Files(NamedTuple):
    train: Path
    test: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A language model to ask, for the method ``"prompt"``.

    Parameters
    ----------
    backend : Backend
        Source of the answers.
    name : str
        Its name, which belongs to what a result depends on.
    """

    backend: Backend
    name: str


class Benchmark:
    """All models of a plan, on every pair of files of a folder.

    Parameters
    ----------
    folder : str or Path
        Folder with ``train_NAME.csv`` and ``val_NAME.csv`` (or ``test_NAME.csv``), plain or as
        ``.csv.gz``, for one or more NAMEs.
    schema : Schema
        Schema of the files.
    plan : Plan
        What to compute.
    out : str or Path
        Folder for the finished cells (``cells.jsonl``). A cell that is there, with the same
        data, schema, options, seed, language model and version, is not computed again.
    part : {"val", "test"}, default "val"
        Which files are reported on. They are used for nothing else.
    asked : Asked, optional
        Language model to ask, for the method ``"prompt"``.
    command : str, default ""
        Command line of this benchmark. With ``--only`` and the name of a cell it becomes the
        command that computes this cell again.
    keep_models : bool, default False
        Whether trained models stay in the folder ``models`` of `out`.

    Raises
    ------
    DataError
        If there is no pair of files, or a file has defects.
    ConfigError
        If an option cannot be used, or a library is missing.

    Notes
    -----
    Methods from a language model use a tenth of the training households for early stopping
    and calibration (of the people, with the household mean and rows as given; see
    `fit_model`); the others are trained on all rows. An interrupted training of a language
    model continues where it was. Across names, probabilities are shifted to the base rate of
    the other training rows (RMS-Agent, table 5).
    """

    def __init__(
        self,
        folder: str | Path,
        schema: Schema,
        plan: Plan,
        *,
        out: str | Path,
        part: str = "val",
        asked: Asked | None = None,
        command: str = "",
        keep_models: bool = False,
    ) -> None:
        self.plan, self.out, self.command = plan, Path(out), command
        self.keep_models = keep_models
        self._asked = asked
        plan.check(has_llm=asked is not None)
        self._schema = _with_trajectory(schema, plan.trajectory)
        if plan.groups is not None:
            plan.groups.check(self._schema)
        self._files = _pairs(Path(folder), part)
        self.cells = cells_of(plan, list(self._files))
        self._store = CellStore(self.out / "cells.jsonl")
        self._keys: dict[str, str] = {}

    @cached_property
    def tables(self) -> dict[str, tuple[SurveyTable, SurveyTable]]:
        """Training and test rows by name."""
        return {
            name: (read_survey(files.train, self._schema), read_survey(files.test, self._schema))
            for name, files in self._files.items()
        }

    @property
    def finished(self) -> int:
        """Number of cells that are in the folder."""
        return len([cell for cell in self.cells if self.is_finished(cell)])

    def is_finished(self, cell: Cell) -> bool:
        """Return whether a cell is in the folder."""
        return self._store.get(self.key(cell)) is not None

    def run(
        self,
        *,
        only: Sequence[str] = (),
        report: Callable[[Computed], None] | None = None,
    ) -> BenchmarkReport:
        """Compute all cells that are not finished.

        Parameters
        ----------
        only : sequence of str, default ()
            Names of cells to compute, also if they are finished; by default all that are not.
        report : callable, optional
            Called after each cell that was computed.

        Returns
        -------
        BenchmarkReport
            Tables of all cells that are finished.

        Raises
        ------
        DataError
            If a model cannot be trained on or evaluated with a table.
        ConfigError
            If there is no cell of a name.
        """
        _load_libraries()
        todo = chosen(self.cells, only) if only else self.cells
        todo = todo if only else tuple(cell for cell in todo if not self.is_finished(cell))
        for _, same in groupby(todo, key=lambda cell: cell.training.slug):
            self._compute(list(same), report, is_fresh=bool(only))
        return self.report()

    def report(self) -> BenchmarkReport:
        """Return the tables of all cells that are finished."""
        found = {cell.name: self._store.get(self.key(cell)) for cell in self.cells}
        return BenchmarkReport(
            plan=self.plan,
            names=tuple(self._files),
            records={name: one for name, one in found.items() if one is not None},
            total=len(self.cells),
        )

    def key(self, cell: Cell) -> str:
        """Return the hash of all that the result of a cell depends on."""
        if cell.name not in self._keys:
            self._keys[cell.name] = self._key(cell)
        return self._keys[cell.name]

    def _key(self, cell: Cell) -> str:
        groups = None if self.plan.groups is None else self.plan.groups.to_json()
        return key_of(
            {
                "training": self._facts(cell.training),
                "tested_on": [cell.tested_on, file_sum(self._files[cell.tested_on].test)],
                "base_rate_of": file_sum(self._files[cell.tested_on].train) * cell.is_across,
                "groups": groups,
                "bootstrap": self.plan.bootstrap,
            }
        )

    def _facts(self, training: Training) -> dict[str, Any]:
        """Return all that a trained model depends on."""
        variant = training.variant
        asked = self._asked.name if variant.method == "prompt" and self._asked else None
        return {
            "format": _FORMAT,
            "version": _version(),
            "schema": without_columns(self._schema, self._hidden(training)).to_json(),
            "train": [training.name, file_sum(self._files[training.name].train)],
            "removed": [file_sum(self._files[name].test) for name in training.removed],
            "method": variant.method,
            "options": {name: _plain(at) for name, at in variant.options.items()},
            "backbone": _identity(variant.backbone),
            "asked": asked,
            "trajectory": variant.trajectory,
            "view": training.view,
            "household_mean": training.household_mean,
            **({"set_aside": "people"} if training.knows_households else {}),
            "protocol": training.protocol,
            "seed": self.plan.seed,
        }

    def _compute(
        self, cells: list[Cell], report: Callable[[Computed], None] | None, *, is_fresh: bool
    ) -> None:
        """Train one model, and evaluate it on the rows of each cell."""
        training = cells[0].training
        rows = self._rows(training)
        folder = self.out / "models" / key_of(self._facts(training))[:16]
        if is_fresh:
            shutil.rmtree(folder, ignore_errors=True)
        model = training.variant.model(
            training.view, household_mean=training.household_mean, seed=self.plan.seed
        )
        if isinstance(model, PromptModel) and self._asked is not None:
            model.backend = self._asked.backend
        begun = process_time()
        fit_model(
            training.variant.method,
            model,
            rows,
            seed=self.plan.seed,
            knows_households=training.knows_households,
            folder=folder,
        )
        cpu_s = process_time() - begun
        for cell in cells:
            before = self._store.get(self.key(cell))
            record = self._record(cell, model, rows, cpu_s)
            self._store.add(record)
            if report is not None:
                as_before = None if before is None else _figures(before) == _figures(record)
                report(Computed(record, as_before, self.finished, len(self.cells)))
        self._keep_or_remove(model, folder)

    def _keep_or_remove(self, model: MigrationModel, folder: Path) -> None:
        if not self.keep_models:
            shutil.rmtree(folder, ignore_errors=True)
        elif not folder.exists():
            model.save(folder)

    def _record(
        self, cell: Cell, model: MigrationModel, rows: SurveyTable, cpu_s: float
    ) -> dict[str, Any]:
        training = cell.training
        table = self._table(cell.tested_on, 1, training)
        result = evaluate(
            model,
            table,
            protocol=training.protocol,
            training_rows=training_rows_of(model) or TrainingRows.of(rows),
            seed=self.plan.seed,
            bootstrap=self.plan.bootstrap,
            shift=self._shift(cell, rows),
            groups=self.plan.groups,
        )
        entry = Entry(
            method=training.variant.method,
            view=training.view,
            household_mean=training.household_mean,
            trained_on=training.name,
            tested_on=cell.tested_on,
            rows=len(rows),
            cpu_s=cpu_s,
            evaluation=result,
        )
        options = {name: _plain(at) for name, at in training.variant.options.items()}
        return {
            "key": self.key(cell),
            "cell": cell.name,
            "variant": training.variant.name,
            "command": f"{self.command} --only {shlex.quote(cell.name)}" if self.command else "",
            "backbone": _identity(training.variant.backbone),
            "options": options,
            "seed": self.plan.seed,
            "asked_protocol": training.protocol,
            "chosen_on": _chosen_on(model),
            "model": self._folder_of(training),
            **entry.to_dict(),
        }

    def _folder_of(self, training: Training) -> str | None:
        if not self.keep_models:
            return None
        return f"models/{key_of(self._facts(training))[:16]}"

    def _table(self, name: str, part: int, training: Training) -> SurveyTable:
        return table_without(self.tables[name][part], self._hidden(training))

    def _hidden(self, training: Training) -> list[str]:
        """Return the columns that a model does not see."""
        hidden = self.plan.trajectory if training.variant.trajectory is None else None
        return [] if hidden is None else [hidden]

    def _rows(self, training: Training) -> SurveyTable:
        rows = self._table(training.name, 0, training)
        for name in training.removed:
            rows = without_households(rows, self.tables[name][1])
        return rows

    def _shift(self, cell: Cell, rows: SurveyTable) -> Shift | None:
        if not cell.is_across:
            return None
        return Shift(_base_rate(rows), _base_rate(self.tables[cell.tested_on][0]))


def _chosen_on(model: object) -> dict[str, float] | None:
    """Return the best figures on the rows set aside, by which options may be chosen."""
    curve = getattr(getattr(model, "agent", model), "curve", None)
    known = [one for one in curve or () if one.val_log_loss is not None]
    if not known:
        return None
    aucs = [one.val_auc for one in known if one.val_auc is not None]
    best = {"log_loss": min(one.val_log_loss for one in known)}
    return best | ({"auc": max(aucs)} if aucs else {})


def _figures(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what must be the same when a cell is computed again."""
    free = {"cpu_s", "command", "model"}
    return {name: value for name, value in record.items() if name not in free}


def _load_libraries() -> None:
    """Load what methods need, so that it does not count as the time of the first."""
    if has_library("sklearn"):
        library("sklearn.linear_model")
        library("sklearn.ensemble")


def _version() -> str:
    """Return the version of this package; empty where it is used without being installed."""
    try:
        return version("mesa-llm-city")
    except PackageNotFoundError:
        return ""


def _base_rate(table: SurveyTable) -> float:
    return float(np.average(table.target, weights=table.weight))


def _plain(value: Any) -> Any:  # noqa: ANN401 - an option of any type
    return list(value) if isinstance(value, tuple) else value


def _identity(backbone: str | None) -> dict[str, object] | None:
    """Return the hashes of a language model; None if there is none."""
    if backbone is None:
        return None
    from mesa_llm_city.migration.models.rms.identity import Identity

    return Identity.of(backbone).to_dict()


def _with_trajectory(schema: Schema, name: str | None) -> Schema:
    """Return a schema with a text column of the places lived in."""
    if name is None:
        return schema
    if name not in schema.names:
        column = Column(name=name, kind="text", label=name.replace("_", " ").capitalize())
        return replace(schema, columns=(*schema.columns, column))
    if schema[name].kind != "text":
        message = f"the trajectory {name} is of kind {schema[name].kind}; it must be text"
        raise ConfigError(message)
    return schema


def _pairs(folder: Path, part: str) -> dict[str, _Files]:
    """Return the files of each NAME; plain files are preferred to compressed ones."""
    if part not in PARTS:
        message = f"part must be one of {', '.join(PARTS)}, got {part!r}"
        raise ConfigError(message)
    found = {
        one: {
            path.name.removeprefix(f"{one}_").partition(".")[0]: path
            for ending in ("csv.gz", "csv")
            for path in sorted(folder.glob(f"{one}_*.{ending}"))
        }
        for one in ("train", part)
    }
    pairs = {
        name: _Files(path, found[part][name])
        for name, path in sorted(found["train"].items())
        if name in found[part]
    }
    if not pairs:
        message = (
            f"{folder} has no pair of files train_NAME.csv and {part}_NAME.csv (or .csv.gz); "
            "give a folder with such files"
        )
        raise DataError(message)
    return pairs

"""The folder of a sweep: what its grid is, and a line for each run that has ended."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.installed import version_of
from mesa_llm_city.core.secrets import redact_values
from mesa_llm_city.experiments.atomic_output import unwritable
from mesa_llm_city.experiments.sweeping.batch import is_plain
from mesa_llm_city.experiments.sweeping.grid import Grid
from mesa_llm_city.experiments.sweeping.single_run import RunOutcome
from mesa_llm_city.llm import LLM

__all__ = ["ROWS", "RUNS", "SWEEP", "SweepFolder", "outcomes_in"]

SWEEP = "sweep.json"
"""File that says which grid the folder is about."""
RUNS = "runs.jsonl"
"""File with a line for each run that has ended, in the order in which they did."""
ROWS = "rows.csv"
"""Table of all rows, written when the sweep is complete."""

_FORMAT = 1


class SweepFolder:
    """A folder in which the outcomes of a grid are kept as they come.

    Parameters
    ----------
    folder : Path
        The folder, made if it does not exist.
    grid : Grid
        The grid.

    Raises
    ------
    ConfigError
        If the folder holds something else, or another grid, or cannot be written.
    DataError
        If what it holds is damaged.
    """

    def __init__(self, folder: Path, grid: Grid) -> None:
        self.path = folder
        described = _describe(grid)
        try:
            if (folder / SWEEP).is_file():
                _check_same(folder, described)
            else:
                _begin(folder, described)
            _drop_broken_line(folder / RUNS)
        except OSError as error:
            raise unwritable(folder, error) from error

    def complete(self) -> set[int]:
        """Return the places of the runs that went well."""
        return {one.number for one in outcomes_in(self.path) if one.error is None}

    def add(self, outcome: RunOutcome) -> None:
        """Append the outcome of a run; when this returns, the system has it."""
        line = json.dumps(
            {
                "run": outcome.number,
                "error": outcome.error,
                "cpu_s": round(outcome.cpu_s, 3),
                "rows": [_jsonable(row) for row in outcome.rows],
            }
        )
        try:
            with (self.path / RUNS).open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError as error:
            raise unwritable(self.path, error) from error

    def write_table(self, text: str) -> None:
        """Write the table of all rows, whole or not at all."""
        partial = self.path / f".{ROWS}.partial"
        try:
            partial.write_text(text, encoding="utf-8")
            partial.replace(self.path / ROWS)
        except OSError as error:
            raise unwritable(self.path, error) from error


def outcomes_in(folder: Path) -> list[RunOutcome]:
    """Return the last outcome of each run that has ended, in the order of the grid.

    Parameters
    ----------
    folder : Path
        Folder of a sweep, complete or not.

    Raises
    ------
    DataError
        If it is no such folder, or a line of it is damaged.
    """
    if not (folder / SWEEP).is_file():
        message = f"{folder} is no folder of a sweep (it has no {SWEEP}); give that of sweep(out=)"
        raise DataError(message)
    found = {one.number: one for one in _lines(folder / RUNS)}
    return [found[number] for number in sorted(found)]


def _lines(file: Path) -> Iterator[RunOutcome]:
    if not file.is_file():
        return
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith("\n"):
                return  # a run that was being written
            try:
                kept = json.loads(line)
                yield RunOutcome(kept["run"], kept["rows"], kept["error"], kept["cpu_s"])
            except (ValueError, KeyError, TypeError) as error:
                message = (
                    f"{file}, line {number} is damaged ({error}); remove the line, and the run "
                    "will be repeated"
                )
                raise DataError(message) from error


def _drop_broken_line(file: Path) -> None:
    """Remove the end of a line that was being written when the sweep was killed."""
    if not file.is_file():
        return
    written = file.read_bytes()
    whole = written.rfind(b"\n") + 1
    if whole < len(written):
        os.truncate(file, whole)


def _begin(folder: Path, described: Mapping[str, Any]) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = (
            f"out: {folder} exists and is no folder of a sweep, so it stays; choose another folder"
        )
        raise ConfigError(message)
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{SWEEP}.partial"
    partial.write_text(f"{json.dumps(described, indent=2)}\n", encoding="utf-8")
    partial.replace(folder / SWEEP)


def _check_same(folder: Path, described: Mapping[str, Any]) -> None:
    try:
        kept = json.loads((folder / SWEEP).read_text(encoding="utf-8"))
        differing = list(_differences(kept, json.loads(json.dumps(described))))
    except (ValueError, AttributeError) as error:
        message = f"{folder / SWEEP} is damaged ({error}); choose another folder"
        raise DataError(message) from error
    if differing:
        head = f"out: {folder} holds another sweep; repeat that one, or choose another folder"
        raise ConfigError("\n  - ".join([head, *differing]))


def _differences(
    kept: Mapping[str, Any], asked: Mapping[str, Any], above: str = ""
) -> Iterator[str]:
    for name in sorted({*kept, *asked}):
        old, new = kept.get(name), asked.get(name)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _differences(old, new, f"{above}{name}: ")
        elif old != new:
            yield f"{above}{name}: there {json.dumps(old)}, now {json.dumps(new)}"


def _describe(grid: Grid) -> dict[str, Any]:
    """Return what tells a grid from others, as JSON holds it.

    Objects are told by their class, functions by their name, language models by their names.
    """
    named = {name: _name_of(one) for name, one in grid.prepare.items()}
    values = {name: [_described(one) for one in several] for name, several in grid.values.items()}
    described = {
        "format": _FORMAT,
        "model": _name_of(grid.model),
        "runs": len(grid),
        "seeds": list(grid.seeds),
        "parameters": values,
        "prepare": named,
        "max_steps": grid.max_steps,
        "period": grid.period,
        "versions": {name: version_of(name) for name in ("mesa-llm-city", "mesa")},
    }
    redacted: dict[str, Any] = redact_values(described)
    return redacted


def _described(value: object) -> object:
    if isinstance(value, LLM):
        return {name or "model": spec.model for name, spec in value.specs.items()}
    if is_plain(value) or isinstance(value, Mapping):
        return _jsonable(value)
    return _name_of(value if callable(value) else type(value))


def _name_of(thing: Any) -> str:  # noqa: ANN401 - a class or a function
    named = thing if hasattr(thing, "__qualname__") else type(thing)
    return f"{named.__module__}:{named.__qualname__}"


def _jsonable(value: Any) -> Any:  # noqa: ANN401 - whatever a model reports
    """Return a value as JSON holds it: numbers of NumPy as such, other objects as text."""
    if isinstance(value, Mapping):
        return {str(name): _jsonable(one) for name, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(_jsonable, value), key=str)
    if isinstance(value, list | tuple):
        return [_jsonable(one) for one in value]
    if hasattr(value, "tolist"):  # a number or an array of NumPy
        return _jsonable(value.tolist())
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)

"""Rows of ``mesa.batch_run``, the same on both Mesa lines."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Mapping, Sequence
from numbers import Number
from typing import Any

import mesa

__all__ = ["SEED_NAMES", "batch_rows", "is_plain", "tidy_row"]

SEED_NAMES = ("rng", "seed")
"""Names under which models take their seed."""


def batch_rows(
    model: type[mesa.Model],
    values: Mapping[str, Sequence[object]],
    seeds: Sequence[int],
    *,
    max_steps: int,
    period: int,
    processes: int = 1,
    progress: bool = False,
) -> list[dict[str, Any]]:
    """Return the rows of ``mesa.batch_run`` of either line.

    Mesa 3.5 takes seeds apart from the parameters, and replaces an ``rng`` among them by None
    without a word; Mesa 3.3 takes them among the parameters only.

    Parameters
    ----------
    model : type
        The model.
    values : mapping of str to sequence
        Values to try of each argument.
    seeds : sequence of int
        Seeds.
    max_steps : int
        Steps after which a model is stopped.
    period : int
        Steps from one row of a run to its next; -1 for the last step only.
    processes : int, default 1
        Runs at a time.
    progress : bool, default False
        Whether to show a bar.
    """
    common: dict[str, Any] = {
        "number_processes": processes,
        "data_collection_period": period,
        "display_progress": progress,
    }
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        common |= {"max_steps": max_steps, "rng": seeds}
        return mesa.batch_run(model, values, **common)
    name = "rng" if "rng" in inspect.signature(model).parameters else "seed"
    # Mesa 3.3 takes one step more than max_steps.
    common["max_steps"] = max_steps - 1
    return mesa.batch_run(model, {name: seeds, **values}, **common)


def tidy_row(row: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return a row with its seed first, and no argument that is an object of Python.

    Parameters
    ----------
    row : mapping
        Row of `batch_rows`.
    names : collection of str
        Names of the arguments of the model in it.

    Examples
    --------
    >>> row = {"RunId": 3, "iteration": 0, "Step": 9, "city": object(), "fare": 2, "rng": 7}
    >>> tidy_row(row, {"city", "fare"})
    {'seed': 7, 'RunId': 3, 'fare': 2}
    """
    seed = next(row[name] for name in SEED_NAMES if row.get(name) is not None)
    hidden = {"iteration", "Step", *SEED_NAMES}
    hidden |= {name for name in names if not is_plain(row[name])}
    return {"seed": seed, **{name: one for name, one in row.items() if name not in hidden}}


def is_plain(value: object) -> bool:
    """Tell whether a value is a number, a text, None, or a list or set of such.

    Examples
    --------
    >>> is_plain(["rules", 1.5]), is_plain({"a": 1})
    (True, False)
    """
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(is_plain, value))
    return value is None or isinstance(value, str | Number)

"""Many runs over values of parameters and seeds, by ``mesa.batch_run`` of either Mesa line."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise
from numbers import Number
from typing import TYPE_CHECKING, Any

import mesa

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import Defect, ParameterError, default_parameters

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["sweep"]

_LAST_ONLY = -1
_YEAR_OF_STEPS = 366 * 24 * 12
_SEED_NAMES = ("rng", "seed")


def sweep(
    model: type[mesa.Model],
    parameters: Mapping[str, object],
    seeds: Iterable[int],
    *,
    processes: int = 1,
    max_steps: int = _YEAR_OF_STEPS,
    period: int = _LAST_ONLY,
    progress: bool = False,
) -> pd.DataFrame:
    """Run a model with every combination of values and every seed.

    Runs of one seed have their random numbers in common, so that they differ by parameters
    alone. In a script with several processes, call it below ``if __name__ == "__main__":``.

    Parameters
    ----------
    model : type
        A Mesa model that stops by itself, with a data collector; `TownDay` for example.
    parameters : mapping of str to object
        Arguments of the model by name, and parameters of the city by dotted name, if the
        model takes them. A list is a list of values to try; text and mappings are one value.
    seeds : iterable of int
        Seeds, all different; each combination is run once with each.
    processes : int, default 1
        Number of runs at a time. The rows are the same for any number.
    max_steps : int, default 105408
        Steps after which a model is stopped that does not stop by itself; a year of steps of
        5 minutes.
    period : int, default -1
        Steps from one row of a run to its next; -1 for the last step only. Mesa 3.3 may report
        the last step twice, and the model before its first step.
    progress : bool, default False
        Whether to show a bar.

    Returns
    -------
    pandas.DataFrame
        One row per run (per agent and run, with agent reporters): ``seed``, the parameters,
        and what the data collector reported last. With a `period`, a row for each such step.

    Raises
    ------
    ConfigError
        If a name is no argument of the model, a list is empty or a seed is given twice.
    ParameterError
        Lists every value of a parameter by dotted name that cannot be used.

    Notes
    -----
    Mesa 3.5 takes seeds apart from the parameters, and replaces an ``rng`` among them by None
    without a word; Mesa 3.3 takes them among the parameters only. This function does the right
    thing on both.

    Examples
    --------
    >>> from mesa_llm_city.models.town_day.model import TownDay
    >>> rows = sweep(TownDay, {"citizens": 5, "places": 300, "train_fare": [1, 2]}, seeds=[7])
    >>> rows[["seed", "train_fare", "minute"]].astype(int).values.tolist()
    [[7, 1, 1440], [7, 2, 1440]]
    """
    import pandas as pd

    values = {name: _values(one) for name, one in parameters.items()}
    drawn = _seeds(seeds)
    _check_names(model, values)
    _check_dotted(values)
    rows = _batch_run(
        model,
        values,
        drawn,
        processes=processes,
        max_steps=max_steps,
        period=period,
        progress=progress,
    )
    frame = pd.DataFrame([_tidy(row, values) for row in rows])
    return frame.sort_values(["RunId"], kind="stable", ignore_index=True).drop(columns="RunId")


def _batch_run(
    model: type[mesa.Model],
    values: Mapping[str, Sequence[object]],
    seeds: list[int],
    *,
    processes: int,
    max_steps: int,
    period: int,
    progress: bool,
) -> list[dict[str, Any]]:
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


def _values(given: object) -> Sequence[object]:
    """Return the values to try; text and mappings are one value, which Mesa would take apart."""
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        return [given]
    return list(given)


def _seeds(seeds: Iterable[int]) -> list[int]:
    drawn = sorted(int(seed) for seed in seeds)
    if not drawn or any(one == other for one, other in pairwise(drawn)):
        message = f"seeds must be at least one whole number, all different, got {drawn}"
        raise ConfigError(message)
    return drawn


def _check_names(model: type[mesa.Model], values: Mapping[str, Sequence[object]]) -> None:
    taken = inspect.signature(model).parameters
    takes_any = any(one.kind is one.VAR_KEYWORD for one in taken.values())
    defects = [f"{name}: has no values" for name, one in values.items() if not one]
    for name in values:
        if name in _SEED_NAMES:
            defects.append(f"{name}: give seeds as the argument `seeds`")
        elif name not in taken and not (takes_any and "." in name):
            near = get_close_matches(name, taken, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it takes {', '.join(taken)}"
            defects.append(f"{name}: {model.__name__} takes no such argument; {hint}")
    if defects:
        raise ConfigError("\n  - ".join(["the sweep has defects:", *defects]))


def _check_dotted(values: Mapping[str, Sequence[object]]) -> None:
    """Refuse wrong parameters before the first run rather than in the midst of them."""
    default, defects = default_parameters(), list[Defect]()
    for name, several in values.items():
        for value in several if "." in name else ():
            try:
                default.with_(name, value)
            except ParameterError as error:
                defects += error.defects
    if defects:
        raise ParameterError.listing(defects)


def _tidy(row: Mapping[str, Any], values: Mapping[str, Sequence[object]]) -> dict[str, Any]:
    """Return a row with its seed first, and no value that is an object of Python."""
    seed = next(row[name] for name in _SEED_NAMES if row.get(name) is not None)
    hidden = {"iteration", "Step", *_SEED_NAMES}
    hidden |= {name for name in values if not _is_plain(row[name])}
    kept = {name: one for name, one in row.items() if name not in hidden}
    return {"RunId": kept.pop("RunId"), "seed": seed, **kept}


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | Number)

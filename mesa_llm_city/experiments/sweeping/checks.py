"""What a sweep is asked for, checked before the first run."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise

import mesa

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.sweeping.batch import SEED_NAMES
from mesa_llm_city.experiments.sweeping.preparation import check_preparations
from mesa_llm_city.parameters import Defect, ParameterError, default_parameters

__all__ = ["check_dotted", "check_names", "several_values", "sorted_seeds"]


def several_values(given: object) -> Sequence[object]:
    """Return the values to try; text and mappings are one value, which Mesa would take apart.

    Parameters
    ----------
    given : object
        A value, or an iterable of values.

    Examples
    --------
    >>> several_values("rules"), several_values((1, 2))
    (['rules'], [1, 2])
    """
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        return [given]
    # A set has no order, and the rows must have one.
    return sorted(given, key=repr) if isinstance(given, set | frozenset) else list(given)


def sorted_seeds(seeds: Iterable[int]) -> list[int]:
    """Return seeds in their order.

    Parameters
    ----------
    seeds : iterable of int
        The seeds.

    Raises
    ------
    ConfigError
        If there is none, or one is given twice.
    """
    drawn = sorted(int(seed) for seed in seeds)
    if not drawn or any(one == other for one, other in pairwise(drawn)):
        message = f"seeds must be at least one whole number, all different, got {drawn}"
        raise ConfigError(message)
    return drawn


def check_names(
    model: type[mesa.Model],
    values: Mapping[str, Sequence[object]],
    prepare: Mapping[str, Callable[..., object]],
) -> None:
    """Refuse names that a model does not take, and names without values.

    Parameters
    ----------
    model : type
        The model.
    values : mapping of str to sequence
        Values by the name of the argument.
    prepare : mapping of str to callable
        What makes further arguments.

    Raises
    ------
    ConfigError
        Lists all that is wrong.
    """
    taken = inspect.signature(model).parameters
    takes_any = any(one.kind is one.VAR_KEYWORD for one in taken.values())
    defects = [f"{name}: has no values" for name, one in values.items() if not one]
    defects += [f"{name}: is given and prepared as well" for name in prepare if name in values]
    for name in {**values, **prepare}:
        if name in SEED_NAMES:
            defects.append(f"{name}: give seeds as the argument `seeds`")
        elif name not in taken and not (takes_any and "." in name):
            near = get_close_matches(name, taken, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it takes {', '.join(taken)}"
            defects.append(f"{name}: {model.__name__} takes no such argument; {hint}")
    defects += check_preparations(prepare, values)
    if defects:
        raise ConfigError("\n  - ".join(["the sweep has defects:", *defects]))


def check_dotted(values: Mapping[str, Sequence[object]]) -> None:
    """Refuse wrong parameters before the first run rather than in the midst of them.

    Parameters
    ----------
    values : mapping of str to sequence
        Values by name; those with a dot are parameters of the city.

    Raises
    ------
    ParameterError
        Lists all that is wrong.
    """
    default, defects = default_parameters(), list[Defect]()
    for name, several in values.items():
        for value in several if "." in name else ():
            try:
                default.with_(name, value)
            except ParameterError as error:
                defects += error.defects
    if defects:
        raise ParameterError.listing(defects)

"""What runs of one worker share: a city, its people, made once by functions."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeAlias

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.sweeping.batch import is_plain
from mesa_llm_city.llm import LLM

__all__ = ["SEED", "Preparations", "Prepare", "check_preparations"]

Prepare: TypeAlias = Mapping[str, Callable[..., object]]
"""Functions by the name of the argument of the model that they make."""

SEED = "seed"
"""Name under which a function gets the seed of the run."""

_ANY = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
# More would keep cities of past runs in memory; fewer would make those of a short list again.
_KEPT = 4


class Preparations:
    """Objects that functions make for a run, kept for the next runs of the process.

    A function takes other prepared objects, values of the sweep, and the seed, by name. It is
    called again only for values that it was not called with just before.

    Parameters
    ----------
    prepare : mapping of str to callable
        The functions.

    Examples
    --------
    >>> made = Preparations({"town": lambda places: ["town", places]})
    >>> first, other = (made.of({"places": 300, "fare": fare}, seed=7) for fare in (1, 2))
    >>> first["town"] is other["town"]
    True
    """

    def __init__(self, prepare: Prepare) -> None:
        self._functions = {name: prepare[name] for name in _in_order(prepare)}
        self._kept: dict[str, dict[object, object]] = {name: {} for name in prepare}

    def of(self, values: Mapping[str, object], *, seed: int) -> dict[str, object]:
        """Return the objects for a run.

        Parameters
        ----------
        values : mapping of str to object
            Arguments of the model in this run.
        seed : int
            Its seed.

        Raises
        ------
        ConfigError
            If one is a language model with a budget, which each worker would spend alone.
        """
        known: dict[str, object] = {SEED: seed, **values}
        keys: dict[str, object] = {}
        made: dict[str, object] = {}
        for name, function in self._functions.items():
            taken = [one for one in _arguments(function) if one in known]
            key = tuple((one, keys.get(one) or _key(known[one])) for one in taken)
            given = {one: known[one] for one in taken}
            made[name] = known[name] = self._made(name, key, function, given)
            keys[name] = key or name
        return made

    def _made(
        self, name: str, key: object, function: Callable[..., object], given: Mapping[str, object]
    ) -> object:
        kept = self._kept[name]
        if key not in kept:
            fresh = function(**given)
            _check_no_budget(name, fresh)
            kept[key] = fresh
        kept[key] = kept.pop(key)  # the one used last comes last
        while len(kept) > _KEPT:
            del kept[next(iter(kept))]
        return kept[key]


def check_preparations(prepare: Mapping[str, object], values: Collection[str]) -> list[str]:
    """Return what is wrong with functions: missing arguments, and circles among them.

    Parameters
    ----------
    prepare : mapping of str to callable
        The functions.
    values : collection of str
        Names of the values of the sweep.

    Examples
    --------
    >>> check_preparations({"people": lambda town: town}, {"fare"})
    ['prepare: people takes town, which is no other prepared object, no value and not seed']
    """
    known = {SEED, *values, *prepare}
    functions = {name: one for name, one in prepare.items() if callable(one)}
    if len(functions) < len(prepare):
        return [
            f"prepare: {name} must be a function, got {one!r}"
            for name, one in prepare.items()
            if name not in functions
        ]
    defects = [
        f"prepare: {name} takes {one}, which is no other prepared object, no value and not seed"
        for name, function in functions.items()
        for one, has_default in _arguments(function).items()
        if (one not in known and not has_default) or one == name
    ]
    return defects or [
        f"prepare: {name} needs itself, through what it takes"
        for name in functions
        if name not in set(_in_order(functions))
    ]


def _in_order(prepare: Prepare) -> Iterator[str]:
    """Yield names so that each comes after those that it takes; those in a circle are left out."""
    left = {name: set(_arguments(one)) & set(prepare) for name, one in prepare.items()}
    while ready := [name for name, needs in left.items() if not needs & set(left)]:
        for name in ready:
            del left[name]
            yield name


def _arguments(function: Callable[..., object]) -> dict[str, bool]:
    """Return the arguments of a function by name, and whether each has a default."""
    return {
        name: one.default is not inspect.Parameter.empty
        for name, one in inspect.signature(function).parameters.items()
        if one.kind not in _ANY
    }


def _key(value: object) -> object:
    """Return what tells a value from others: its text, or which object it is."""
    return (type(value).__name__, repr(value)) if is_plain(value) else id(value)


def _check_no_budget(name: str, made: Any) -> None:  # noqa: ANN401 - any object
    if isinstance(made, LLM) and made.purse.is_limited:
        message = (
            f"prepare: {name} is a language model with a budget, of which each worker would have "
            f"one of its own; give it as a parameter, {{{name!r}: LLM(...)}}"
        )
        raise ConfigError(message)

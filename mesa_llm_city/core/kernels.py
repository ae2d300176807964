"""Inner loops in compiled form, used where numba is installed; the numbers are the same.

Each loop has a form in NumPy beside it that gives the same numbers to the last bit: both add in
the same order, and take exponentials, logarithms and powers from `libm`. Where compiled code has
another library for these than SciPy, loops are not used. Weights of places are the one exception:
they are equal but for some 1e-15, and the places drawn from them are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

from mesa_llm_city.core.loop_cache import forget_outdated

__all__ = ["compiled", "in_use", "is_installed", "use"]

Loop = TypeVar("Loop", bound=Callable[..., Any])


class _Choice:
    """Whether loops are used, None as long as nobody has asked, and whether they are compiled."""

    answer: bool | None = None
    compiles = True


def in_use() -> bool:
    """Return whether compiled loops are used: where they can be, unless switched off."""
    if _Choice.answer is None:
        _Choice.answer = is_installed() and _are_exact()
    return _Choice.answer


@cache
def is_installed() -> bool:
    """Return whether numba is installed (the extra ``crowd``)."""
    return find_spec("numba") is not None


@cache
def _are_exact() -> bool:
    """Return whether compiled loops take exponentials and logarithms from the library of SciPy."""
    from mesa_llm_city.core.libm import exp, fill_exp_and_log, log

    values = _SPACING * np.arange(1, _CHECKED + 1)
    exps, logs = np.empty((2, _CHECKED))
    _compiled(fill_exp_and_log)(values, exps, logs)
    return bool((exps == exp(-values)).all() and (logs == log(values)).all())


_CHECKED, _SPACING = 2000, 0.0137


@contextmanager
def use(wanted: bool, *, compiles: bool = True) -> Iterator[None]:  # noqa: FBT001 - `use(False)`
    """Use compiled loops or the forms in NumPy for a while, as tests and benchmarks do.

    Parameters
    ----------
    wanted : bool
        Whether loops are used rather than NumPy; of no effect without numba if they are compiled.
    compiles : bool, default True
        Whether loops are compiled; else they run as plain Python, which is slow, but can be
        followed by a debugger.
    """
    before = in_use(), _Choice.compiles
    _Choice.answer = wanted and (is_installed() or not compiles)
    _Choice.compiles = compiles
    try:
        yield
    finally:
        _Choice.answer, _Choice.compiles = before


def compiled(loop: Loop) -> Loop | None:
    """Return the compiled form of a loop, or None where the form in NumPy is to be used.

    Parameters
    ----------
    loop : function
        A function of the top level of a module, in the part of Python that numba compiles. It
        is compiled when it is first called, and kept on disk beside its module. Where neither it
        nor what it calls makes arrays, nobody counts who uses them, which takes a good part of the
        time where small functions are called with tuples of arrays.
    """
    if not in_use():
        return None
    return _compiled(loop) if _Choice.compiles else loop


@cache
def _compiled(loop: Loop) -> Loop:
    # Numba is no dependency, so its types are not known everywhere.
    numba: Any = import_module("numba")
    _take_instructions()
    _let_be_called(loop)
    form = numba.njit(cache=True, error_model="numpy", **_counts(loop))(loop)
    forget_outdated(loop, Path(form.stats.cache_path))
    made: Loop = form
    return made


@cache
def _take_instructions() -> None:
    from mesa_llm_city.core.instructions import HAVE_INSTRUCTIONS, register

    register()
    _CALLED.update(HAVE_INSTRUCTIONS)


def _let_be_called(loop: Callable[..., Any]) -> None:
    """Let numba compile the functions of its module that a loop calls."""
    register_jitable: Any = import_module("numba.extending").register_jitable
    for called in _called_by(loop):
        if called not in _CALLED:
            _CALLED.add(called)
            # A call would write down each field of the tuples that it takes, which may be more than
            # what it does; so the code of what is called stands where it is called.
            register = register_jitable(forceinline=True, **_counts(called))
            _let_be_called(register(called))


def _called_by(loop: Callable[..., Any]) -> list[FunctionType]:
    """Return the functions of its module that a loop names."""
    named = (loop.__globals__.get(name) for name in loop.__code__.co_names)
    return [called for called in named if isinstance(called, FunctionType)]


def _counts(loop: Callable[..., Any]) -> dict[str, bool]:
    """Return whether who uses arrays is counted, as numba is told it."""
    return {} if _makes_arrays(loop) else {"_nrt": False}


@cache
def _makes_arrays(loop: Callable[..., Any]) -> bool:
    """Return whether a loop, or something that it calls, makes arrays or returns some."""
    # Those that are returned would be given up too early by a caller that counts.
    if not _MAKERS.isdisjoint(loop.__code__.co_names) or _has_arrays(_returned_by(loop)):
        return True
    return any(_makes_arrays(called) for called in _called_by(loop) if called != loop)


def _returned_by(loop: Callable[..., Any]) -> object:
    """Return the type of what a loop returns."""
    return get_type_hints(loop).get("return")


def _has_arrays(kind: object) -> bool:
    """Return whether values of a type are arrays, or tuples with arrays in them."""
    origin = get_origin(kind) or kind
    if origin is tuple:
        return any(map(_has_arrays, get_args(kind)))
    if not isinstance(origin, type):
        return False
    if hasattr(origin, "_fields"):
        return any(map(_has_arrays, get_type_hints(origin).values()))
    return issubclass(origin, np.ndarray)


_MAKERS = frozenset(
    {"argsort", "concatenate", "copy", "empty", "full", "nonzero", "ones", "sort", "where", "zeros"}
)
_CALLED: set[Callable[..., Any]] = set()

"""Inner loops in compiled form, used where numba is installed; the numbers are the same.

Each loop has a form in NumPy beside it that gives the same numbers to the last bit: both add in
the same order, and take exponentials, logarithms and powers from `libm`. Where compiled code has
another library for these than SciPy, loops are not used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

import numpy as np

from mesa_llm_city.core.loop_cache import forget_outdated

__all__ = ["compiled", "in_use", "is_installed", "use", "without_counts"]

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
    _compiled(fill_exp_and_log, True)(values, exps, logs)  # noqa: FBT003 - likewise
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


def compiled(loop: Loop, *, makes_arrays: bool = True) -> Loop | None:
    """Return the compiled form of a loop, or None where the form in NumPy is to be used.

    Parameters
    ----------
    loop : function
        A function of the top level of a module, in the part of Python that numba compiles. It
        is compiled when it is first called, and kept on disk beside its module.
    makes_arrays : bool, default True
        Whether the loop makes arrays. One that only changes those that it is given is faster
        without counting who uses them, which takes most of the time where small functions are
        called with tuples of arrays.
    """
    if not in_use():
        return None
    return _compiled(loop, makes_arrays) if _Choice.compiles else loop


@cache
def _compiled(loop: Loop, makes_arrays: bool) -> Loop:  # noqa: FBT001 - looked up much faster
    # Numba is no dependency, so its types are not known everywhere.
    numba: Any = import_module("numba")
    _take_instructions()
    _let_be_called(loop)
    counts = {} if makes_arrays else {"_nrt": False}
    form = numba.njit(cache=True, error_model="numpy", **counts)(loop)
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
    for name in loop.__code__.co_names:
        called = loop.__globals__.get(name)
        if isinstance(called, FunctionType) and called not in _CALLED:
            _CALLED.add(called)
            form = register_jitable(_nrt=False) if called in _UNCOUNTED else register_jitable
            _let_be_called(form(called))


def without_counts(loop: Loop) -> Loop:
    """Let a function that compiled loops call be compiled without counting who uses arrays.

    It makes room for the inner part of a loop that makes arrays (see `compiled`). The function
    neither makes nor returns any.
    """
    _UNCOUNTED.add(loop)
    return loop


_CALLED: set[Callable[..., Any]] = set()
_UNCOUNTED: set[Callable[..., Any]] = set()

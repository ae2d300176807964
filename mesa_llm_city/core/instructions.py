"""Instructions of processors that compiled loops have for functions of the package.

It needs numba, and is imported by `kernels` when the first loop is compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from mesa_llm_city.core.philox import high_product

__all__ = ["HAVE_INSTRUCTIONS", "register"]

HAVE_INSTRUCTIONS = (high_product,)
"""Functions that are one instruction in compiled loops."""


def register() -> None:
    """Let compiled loops take the instructions."""
    # Numba is no dependency, so its types are not known everywhere.
    extending: Any = import_module("numba.extending")
    high = extending.intrinsic(_high_product)

    def form(one: Any, other: Any) -> Callable[..., Any]:  # noqa: ARG001 - types of numba
        # Numba wants the same names and annotations again.
        def wide(one: Any, other: Any) -> Any:
            return high(one, other)

        return wide

    extending.overload(high_product)(form)


def _high_product(_context: Any, one: Any, other: Any) -> tuple[Any, Callable[..., Any]]:
    """Return the type of the high half of a product, and what makes the code of it."""
    ir: Any = import_module("llvmlite.ir")
    types: Any = import_module("numba.types")

    def code(_target: Any, builder: Any, _signature: Any, given: Any) -> Any:
        wide = ir.IntType(128)
        factors = [builder.zext(factor, wide) for factor in given]
        high = builder.lshr(builder.mul(*factors), ir.Constant(wide, 64))
        return builder.trunc(high, ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), code

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


# Values of numba and llvmlite have no types here: neither is a dependency.
def register() -> None:
    """Let compiled loops take the instructions."""
    extending: Any = import_module("numba.extending")
    high = extending.intrinsic(_high_product)

    @extending.overload(high_product)  # type: ignore[untyped-decorator]
    def _form(one: object, other: object) -> object:  # noqa: ARG001 - numba hands over types
        def wide(one: object, other: object) -> object:
            return high(one, other)

        return wide


def _high_product(
    _context: object,
    one: object,  # noqa: ARG001 - numba hands over types
    other: object,  # noqa: ARG001 - likewise
) -> tuple[Any, Callable[..., object]]:
    """Return the type of the high half of a product, and what makes the code of it."""
    ir: Any = import_module("llvmlite.ir")
    types: Any = import_module("numba.types")

    def code(_target: object, builder: Any, _signature: object, given: Any) -> object:  # noqa: ANN401 - as above
        wide = ir.IntType(128)
        factors = [builder.zext(factor, wide) for factor in given]
        high = builder.lshr(builder.mul(*factors), ir.Constant(wide, 64))
        return builder.trunc(high, ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), code

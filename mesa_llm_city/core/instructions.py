"""Instructions of processors that compiled loops have for functions of the package.

It needs numba, and is imported by `kernels` when the first loop is compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from mesa_llm_city.core.philox import high_product
from mesa_llm_city.core.prefetch import prefetch, prefetch_all

__all__ = ["HAVE_INSTRUCTIONS", "register"]

HAVE_INSTRUCTIONS = (high_product, prefetch, prefetch_all)
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

    for asked in (prefetch, prefetch_all):
        _register_hint(extending, asked, both_ends=asked is prefetch_all)


def _register_hint(extending: Any, asked: Callable[..., None], *, both_ends: bool) -> None:  # noqa: ANN401 - no types
    def described(_context: object, column: Any, _row: object) -> tuple[Any, Callable[..., object]]:  # noqa: ANN401 - a type of numba
        return _hint(column, both_ends=both_ends)

    hint = extending.intrinsic(described)

    @extending.overload(asked)  # type: ignore[untyped-decorator]
    def _form(column: object, row: object) -> object:  # noqa: ARG001 - numba hands over types
        def ahead(column: object, row: object) -> object:
            return hint(column, row)

        return ahead


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


def _hint(column: Any, *, both_ends: bool) -> tuple[Any, Callable[..., object]]:  # noqa: ANN401 - a type of numba
    """Return the type of a hint for a row of an array, and what makes the code of it."""
    ir: Any = import_module("llvmlite.ir")
    types: Any = import_module("numba.types")
    make_array: Any = import_module("numba.np.arrayobj").make_array

    def code(context: Any, builder: Any, signature: Any, given: Any) -> object:  # noqa: ANN401 - likewise
        array = make_array(signature.args[0])(context, builder, given[0])
        stride = builder.extract_value(array.strides, 0)
        if column.ndim == 1 and column.layout == "C":
            # What is known here is not read from memory.
            stride = stride.type(context.get_abi_sizeof(context.get_data_type(column.dtype)))
        number, byte, pointer = ir.IntType(32), ir.IntType(8), ir.PointerType()
        kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        hint = builder.module.globals.get(_HINT) or ir.Function(builder.module, kind, _HINT)
        first = builder.mul(given[1], stride)
        last = [builder.sub(builder.add(first, stride), stride.type(1))] if both_ends else []
        for offset in (first, *last):
            address = builder.gep(array.data, [offset], source_etype=byte)
            # To be read, soon, as data.
            builder.call(hint, [address, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.none(column, types.intp), code


_HINT = "llvm.prefetch.p0"

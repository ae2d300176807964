"""The high half of a product of 128 bits: in Python, and as the one instruction that it is."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

__all__ = ["compile_high_product", "high_product"]

_BITS = 64
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


def high_product(one: np.uint64, other: np.uint64) -> np.uint64:
    """Return the high 64 bits of the product of two numbers, by schoolbook halves.

    Examples
    --------
    >>> int(high_product(np.uint64(2**63), np.uint64(6)))
    3
    """
    a, b = one >> _HALF, one & _LOW
    c, d = other >> _HALF, other & _LOW
    middle = a * d + (b * d >> _HALF)
    return a * c + (middle >> _HALF) + (b * c + (middle & _LOW) >> _HALF)


def compile_high_product() -> None:
    """Let compiled loops take `high_product` by one instruction (see `kernels`)."""
    # Numba is no dependency, so its types are not known everywhere.
    extending: Any = import_module("numba.extending")
    of_one_instruction = extending.intrinsic(_instruction)

    def chosen(one: object, other: object) -> object:
        del one, other

        def product(one: object, other: object) -> object:
            return of_one_instruction(one, other)

        return product

    extending.overload(high_product)(chosen)


def _instruction(context: object, one: object, other: object) -> tuple[object, object]:
    """Return the signature of a product of numbers without sign, and what writes its code."""
    del context, one, other
    ir: Any = import_module("llvmlite.ir")
    unsigned: Any = import_module("numba").types.uint64

    def code(context: object, builder: Any, signature: object, factors: Any) -> object:  # noqa: ANN401
        del context, signature
        wide, narrow = ir.IntType(2 * _BITS), ir.IntType(_BITS)
        product = builder.mul(*(builder.zext(factor, wide) for factor in factors))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, _BITS)), narrow)

    return unsigned(unsigned, unsigned), code

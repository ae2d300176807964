"""What numba has to know of tuples that are held (see `held`): type, layout and way in.

It needs numba, and is imported when the first tuple is held. In loops a held tuple is a named
tuple like others; only its way from Python into compiled code is another one.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from mesa_llm_city.core.kernels import is_installed

__all__ = ["kind_of"]

_KINDS: dict[bytes, object] = {}


def kind_of(columns: tuple[Any, ...]) -> object:
    """Return the type of a named tuple that is held."""
    # To ask numba takes a millisecond, which all models of a process would spend again.
    fingerprint = import_module("numba._dispatcher").compute_fingerprint(columns)
    known = _KINDS.get(fingerprint)
    if known is None:
        known = _KINDS[fingerprint] = _new_kind(columns)
    return known


def _new_kind(columns: tuple[Any, ...]) -> object:
    kind: Any = import_module("numba").typeof(columns)
    if isinstance(kind, _types.NamedUniTuple):
        return _HeldUniTuple(kind.dtype, kind.count, kind.instance_class)
    return _HeldTuple(kind.types, kind.instance_class)


class _Known:
    """A type that is told apart by its name, which is looked up at once, as it is at each call."""

    instance_class: type
    name: str

    @property
    def key(self) -> tuple[type, str]:
        """What equal types have in common."""
        return self.instance_class, self.name


# Classes of the module, since numba finds them by name in what it keeps on disk.
if is_installed():
    # Values of numba and llvmlite have no types here: neither is a dependency.
    _types: Any = import_module("numba.types")
    _extending: Any = import_module("numba.extending")
    _models: Any = import_module("numba.core.datamodel.models")

    class _HeldTuple(_Known, _types.NamedTuple):  # type: ignore[misc]
        """A named tuple of several types."""

    class _HeldUniTuple(_Known, _types.NamedUniTuple):  # type: ignore[misc]
        """A named tuple of one type."""

    _extending.register_model(_HeldTuple)(_models.TupleModel)
    _extending.register_model(_HeldUniTuple)(_models.UniTupleModel)

    @_extending.unbox(_HeldTuple)  # type: ignore[untyped-decorator]
    @_extending.unbox(_HeldUniTuple)  # type: ignore[untyped-decorator]
    def _unboxed(kind: object, one: object, given: Any) -> object:  # noqa: ANN401 - of numba
        """Read a tuple from where it was written down."""
        python, builder = given.pyapi, given.builder
        number = python.object_getattr_string(one, "address")
        address = python.long_as_voidptr(number)
        python.decref(number)
        model = given.context.data_model_manager[kind]
        stored = builder.bitcast(address, model.get_data_type().as_pointer())
        value = model.from_data(builder, builder.load(stored))
        return _extending.NativeValue(value)

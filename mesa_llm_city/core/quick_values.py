"""Values that cannot be changed, but are made quickly, as people make many of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from functools import wraps
from typing import Any, TypeVar

__all__ = ["quickly_made"]

Value = TypeVar("Value")


def quickly_made(kind: type[Value]) -> type[Value]:
    """Have values of a frozen dataclass with slots made in a third of the time.

    A frozen dataclass sets each field of a new value by a call that passes by its own refusal to
    be changed. Here a new value is of a sibling class with the same slots, which refuses nothing,
    until its fields are set. Nothing else is different.

    Parameters
    ----------
    kind : type
        A dataclass made with ``frozen=True, slots=True, kw_only=True``, and without
        ``__post_init__``.

    Raises
    ------
    TypeError
        If a default is made by a ``default_factory``.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @quickly_made
    ... @dataclass(frozen=True, slots=True, kw_only=True)
    ... class Span:
    ...     begin: int
    ...     end: int = 0
    >>> Span(begin=3)
    Span(begin=3, end=0)
    """
    all_fields: tuple[Field[Any], ...] = fields(kind)  # type: ignore[arg-type] # a dataclass
    if unfit := [one.name for one in all_fields if one.default_factory is not MISSING]:
        message = f"{kind.__name__} makes defaults of {', '.join(unfit)}; give them as values"
        raise TypeError(message)
    names = [one.name for one in all_fields]
    open_kind = type(f"_Open{kind.__name__}", (), {"__slots__": tuple(names)})
    usual: Callable[..., None] = kind.__init__
    given = {f"_{one.name}": one.default for one in all_fields if one.default is not MISSING}
    arguments = [f"{one}=_{one}" if f"_{one}" in given else one for one in names]
    lines = [
        f"def __init__(self, *, {', '.join(arguments)}):",
        "    if type(self) is not _kind:",
        f"        return _usual(self, {', '.join(f'{one}={one}' for one in names)})",
        "    _set(self, '__class__', _open_kind)",
        *(f"    self.{one} = {one}" for one in names),
        "    self.__class__ = _kind",
    ]
    names_there = {"_kind": kind, "_usual": usual, "_open_kind": open_kind}
    made: dict[str, Any] = {**given, **names_there, "_set": object.__setattr__}
    exec("\n".join(lines), made)  # noqa: S102 - as dataclasses makes its own, of names of fields
    kind.__init__ = wraps(usual)(made["__init__"])  # type: ignore[method-assign]
    return kind

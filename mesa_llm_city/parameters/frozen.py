"""Mappings that cannot be changed: tables of numbers by name, and curves by age or size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, Self, TypeVar, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

__all__ = ["Curve", "FrozenMap"]

K = TypeVar("K")
V = TypeVar("V")


class FrozenMap(dict[K, V]):
    """A dictionary that cannot be changed, and can therefore be hashed and shared.

    Reading is as fast as with a plain dictionary. A copy, deep or not, is the object itself.

    Examples
    --------
    >>> gains = FrozenMap({"meal": 1.75})
    >>> gains["meal"]
    1.75
    >>> gains["meal"] = 2.0
    Traceback (most recent call last):
    ...
    TypeError: a table of parameters cannot be changed; use parameters.with_(...) to get another
    """

    def __hash__(self) -> int:  # type: ignore[override]
        """Return a hash of keys and values, whatever their order."""
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as a plain dictionary."""
        return (type(self), (dict(self),))

    def __copy__(self) -> Self:
        """Return itself."""
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> Self:
        """Return itself, since its values cannot be changed either."""
        return self

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        message = (
            "a table of parameters cannot be changed; use parameters.with_(...) to get another"
        )
        raise TypeError(message)

    __setitem__ = __delitem__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse
    __ior__ = _refuse

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - as pydantic defines it
        """Validate as a dictionary of these types, then freeze."""
        key, value = cls._types(source)
        rows = core_schema.dict_schema(handler(key), handler(value))
        return core_schema.no_info_after_validator_function(cls, rows)

    @classmethod
    def _types(cls, source: Any) -> tuple[Any, Any]:  # noqa: ANN401 - an annotation
        key, value = get_args(source)
        return key, value


class Curve(FrozenMap[int, float]):
    """A line through points, by rising whole numbers such as ages; flat beyond both ends.

    Examples
    --------
    >>> sleep = Curve({20: 9.0, 40: 7.0})
    >>> sleep.knots
    ((20, 40), (9.0, 7.0))
    >>> sleep.at(30)
    8.0
    """

    def __init__(self, points: Mapping[int, float]) -> None:
        super().__init__(sorted(points.items()))

    @property
    def knots(self) -> tuple[tuple[int, ...], tuple[float, ...]]:
        """Where the points are, and their heights, as `numpy.interp` takes them."""
        return tuple(self), tuple(self.values())

    def at(self, x: float) -> float:
        """Return the height of the line at `x`."""
        at, height = self.knots
        if x <= at[0] or len(at) == 1:
            return height[0]
        for row in range(1, len(at)):
            if x <= at[row]:
                share = (x - at[row - 1]) / (at[row] - at[row - 1])
                return height[row - 1] + share * (height[row] - height[row - 1])
        return height[-1]

    @classmethod
    def _types(cls, source: Any) -> tuple[Any, Any]:  # noqa: ANN401, ARG003 - an annotation
        return int, float

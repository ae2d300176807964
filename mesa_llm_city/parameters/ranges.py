"""Which values a field accepts: its bounds, and how they are told."""

from __future__ import annotations

from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from mesa_llm_city.parameters.defects import TABLE
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = ["accepted", "is_within", "range_of", "takes_text"]

_RULES = ((Ge, "ge", ">="), (Gt, "gt", ">"), (Le, "le", "<="), (Lt, "lt", "<"))
_SIGNS = {rule: sign for _, rule, sign in _RULES}


def range_of(field: FieldInfo) -> tuple[str, str]:
    """Return the least and the greatest value of a field as ``">= 0"``, empty where open."""
    low = high = ""
    for sign, bound in _bounds(field).items():
        if sign in {">=", ">"}:
            low = f"{sign} {bound:g}"
        else:
            high = f"{sign} {bound:g}"
    return low, high


def accepted(field: FieldInfo) -> str:
    """Return what a field accepts, in words."""
    members = _members(field.annotation)
    kinds = [one for one in members if one is not type(None)]
    told = _kind_in_words(kinds[0], field) if kinds else "anything"
    none = "or none" if type(None) in members else ""
    return " ".join(filter(None, (told, _bounds_in_words(_bounds(field)), none)))


def is_within(field: FieldInfo, value: object) -> bool:
    """Tell whether an entry of a table lies within the bounds of the table."""
    if not isinstance(value, int | float):
        return True
    return all(_holds(value, sign, bound) for sign, bound in _bounds(field).items())


def takes_text(field: FieldInfo) -> bool:
    """Tell whether a field takes a text as it is."""
    members = _members(field.annotation)
    return any(one is str or get_origin(one) is Literal for one in members)


def _holds(value: float, sign: str, bound: float) -> bool:
    if sign in {">=", ">"}:
        return value > bound or (sign == ">=" and value == bound)
    return value < bound or (sign == "<=" and value == bound)


def _bounds_in_words(bounds: dict[str, float]) -> str:
    if set(bounds) == {">=", "<="}:
        return f"from {bounds['>=']:g} to {bounds['<=']:g}"
    if set(bounds) == {">="}:
        return f"of at least {bounds['>=']:g}"
    if set(bounds) == {">"}:
        return f"above {bounds['>']:g}"
    return " and ".join(f"{sign} {bound:g}" for sign, bound in bounds.items())


def _kind_in_words(kind: Any, field: FieldInfo) -> str:  # noqa: ANN401 - an annotation
    if get_origin(kind) is Literal:
        return f"one of {', '.join(map(str, get_args(kind)))}"
    origin = get_origin(kind) or kind
    if isinstance(origin, type) and issubclass(origin, FrozenMap):
        return "a number" if _bounds(field) else TABLE
    words = {float: "a number", int: "a whole number", bool: "true or false", str: "a text"}
    return words.get(origin, "a list" if origin in {tuple, frozenset} else TABLE)


def _bounds(field: FieldInfo) -> dict[str, float]:
    about = field.json_schema_extra
    told = about.get("bounds") if isinstance(about, dict) else None
    if isinstance(told, dict):
        return {_SIGNS[rule]: float(str(one)) for rule, one in told.items() if one is not None}
    return {
        sign: float(getattr(one, rule))
        for one in field.metadata
        for kind, rule, sign in _RULES
        if isinstance(one, kind)
    }


def _members(annotation: Any) -> tuple[Any, ...]:  # noqa: ANN401 - an annotation
    if get_origin(annotation) in {Union, UnionType}:
        return get_args(annotation)
    return (annotation,)

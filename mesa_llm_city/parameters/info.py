"""What there is to know about one parameter."""

from __future__ import annotations

from typing import NamedTuple

from mesa_llm_city.parameters.dotted import Leaf
from mesa_llm_city.parameters.ranges import range_of
from mesa_llm_city.parameters.sources import source_of

__all__ = ["ParameterInfo", "info_of"]


class ParameterInfo(NamedTuple):
    """What there is to know about one parameter.

    Attributes
    ----------
    name : str
        Dotted name.
    value, default : object
        Now, and unless it is changed; the default of a new kind is that of its field.
    unit : str
        Unit; ``"1"`` for a pure number, empty for text and switches.
    low, high : str
        Ends of its range, such as ``">= 0"``; empty where it is open.
    source : str
        Paper and section, or ``"assumption"``; empty for text and switches.
    description : str
        What it is.
    """

    name: str
    value: object
    default: object
    unit: str
    low: str
    high: str
    source: str
    description: str

    @property
    def is_changed(self) -> bool:
        """Whether it differs from its default."""
        return bool(self.value != self.default)

    @property
    def range(self) -> str:
        """Its range in one text, empty where it is open on both sides."""
        return ", ".join(filter(None, (self.low, self.high)))


def info_of(leaf: Leaf, default: object) -> ParameterInfo:
    """Return what there is to know about a leaf of a tree, and its default."""
    about = leaf.field.json_schema_extra
    told = about if isinstance(about, dict) else {}
    low, high = range_of(leaf.field)
    description = leaf.field.description or ""
    return ParameterInfo(
        leaf.name,
        leaf.value,
        default,
        str(told.get("unit", "")),
        low,
        high,
        source_of(leaf.name, str(told.get("source", ""))),
        f"{description}: {leaf.key}" if leaf.key else description,
    )

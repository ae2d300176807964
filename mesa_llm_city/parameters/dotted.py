"""Dotted names: from a tree to names and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic.fields import FieldInfo

from mesa_llm_city.parameters.base import Branch
from mesa_llm_city.parameters.defects import Defect, ParameterError
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = ["Leaf", "differing", "leaves", "nested", "split_dotted", "undeclared"]


class Leaf(NamedTuple):
    """One value of a tree, its dotted name, and the field that declares it.

    Attributes
    ----------
    name : str
        Dotted name.
    value : object
        Its value.
    field : FieldInfo
        Its declaration; of an entry of a table, that of the table.
    key : str
        Of an entry of a table, its name there; otherwise empty.
    """

    name: str
    value: object
    field: FieldInfo
    key: str = ""


def leaves(branch: Branch, prefix: str = "") -> Iterator[Leaf]:
    """Yield every value of a branch, in the order of declaration.

    Examples
    --------
    >>> from mesa_llm_city.parameters.modes import MODES
    >>> [leaf.name for leaf in leaves(MODES["bus"], "modes.bus")][4:6]
    ['modes.bus.enabled', 'modes.bus.speed_km_h']
    """
    for name, field in type(branch).model_fields.items():
        yield from _below(getattr(branch, name), f"{prefix}.{name}" if prefix else name, field)


def _below(value: object, name: str, field: FieldInfo) -> Iterator[Leaf]:
    if isinstance(value, Branch):
        yield from leaves(value, name)
    elif isinstance(value, FrozenMap):
        for key, entry in value.items():
            if isinstance(entry, Branch):
                yield from leaves(entry, f"{name}.{key}")
            else:
                yield Leaf(f"{name}.{key}", entry, field, str(key))
    else:
        yield Leaf(name, value, field)


def differing(branch: Branch, reference: Branch, prefix: str = "") -> Iterator[Leaf]:
    """Yield the values of a branch that are others than those of another one of its type."""
    for name, field in type(branch).model_fields.items():
        value, usual = getattr(branch, name), getattr(reference, name)
        if value is not usual:
            yield from _differing(value, usual, f"{prefix}.{name}" if prefix else name, field)


def _differing(value: object, usual: object, name: str, field: FieldInfo) -> Iterator[Leaf]:
    if isinstance(value, Branch) and isinstance(usual, Branch):
        yield from differing(value, usual, name)
    elif isinstance(value, FrozenMap) and isinstance(usual, FrozenMap):
        for key, entry in value.items():
            if isinstance(entry, Branch) and key in usual:
                yield from differing(entry, usual[key], f"{name}.{key}")
            elif isinstance(entry, Branch):
                # The row itself first, since it is declared by its name.
                yield Leaf(f"{name}.{key}", FrozenMap(), field, str(key))
                yield from differing(entry, type(entry)(), f"{name}.{key}")
            elif key not in usual or entry != usual[key]:
                yield Leaf(f"{name}.{key}", entry, field, str(key))
    elif value != usual:
        yield Leaf(name, value, field)


def undeclared(tree: Branch, dotted: Mapping[str, Any]) -> Iterator[Defect]:
    """Yield names within rows that do not exist, so that a slip of the pen makes no new kind.

    Parameters
    ----------
    tree : Branch
        What exists.
    dotted : mapping of str to object
        Values by dotted name. A row that is given as a mapping, such as
        ``{"modes.scooter": {}}``, is declared by that.
    """
    declared = {name for name, value in dotted.items() if isinstance(value, Mapping)}
    for name in dotted:
        place: Any = tree
        parts = name.split(".")
        for depth, part in enumerate(parts[:-1], start=1):
            path = ".".join(parts[:depth])
            is_row = isinstance(place, FrozenMap) and any(
                isinstance(row, Branch) for row in place.values()
            )
            if is_row and part not in place and path not in declared:
                problem = f"there is no {path}; a new one is declared as a table of that name"
                yield Defect(name, problem, is_unknown=True)
            place = place.get(part) if isinstance(place, FrozenMap) else getattr(place, part, None)


def nested(dotted: Mapping[str, Any]) -> dict[str, Any]:
    """Turn dotted names into a tree of dictionaries.

    Raises
    ------
    ParameterError
        If a name is given both as a value and as a branch.

    Examples
    --------
    >>> nested({"modes.bus.speed_km_h": 12.0, "modes.bus.wait_min": 3})
    {'modes': {'bus': {'speed_km_h': 12.0, 'wait_min': 3}}}
    """
    tree: dict[str, Any] = {}
    for name, value in dotted.items():
        *path, last = name.split(".")
        place = tree
        for part in path:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                problem = "is given as a value and as a branch; give one of the two"
                raise ParameterError.listing([Defect(name, problem)])
        before = place.get(last)
        given = dict(value) if isinstance(value, Mapping) else value
        place[last] = _merged(before, given) if isinstance(before, dict) else given
    return tree


def _merged(before: dict[str, Any], given: Any) -> Any:  # noqa: ANN401 - of any type
    """Return two plain trees in one, the second over the first."""
    if not isinstance(given, Mapping):
        return given
    told = {
        key: _merged(before[key], value) if isinstance(before.get(key), dict) else value
        for key, value in given.items()
    }
    return {**before, **told}


def split_dotted(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tell dotted names, which are parameters, from all others.

    Parameters
    ----------
    given : mapping
        Keyword arguments of a model, say.

    Returns
    -------
    tuple of dict
        Those whose name has a dot, and the others.

    Examples
    --------
    >>> split_dotted({"citizens": 500, "mobility.gravity.gamma": 1})
    ({'mobility.gravity.gamma': 1}, {'citizens': 500})
    """
    dotted = {name: value for name, value in given.items() if "." in name}
    return dotted, {name: value for name, value in given.items() if "." not in name}

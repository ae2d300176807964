"""The tree of every behavioural number, and the ways to change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Self

from mesa_llm_city.parameters.base import Branch, merged, parameter
from mesa_llm_city.parameters.consistency import kind_defects
from mesa_llm_city.parameters.defects import Defect, ParameterError
from mesa_llm_city.parameters.derived import colours_of, label_of
from mesa_llm_city.parameters.dotted import Leaf, leaves, nested
from mesa_llm_city.parameters.frozen import FrozenMap
from mesa_llm_city.parameters.kind import KindSpec
from mesa_llm_city.parameters.modes import MODES, ModeSpec
from mesa_llm_city.parameters.needs import NEEDS, NeedSpec
from mesa_llm_city.parameters.purposes import PURPOSES, PurposeSpec, free_time_purposes
from mesa_llm_city.parameters.ranges import range_of
from mesa_llm_city.parameters.sources import source_of
from mesa_llm_city.parameters.toml import read_tables, written

__all__ = ["CityParameters", "ParameterInfo"]

_KINDS: Mapping[str, tuple[type[KindSpec], Mapping[str, KindSpec]]] = {
    "purposes": (PurposeSpec, PURPOSES),
    "modes": (ModeSpec, MODES),
    "needs": (NeedSpec, NEEDS),
}


_MISSING = object()


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
        Paper and section, or ``"assumption"``.
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
        return self.value != self.default


class CityParameters(Branch):
    """Every number that shapes behaviour, and every kind of activity, mode and need.

    Frozen: `with_` returns another tree. Names are dotted, such as
    ``mobility.gravity.gamma``; they are the same in Python, in TOML, on the command line
    and as keys of ``mesa.batch_run``.

    Parameters
    ----------
    **given : mapping or Branch
        Branches, or what differs from their defaults. Rows of `purposes`, `modes` and
        `needs` that are built in are changed by the fields given; other names are new kinds.

    Raises
    ------
    ParameterError
        A `ConfigError` that lists every defect by its dotted name.

    Examples
    --------
    >>> slow = CityParameters().with_("modes.bus.speed_km_h", 12.0)
    >>> slow.modes["bus"].speed_km_h, slow.changed()
    (12.0, {'modes.bus.speed_km_h': 12.0})
    >>> with_scooter = CityParameters(modes={"scooter": {"speed_km_h": 15, "access_min": 2}})
    >>> list(with_scooter.modes)
    ['walk', 'bicycle', 'car', 'bus', 'train', 'scooter']
    """

    purposes: FrozenMap[str, PurposeSpec] = parameter(PURPOSES, "What people do", keys="any")
    modes: FrozenMap[str, ModeSpec] = parameter(MODES, "How people travel", keys="any")
    needs: FrozenMap[str, NeedSpec] = parameter(NEEDS, "What people need", keys="any")

    def __init__(self, /, **given: Any) -> None:  # noqa: ANN401 - branches of any type
        try:
            super().__init__(**{name: _completed(name, one) for name, one in given.items()})
        except ParameterError as error:
            raise error.suggesting(_names()) from None

    def contradictions(self) -> Iterator[Defect]:
        """Yield what does not fit together across branches."""
        yield from kind_defects(self.purposes, self.modes, self.needs)

    @property
    def free_time(self) -> tuple[str, ...]:
        """What free time can be spent on, in the order in which it comes to mind."""
        return free_time_purposes(self.purposes)

    def get(self, name: str) -> Any:  # noqa: ANN401 - a value of any type
        """Return the value, or the branch, of a dotted name.

        Raises
        ------
        ParameterError
            If there is none; it suggests close names.
        """
        place: Any = self
        for part in name.split("."):
            place = _child(place, part)
            if place is _MISSING:
                unknown = Defect(name, "there is no such parameter", is_unknown=True)
                known = [*_names(), *(leaf.name for leaf in leaves(self))]
                raise ParameterError.listing([unknown]).suggesting(dict.fromkeys(known))
        return place

    def with_(self, name: str | Mapping[str, Any], value: Any = None) -> Self:  # noqa: ANN401 - of any type
        """Return another tree in which some parameters differ.

        Parameters
        ----------
        name : str or mapping of str to object
            Dotted name of one parameter; or names and values of several. A name may be that
            of a branch or row, with a mapping of what differs in it.
        value : object
            Its value, if one name is given.

        Raises
        ------
        ParameterError
            Lists every defect.
        """
        new = {name: value} if isinstance(name, str) else dict(name)
        tree: dict[str, Any] = dict(self)
        for branch, given in nested(new).items():
            tree[branch] = merged(tree.get(branch), given)
        return type(self)(**tree)

    @classmethod
    def from_dotted(cls, given: Mapping[str, Any]) -> Self:
        """Return the tree with some parameters by dotted name; numbers may be text.

        Parameters
        ----------
        given : mapping of str to object
            Values by dotted name, as a command line or ``mesa.batch_run`` gives them.

        Examples
        --------
        >>> CityParameters.from_dotted({"needs.social.decay_per_h": "0.2"}).changed()
        {'needs.social.decay_per_h': 0.2}
        """
        return cls(**nested(given))

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read parameters from a TOML file.

        The table ``[parameters]`` of the file is read if there is one, with tables such as
        ``[parameters.modes.scooter]`` within; whatever else the file holds is left alone.
        Without it the whole file is read, and may then hold nothing but parameters, in
        tables such as ``[modes.scooter]``.

        Raises
        ------
        ParameterError
            If the file is no TOML, holds no parameters, or other things beside them;
            lists every defect.
        """
        return cls(**read_tables(Path(path), tuple(cls.model_fields)))

    def to_toml(self) -> str:
        """Return what differs from the defaults as TOML that `read` reads."""
        return written(self.changed())

    def write(self, path: str | Path) -> None:
        """Write what differs from the defaults to a TOML file."""
        Path(path).write_text(self.to_toml(), encoding="utf-8")

    def changed(self) -> dict[str, Any]:
        """Return the values that differ from the defaults, by dotted name."""
        before = {leaf.name: leaf.value for leaf in leaves(_reference(self))}
        differs = {
            leaf.name: leaf.value
            for leaf in leaves(self)
            if leaf.name not in before or before[leaf.name] != leaf.value
        }
        return {**_bare_rows(self, differs), **differs}

    def leaves(self) -> Iterator[ParameterInfo]:
        """Yield every parameter with all there is to know about it."""
        before = {leaf.name: leaf.value for leaf in leaves(_reference(self))}
        for leaf in leaves(self):
            yield _info(leaf, before.get(leaf.name))

    def __repr__(self) -> str:
        """Return what differs from the defaults."""
        told = ", ".join(f"{name}={value!r}" for name, value in self.changed().items())
        return f"CityParameters({told})"

    __str__ = __repr__


def _completed(branch: str, given: Any) -> Any:  # noqa: ANN401 - a branch of any type
    """Return rows of kinds, with the label and colours that new ones leave open."""
    if branch not in _KINDS or not isinstance(given, Mapping):
        return given
    kind, built_in = _KINDS[branch]
    taken = [row.colour for row in built_in.values()]
    rows = dict(given)
    for name, row in given.items():
        plain = row.model_dump(exclude_unset=True) if isinstance(row, KindSpec) else row
        if name not in built_in and isinstance(plain, Mapping):
            derived = _derived(kind, name, taken)
            taken.append(derived["colour"])
            rows[name] = {**derived, **{key: one for key, one in plain.items() if one != ""}}
    return rows


def _derived(kind: type[KindSpec], name: str, taken: list[str]) -> dict[str, str]:
    label = label_of(name)
    light, dark = colours_of(name, taken)
    group = {"group": label} if kind is PurposeSpec else {}
    return {"label": label, "colour": light, "colour_dark": dark, **group}


def _reference(parameters: CityParameters) -> CityParameters:
    """Return the defaults of a tree that has the same kinds."""
    default = _default()
    extra: dict[str, dict[str, Any]] = {
        branch: {name: {} for name in getattr(parameters, branch) if name not in built_in}
        for branch, (_, built_in) in _KINDS.items()
    }
    rows = {branch: names for branch, names in extra.items() if names}
    return CityParameters(**rows) if rows else default


def _bare_rows(parameters: CityParameters, differs: Mapping[str, object]) -> dict[str, object]:
    """Return the names of new kinds of which nothing else would be told, in their order."""
    bare: dict[str, object] = {}
    for branch, (_, built_in) in _KINDS.items():
        new = [f"{branch}.{name}" for name in getattr(parameters, branch) if name not in built_in]
        if any(not any(name.startswith(f"{row}.") for name in differs) for row in new):
            bare |= dict.fromkeys(new, FrozenMap())
    return bare


def _child(place: Any, part: str) -> Any:  # noqa: ANN401 - a value of any type
    if isinstance(place, Branch):
        return getattr(place, part) if part in type(place).model_fields else _MISSING
    if isinstance(place, FrozenMap):
        number = int(part) if part.isdecimal() else None
        return place.get(part, place.get(number, _MISSING))
    return _MISSING


def _info(leaf: Leaf, default: object) -> ParameterInfo:
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


@cache
def _default() -> CityParameters:
    return CityParameters()


@cache
def _names() -> tuple[str, ...]:
    return tuple(leaf.name for leaf in leaves(_default()))

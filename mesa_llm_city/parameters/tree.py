"""The tree of every behavioural number, and the ways to change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Self

from mesa_llm_city.parameters.base import Branch, merged, parameter
from mesa_llm_city.parameters.city import UrbanParameters
from mesa_llm_city.parameters.consistency import kind_defects, unknown_purposes
from mesa_llm_city.parameters.defects import Defect, ParameterError
from mesa_llm_city.parameters.dotted import differing, leaves, nested, undeclared
from mesa_llm_city.parameters.economy import EconomyParameters
from mesa_llm_city.parameters.frozen import FrozenMap
from mesa_llm_city.parameters.info import ParameterInfo, info_of
from mesa_llm_city.parameters.migration import MigrationParameters
from mesa_llm_city.parameters.mind import MindParameters
from mesa_llm_city.parameters.mobility import MobilityParameters
from mesa_llm_city.parameters.modes import MODES, ModeSpec
from mesa_llm_city.parameters.needs import NEEDS, NeedSpec
from mesa_llm_city.parameters.policies import PolicyParameters
from mesa_llm_city.parameters.population import PopulationParameters
from mesa_llm_city.parameters.purposes import (
    PURPOSES,
    PurposeSpec,
    free_time_purposes,
    plannable_purposes,
)
from mesa_llm_city.parameters.rows import completed, new_rows
from mesa_llm_city.parameters.social import SocialParameters
from mesa_llm_city.parameters.toml import based_on, read_tables, written

__all__ = ["CityParameters"]

_MISSING = object()


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
    population: PopulationParameters = PopulationParameters()
    mind: MindParameters = MindParameters()
    mobility: MobilityParameters = MobilityParameters()
    social: SocialParameters = SocialParameters()
    city: UrbanParameters = UrbanParameters()
    migration: MigrationParameters = MigrationParameters()
    economy: EconomyParameters = EconomyParameters()
    policies: PolicyParameters = PolicyParameters()

    def __init__(self, /, **given: Any) -> None:  # noqa: ANN401 - branches of any type
        try:
            super().__init__(**{name: completed(name, one) for name, one in given.items()})
        except ParameterError as error:
            raise error.suggesting(_names()) from None

    def contradictions(self) -> Iterator[Defect]:
        """Yield what does not fit together across branches."""
        yield from kind_defects(self.purposes, self.modes, self.needs)
        for level, goal in self.mind.goals.by_level.items():
            where = f"mind.goals.by_level.{level}.favours"
            yield from unknown_purposes(goal.favours, self.purposes, where)
        mean = self.population.free_time.mean
        yield from unknown_purposes(mean, self.purposes, "population.free_time.mean")
        visits = self.economy.shopping.per_visit
        yield from unknown_purposes(visits, self.purposes, "economy.shopping.per_visit")
        for name, hobby in self.population.hobbies.items():
            where = f"population.hobbies.{name}.purpose"
            yield from unknown_purposes([hobby.purpose], self.purposes, where)

    @property
    def free_time(self) -> tuple[str, ...]:
        """What free time can be spent on, in the order in which it comes to mind."""
        return _free_time(self)

    @property
    def plannable(self) -> tuple[str, ...]:
        """What a language model may put into the plan of a day, in the order it is told."""
        return plannable_purposes(self.purposes)

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
        if unknown := list(undeclared(self, new)):
            raise ParameterError.listing(unknown).suggesting(_names())
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
        if unknown := list(undeclared(_default(), given)):
            raise ParameterError.listing(unknown).suggesting(_names())
        return cls(**nested(given))

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read parameters from a TOML file.

        The table ``[parameters]`` of the file is read if there is one, with tables such as
        ``[parameters.modes.scooter]`` within; whatever else the file holds is left alone.
        Without it the whole file is read, and may then hold nothing but parameters, in
        tables such as ``[modes.scooter]``. Relative paths of files start from its folder.

        Raises
        ------
        ParameterError
            If the file is no TOML, holds no parameters, or other things beside them;
            lists every defect.
        """
        tables = read_tables(Path(path), tuple(cls.model_fields))
        return cls(**based_on(tables, Path(path).parent))

    def to_toml(self) -> str:
        """Return what differs from the defaults as TOML that `read` reads."""
        return written(self.changed())

    def write(self, path: str | Path) -> None:
        """Write what differs from the defaults to a TOML file."""
        Path(path).write_text(self.to_toml(), encoding="utf-8")

    def changed(self) -> dict[str, Any]:
        """Return the values that differ from the defaults, by dotted name.

        A row that is new stands there by its own name as well, with an empty table.
        """
        differs = {leaf.name: leaf.value for leaf in differing(self, _reference(self))}
        new = [f"{branch}.{row}" for branch, rows in new_rows(dict(self)).items() for row in rows]
        return {**dict.fromkeys(new, FrozenMap()), **differs}

    def leaves(self) -> Iterator[ParameterInfo]:
        """Yield every parameter with all there is to know about it."""
        before = {leaf.name: leaf.value for leaf in leaves(_reference(self))}
        for leaf in leaves(self):
            yield info_of(leaf, before.get(leaf.name, None if leaf.key else leaf.field.default))

    def __repr__(self) -> str:
        """Return what differs from the defaults."""
        told = ", ".join(f"{name}={value!r}" for name, value in self.changed().items())
        return f"CityParameters({told})"

    __str__ = __repr__


def _reference(parameters: CityParameters) -> CityParameters:
    """Return the defaults of a tree that has the same kinds."""
    new = new_rows(dict(parameters))
    if not new:
        return _default()
    rows: dict[str, dict[str, Any]] = {
        branch: {name: {} for name in names} for branch, names in new.items()
    }
    return CityParameters(**rows)


def _child(place: Any, part: str) -> Any:  # noqa: ANN401 - a value of any type
    if isinstance(place, Branch):
        return getattr(place, part) if part in type(place).model_fields else _MISSING
    if isinstance(place, FrozenMap):
        number = int(part) if part.isdecimal() else None
        return place.get(part, place.get(number, _MISSING))
    return _MISSING


@lru_cache(maxsize=64)
def _free_time(parameters: CityParameters) -> tuple[str, ...]:
    """Return what free time can be spent on; every citizen asks whenever some is free."""
    return free_time_purposes(parameters.purposes)


@cache
def _default() -> CityParameters:
    return CityParameters()


@cache
def _names() -> tuple[str, ...]:
    return (*CityParameters.model_fields, *(leaf.name for leaf in leaves(_default())))

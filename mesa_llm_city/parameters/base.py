"""A branch of the tree of parameters, and how one parameter is declared in a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from mesa_llm_city.parameters.defects import Defect, ParameterError, told_by_pydantic
from mesa_llm_city.parameters.frozen import FrozenMap
from mesa_llm_city.parameters.ranges import accepted, is_within, takes_text
from mesa_llm_city.parameters.text import from_text

__all__ = ["Branch", "merged", "parameter", "switch", "wording"]


def parameter(
    default: Any,  # noqa: ANN401 - a field of any type
    description: str,
    *,
    unit: str = "1",
    source: str = "assumption",
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    keys: Literal["purposes", "modes", "needs", "any"] | None = None,
) -> Any:  # noqa: ANN401 - a field of any type
    """Declare a parameter: default, meaning, unit, range and source.

    Parameters
    ----------
    default : object
        Its default value.
    description : str
        What it is, in one plain sentence without its unit.
    unit : str, default "1"
        Unit; ``"1"`` for a pure number, ``""`` for text and switches.
    source : str, default "assumption"
        The paper and section it comes from.
    ge, gt, le, lt : float, optional
        Least and greatest value, included (``e``) or not; of a table, of each value.
    keys : {"purposes", "modes", "needs", "any"}, optional
        Of a table: which names may be added to those of the default. None by default.

    Returns
    -------
    Any
        What pydantic's ``Field`` returns.
    """
    about: dict[str, Any] = {"unit": unit, "source": source, "keys": keys}
    if isinstance(default, FrozenMap):
        # Bounds are those of the values, which pydantic would apply to the length.
        about["bounds"] = {"ge": ge, "gt": gt, "le": le, "lt": lt}
        return Field(default, description=description, json_schema_extra=about)
    return Field(
        default, description=description, ge=ge, gt=gt, le=le, lt=lt, json_schema_extra=about
    )


def switch(description: str, *, default: bool, source: str = "") -> Any:  # noqa: ANN401 - a field
    """Declare a parameter that is true or false."""
    return parameter(default, description, unit="", source=source)


def wording(description: str, *, default: str = "", unit: str = "") -> Any:  # noqa: ANN401 - a field
    """Declare a text: a label, a colour or words for a prompt."""
    return parameter(default, description, unit=unit, source="")


class Branch(BaseModel):
    """A frozen group of parameters; a branch may hold branches.

    Whoever makes one gives what differs from the defaults, also inside tables and
    branches within. A branch can be pickled, compared and hashed; a copy is the branch
    itself.

    Raises
    ------
    ParameterError
        Lists every value outside its range and every name that does not exist.

    Examples
    --------
    >>> class Gravity(Branch):
    ...     gamma: float = parameter(2.0, "Weight of belief", ge=0, le=10)
    >>> Gravity(gamma=-1)
    Traceback (most recent call last):
    ...
    mesa_llm_city.parameters.defects.ParameterError: gamma: got -1; accepted is a number from 0 to
    10
    """

    # Not among the fields, so that they are neither compared nor pickled.
    __slots__ = ("_hash", "_twin")

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, protected_namespaces=()
    )

    def __init__(self, /, **given: Any) -> None:  # noqa: ANN401 - values of any type
        kind = type(self)
        try:
            super().__init__(**{name: _read(kind, name, one) for name, one in given.items()})
        except ValidationError as error:
            raise ParameterError.listing(told_by_pydantic(error, _accepted(kind))) from None
        wrong = [*self._beyond_tables(), *self.contradictions()]
        if wrong:
            raise ParameterError.listing(wrong)

    def __hash__(self) -> int:
        """Return a hash of the values; the whole tree has thousands, so it is kept."""
        try:
            kept: int = object.__getattribute__(self, "_hash")
        except AttributeError:
            kept = hash(tuple(getattr(self, name) for name in type(self).model_fields))
            object.__setattr__(self, "_hash", kept)
        return kept

    def __eq__(self, other: object) -> bool:
        """Compare the values; the one found equal last is known again without comparing them.

        Two trees that are equal, as that of a model and that of its save, are asked for by every
        citizen, and have thousands of values.
        """
        if self is other or getattr(self, "_twin", None) is other:
            return True
        if not isinstance(other, Branch) or hash(self) != hash(other):
            return False
        is_equal = super().__eq__(other)
        if is_equal:
            object.__setattr__(self, "_twin", other)
        return is_equal

    def contradictions(self) -> Iterator[Defect]:
        """Yield what does not fit together; a branch with such rules overrides it."""
        yield from ()

    def __copy__(self) -> Self:
        """Return itself, since nothing in it can be changed."""
        return self

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Return itself, since nothing in it can be changed."""
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:  # noqa: ARG002 - as in pydantic
        """Return itself, or another branch with some values replaced and checked.

        Pydantic would write the values into the copy, which is the branch itself here.
        """
        return type(self)(**{**dict(self), **update}) if update else self

    def _beyond_tables(self) -> Iterator[Defect]:
        """Yield the entries of tables that lie outside their bounds, or have unknown names."""
        for name in _tables(type(self)) & self.model_fields_set:
            field = type(self).model_fields[name]
            for key, value in getattr(self, name).items():
                if not _may_be_key(field, key):
                    problem = f"there is no such entry; accepted are {_listed(field.default)}"
                    yield Defect(f"{name}.{key}", problem, is_unknown=False)
                elif not is_within(field, value):
                    problem = f"got {value!r}; accepted is {accepted(field)}"
                    yield Defect(f"{name}.{key}", problem)


def _read(kind: type[Branch], name: str, given: Any) -> Any:  # noqa: ANN401 - values of any type
    """Return a value on top of the default it replaces, text turned into what it stands for."""
    field = kind.model_fields.get(name)
    if field is None:
        return given
    if isinstance(given, str) and not takes_text(field):
        given = from_text(given)
    return merged(field.default, given)


def merged(default: Any, given: Any) -> Any:  # noqa: ANN401 - values of any type
    """Return a default with what is given put over it, inside branches and tables too."""
    if isinstance(given, str) and isinstance(default, tuple):
        return from_text(given)
    if not isinstance(given, Mapping):
        return given
    if isinstance(default, Branch):
        kept = dict(default)
    elif isinstance(default, FrozenMap):
        kept = dict(default)
        if kept and isinstance(next(iter(kept)), int):
            given = {_whole(key): value for key, value in given.items()}
    else:
        return given
    return {**kept, **{key: merged(kept.get(key), value) for key, value in given.items()}}


def _whole(key: Any) -> Any:  # noqa: ANN401 - a key of any type
    return int(key) if isinstance(key, str) and key.isdecimal() else key


def _may_be_key(field: FieldInfo, key: object) -> bool:
    about = field.json_schema_extra
    more = about.get("keys") if isinstance(about, dict) else None
    # Names of kinds are checked by the tree, which knows them all.
    return isinstance(key, int) or more is not None or key in field.default


def _listed(names: Mapping[Any, Any]) -> str:
    return ", ".join(map(str, names))


@cache
def _tables(kind: type[Branch]) -> frozenset[str]:
    return frozenset(
        name for name, field in kind.model_fields.items() if isinstance(field.default, FrozenMap)
    )


@cache
def _accepted(kind: type[Branch]) -> dict[str, str]:
    return {name: accepted(field) for name, field in kind.model_fields.items()}

"""People of a city as rows of a survey, by a mapping from their properties to its columns."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.text_files import read_text
from mesa_llm_city.migration.origins import SETTLEMENT_FIELDS, Circumstances
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.population.persona import Household, Persona

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ColumnSource", "PersonaMapping"]

_SETTLEMENTS = ("city", "hometown", "here")
_ANSWERS = "answers"
_PROPERTIES = frozenset(
    {one.name for one in fields(Persona)}
    | {f"household.{one.name}" for one in fields(Household)}
    | {f"{place}.{name}" for place in _SETTLEMENTS for name in SETTLEMENT_FIELDS}
)
_ALONE = Circumstances()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSource:
    """Where the values of a column come from.

    Parameters
    ----------
    property : str, default ""
        Property of a `Persona`, such as ``"age"`` or ``"household.size"``; of a place, such as
        ``"city.wage"``, ``"hometown.distance_km"`` or ``"here.price"``, where the person lives;
        or an answer, such as ``"answers.hukou"`` (see `Circumstances`).
    codes : mapping of str to code, optional
        Code of the survey for each value of the property; a value without one is missing.
    times : float, default 1.0
        Factor of a number, such as the median income in the currency of the survey.
    by : str, default ""
        A property that a number is multiplied by too, such as ``"here.wage"``.
    missing : float, optional
        Number that stands for a missing value, such as an income of 0 for a wage.
    value : int, float or str, optional
        The same value for everybody, in place of a property.
    """

    property: str = ""
    codes: Mapping[str, Any] | None = None
    times: float = 1.0
    by: str = ""
    missing: float | None = None
    value: float | str | None = None

    def of(self, person: Persona, circumstances: Circumstances = _ALONE) -> object:
        """Return the cell of a person; None if it is missing."""
        if not self.property:
            return self.value
        found = _property(self.property, person, circumstances)
        if self.codes is not None:
            return self.codes.get(str(getattr(found, "value", found)))
        if not isinstance(found, int | float):
            return found
        if found == self.missing:
            return None
        factor = _property(self.by, person, circumstances) if self.by else 1.0
        return found * self.times * factor if isinstance(factor, int | float) else None


def _property(path: str, person: Persona, circumstances: Circumstances) -> Any:  # noqa: ANN401 - a property of any type
    """Return a property by its name; None where there is no such place or answer."""
    first, _, rest = path.partition(".")
    if first == _ANSWERS:
        return circumstances.answers.get(rest)
    owner: Any = circumstances if first in _SETTLEMENTS else person
    found = getattr(owner, first)
    return found if found is None or not rest else getattr(found, rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaMapping:
    """A mapping from properties of people to columns of a survey.

    Parameters
    ----------
    schema : Schema
        The survey.
    sources : mapping of str to ColumnSource
        Source of each column by name. The other columns are filled from the answer of the same
        name, if a person has one (see `Circumstances`), and else are missing.

    Raises
    ------
    ConfigError
        If a column is not in the schema, a source has neither property nor value or both, or
        there is no such property.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.shipped import shipped_schema
    >>> mapping = PersonaMapping(
    ...     schema=shipped_schema("health_insurance"),
    ...     sources={"age": ColumnSource(property="age"), "empl": ColumnSource(value=1)},
    ... )
    >>> mapping.missing[:3]
    ('fml', 'hlth', 'nwhite')
    """

    schema: Schema
    sources: Mapping[str, ColumnSource]

    def __post_init__(self) -> None:
        """Check that columns and properties exist, and list all defects."""
        wrong = []
        for name, source in self.sources.items():
            if name not in self.schema.names:
                wrong.append(f"the schema has no column {name}{_hint(name, self.schema.names)}")
            if bool(source.property) == (source.value is not None):
                wrong.append(f"{name} needs either a property or a value")
            wrong += [
                f"people have no property {one!r}{_hint(one, _PROPERTIES)}"
                for one in (source.property, source.by)
                if one and one not in _PROPERTIES and not one.startswith(f"{_ANSWERS}.")
            ]
        if wrong:
            message = f"the mapping cannot be used: {'; '.join(wrong)}"
            raise ConfigError(message)

    @property
    def missing(self) -> tuple[str, ...]:
        """Columns that models are given, but no source fills."""
        return tuple(one.name for one in self.schema.inputs if one.name not in self.sources)

    @classmethod
    def read(cls, path: str | Path, schema: Schema) -> Self:
        """Read a mapping from TOML, with a table ``[columns.NAME]`` for each column.

        Raises
        ------
        ConfigError
            If the file is no mapping.
        """
        try:
            tables = tomllib.loads(read_text(Path(path)))["columns"]
            sources = {str(name): ColumnSource(**table) for name, table in tables.items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = (
                f"{path} is no mapping of people ({error}); it has tables such as [columns.age], "
                "with property, codes, times, by, missing or value"
            )
            raise ConfigError(message) from error
        return cls(schema=schema, sources=sources)

    def rows(
        self, people: Iterable[Persona], circumstances: Sequence[Circumstances] | None = None
    ) -> SurveyTable:
        """Return people as rows of the survey, without labels.

        Parameters
        ----------
        people : iterable of Persona
            The people.
        circumstances : sequence of Circumstances, optional
            Places and answers of each of them; without, what is read from these is missing.

        Raises
        ------
        DataError
            If a value is no value of its column, or the lengths differ.
        """
        persons = list(people)
        around = [_ALONE] * len(persons) if circumstances is None else list(circumstances)
        if len(around) != len(persons):
            message = f"there are {len(persons)} people, but circumstances of {len(around)}"
            raise DataError(message)
        frame = self._frame(persons, around)
        return SurveyTable.from_frame(
            frame, self.schema, labelled=False, source="the mapped people"
        )

    def _frame(self, people: list[Persona], around: list[Circumstances]) -> pd.DataFrame:
        import pandas as pd

        both = list(zip(people, around, strict=True))
        sources = {name: ColumnSource(property=f"{_ANSWERS}.{name}") for name in self.schema.names}
        sources |= self.sources
        cells: dict[str, Any] = {
            name: [_blank_as_nan(source.of(*one)) for one in both]
            for name, source in sources.items()
        }
        if self.schema.group is not None:
            cells[self.schema.group] = [one.household.id for one in people]
        return pd.DataFrame(cells, index=range(len(people)))


def _blank_as_nan(cell: object) -> object:
    return np.nan if cell is None else cell


def _hint(name: str, known: Iterable[str]) -> str:
    return did_you_mean(name, sorted(known))

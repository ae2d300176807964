"""People of a city as rows of a survey, by a mapping from their properties to its columns."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.text_files import read_text
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.population.persona import Household, Persona

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ColumnSource", "PersonaMapping"]

_PROPERTIES = frozenset(
    {one.name for one in fields(Persona)} | {f"household.{one.name}" for one in fields(Household)}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSource:
    """Where the values of a column come from.

    Parameters
    ----------
    property : str, default ""
        Property of a `Persona`, such as ``"age"`` or ``"household.size"``.
    codes : mapping of str to code, optional
        Code of the survey for each value of the property; a value without one is missing.
    times : float, default 1.0
        Factor of a number, such as the median income in the currency of the survey.
    value : int, float or str, optional
        The same value for everybody, in place of a property.
    """

    property: str = ""
    codes: Mapping[str, Any] | None = None
    times: float = 1.0
    value: float | str | None = None

    def of(self, person: Persona) -> object:
        """Return the cell of a person; None if it is missing."""
        if not self.property:
            return self.value
        owner: Any = person
        for name in self.property.split("."):
            owner = getattr(owner, name)
        if self.codes is not None:
            return self.codes.get(str(getattr(owner, "value", owner)))
        return owner * self.times if isinstance(owner, int | float) else owner


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaMapping:
    """A mapping from properties of people to columns of a survey.

    Parameters
    ----------
    schema : Schema
        The survey.
    sources : mapping of str to ColumnSource
        Source of each column by name; the other columns are missing.

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
            elif source.property and source.property not in _PROPERTIES:
                hint = _hint(source.property, _PROPERTIES)
                wrong.append(f"people have no property {source.property!r}{hint}")
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
                "with property, codes, times or value"
            )
            raise ConfigError(message) from error
        return cls(schema=schema, sources=sources)

    def rows(self, people: Iterable[Persona]) -> SurveyTable:
        """Return people as rows of the survey, without labels.

        Raises
        ------
        DataError
            If a value is no value of its column.
        """
        persons = list(people)
        frame = _frame(persons, self.schema, self.sources)
        return SurveyTable.from_frame(
            frame, self.schema, labelled=False, source="the mapped people"
        )


def _frame(
    people: list[Persona], schema: Schema, sources: Mapping[str, ColumnSource]
) -> pd.DataFrame:
    import pandas as pd

    cells: dict[str, Any] = {
        name: [sources[name].of(one) for one in people] if name in sources else np.nan
        for name in schema.names
    }
    if schema.group is not None:
        cells[schema.group] = [one.household.id for one in people]
    return pd.DataFrame(cells, index=range(len(people)))


def _hint(name: str, known: Iterable[str]) -> str:
    return did_you_mean(name, sorted(known))

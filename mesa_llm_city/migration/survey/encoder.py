"""Encoding of survey rows as a matrix of numbers, fitted on training rows only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.encoded_columns import CategoryColumn, NumberColumn, TextColumn
from mesa_llm_city.migration.survey.households import HouseholdMean
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["Encoder"]

Matrix = NDArray[np.float32]
EncodedColumn = NumberColumn | CategoryColumn | TextColumn
_VIEWS = ("indicator", "impute")


class Encoder:
    """Encodes survey rows: numbers standardised, categories one-hot.

    Parameters
    ----------
    missing : {"indicator", "impute"}, default "indicator"
        How missing values are encoded. With "indicator", each number has an additional
        indicator, and each categorical column a category "missing". With "impute", they are
        replaced by the median or the most frequent code (RMS-Agent, sec. 5.1, baselines).
    household_mean : bool, default False
        Whether to include the labels of other members of the household (see
        `HouseholdMean`). Report it if you use this option.
    hashes_text : bool, default False
        Whether columns of text are counts of words (see `TextColumn`); otherwise they are left
        out.

    Raises
    ------
    ConfigError
        If `missing` has another value.

    Notes
    -----
    Numbers are standardised by mean and standard deviation of the training rows (money
    after the signed logarithm, sign(x) log(1 + abs(x))) and clipped to +-6. A code that is
    not in the schema of the training rows is 0 in all its columns. Ordered codes and dates are
    numbers. Text, identifiers and columns measured after the outcome are left out.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> table = synthetic_survey(500, seed=1)
    >>> encoder = Encoder(missing="impute").fit(table)
    >>> encoder.transform(table).shape, encoder.names[:3]
    ((500, 47), ('gender: female', 'gender: male', 'age'))
    """

    def __init__(
        self,
        missing: Literal["indicator", "impute"] = "indicator",
        household_mean: bool = False,  # noqa: FBT001, FBT002 - the usual other option
        *,
        hashes_text: bool = False,
    ) -> None:
        if missing not in _VIEWS:
            message = f"missing must be one of {', '.join(_VIEWS)}, got {missing!r}"
            raise ConfigError(message)
        self.missing = missing
        self.household_mean = household_mean
        self.hashes_text = hashes_text
        self._columns: tuple[EncodedColumn, ...] | None = None
        self._households: HouseholdMean | None = None

    @property
    def uses_household_labels(self) -> bool:
        """Whether labels of other members of the household are inputs."""
        return self.household_mean

    @property
    def notes(self) -> tuple[str, ...]:
        """What was changed when it was fitted: rare codes that are taken as one."""
        coded = [one for one in self._fitted() if isinstance(one, CategoryColumn)]
        return tuple(note for one in coded for note in one.notes)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the d columns of the matrix."""
        own = [name for column in self._fitted() for name in column.names]
        return (*own, *(() if self._households is None else self._households.names))

    def fit(self, table: SurveyTable) -> Self:
        """Fit means, scales, medians, most frequent codes and households.

        Raises
        ------
        DataError
            If a feature is missing in every row, or the labels are unknown or all the same.
        ConfigError
            If `household_mean` is true but households are unknown.
        """
        table.check_trainable()
        shown = self.missing == "indicator"
        columns: list[EncodedColumn] = []
        for spec in self._encoded(table.schema):
            if spec.kind == "text":
                columns.append(TextColumn(name=spec.name))
                continue
            kind = NumberColumn if spec.is_number else CategoryColumn
            columns.append(kind.fit(spec, _floats(table, spec.name), shown=shown))
        self._households = HouseholdMean.fit(table) if self.household_mean else None
        self._columns = tuple(columns)
        return self

    def transform(self, table: SurveyTable) -> Matrix:
        """Return the matrix of rows that were not fitted on, shape (n, d).

        Raises
        ------
        DataError
            If the table has no column for a feature.
        """
        known = None if self._households is None else self._households.of(table.group, len(table))
        return self._matrix(table, known)

    def transform_training(self, table: SurveyTable) -> Matrix:
        """Return the matrix of rows that were fitted on, shape (n, d).

        The household mean of a row leaves out the row itself; all else is as in `transform`.

        Raises
        ------
        DataError
            If the table has no column for a feature, or rows of unknown households.
        """
        own = None if self._households is None else self._households.of_others(table)
        return self._matrix(table, own)

    def state(self) -> dict[str, Any]:
        """Return all fitted values, for JSON; with `household_mean`, also by household."""
        return {
            "missing": self.missing,
            "household_mean": self.household_mean,
            **({"hashes_text": True} if self.hashes_text else {}),
            "columns": [column.state() for column in self._fitted()],
            "households": None if self._households is None else self._households.state(),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the encoder that `state` described; it encodes the same to the last bit.

        Raises
        ------
        DataError
            If `state` is not the state of an encoder.
        """
        try:
            hashes = bool(state.get("hashes_text", False))
            encoder = cls(state["missing"], state["household_mean"], hashes_text=hashes)
            encoder._columns = tuple(_column(one) for one in state["columns"])
            if (state["households"] is not None) is not encoder.household_mean:
                message = "household_mean and households do not fit"
                raise ValueError(message)  # noqa: TRY301 - one way out for all that is wrong
            if state["households"] is not None:
                encoder._households = HouseholdMean.from_state(state["households"])
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            message = f"the state is not that of an encoder: {fault!r}; use one from Encoder.state"
            raise DataError(message) from fault
        return encoder

    def check_schema(self, schema: Schema) -> None:
        """Check that the columns are those of a schema.

        Raises
        ------
        DataError
            If names, kinds or codes differ.
        """
        wanted = [
            (spec.name, tuple(sorted(spec.levels)) if spec.kind == "category" else ())
            for spec in self._encoded(schema)
        ]
        found = [
            (one.name, one.levels if isinstance(one, CategoryColumn) else ())
            for one in self._fitted()
        ]
        if found != wanted:
            message = "the columns of the encoder are not those of the schema; train again"
            raise DataError(message)

    def _matrix(self, table: SurveyTable, households: Matrix | None) -> Matrix:
        columns = self._fitted()
        present = set(table.frame.columns)
        if missing := [one.name for one in columns if one.name not in present]:
            defects = [f"column {name} is missing" for name in missing]
            source = "the table to encode"
            raise DataError.listing(source, defects)
        blocks = [_block(one, table) for one in columns]
        blocks += [] if households is None else [households]
        empty = np.zeros((len(table), 0), dtype=np.float32)
        return np.concatenate([empty, *blocks], axis=1, dtype=np.float32)

    def _encoded(self, schema: Schema) -> tuple[Column, ...]:
        """Return the inputs that become numbers."""
        return tuple(spec for spec in schema.inputs if spec.kind != "text" or self.hashes_text)

    def _fitted(self) -> tuple[EncodedColumn, ...]:
        if self._columns is None:
            message = "the encoder is not fitted; call fit, or Encoder.from_state"
            raise ConfigError(message)
        return self._columns


def _block(column: EncodedColumn, table: SurveyTable) -> NDArray[Any]:
    if isinstance(column, TextColumn):
        return column.encode(table.frame[column.name].to_numpy(dtype=object))
    return column.encode(_floats(table, column.name))


def _floats(table: SurveyTable, name: str) -> NDArray[np.float64]:
    return table.frame[name].to_numpy(dtype=np.float64, na_value=np.nan)


def _column(state: Mapping[str, Any]) -> EncodedColumn:
    if "bins" in state:
        return TextColumn.from_state(state)
    kind = NumberColumn if "median" in state else CategoryColumn
    return kind.from_state(state)

"""Reading a survey table as inputs of the network; fitted on training rows only."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.models.base import check_schema
from mesa_llm_city.migration.models.rms.backbone import Backbone
from mesa_llm_city.migration.models.rms.cells import cell_texts, text_features
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.inputs import Inputs, Words, padded
from mesa_llm_city.migration.models.rms.vectors import CellVectors, widths_of
from mesa_llm_city.migration.survey.encoded_columns import finite
from mesa_llm_city.migration.survey.encoder import Encoder
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.selection import without_columns
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.migration.survey.verbalisation import Verbalisation

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Reader", "provinces_of"]

_BETWEEN = ">"
_WIDEST = 2**20
"""Tokens of the longest cell: more than any decoder reads."""


def provinces_of(trajectory: object) -> list[str]:
    """Return the provinces of a trajectory such as ``"Sichuan > Guangdong"``, in order.

    Examples
    --------
    >>> provinces_of("Sichuan > Guangdong"), provinces_of(None)
    (['Sichuan', 'Guangdong'], [])
    """
    if not isinstance(trajectory, str):
        return []
    return [place.strip() for place in trajectory.split(_BETWEEN) if place.strip()]


@dataclass(slots=True, kw_only=True)
class Reader:
    """Turns rows of a table into numbers, text and trajectories.

    Parameters
    ----------
    config : RMSConfig
        Options of the agent.
    schema : Schema
        Schema of the tables that can be read.
    encoder : Encoder
        Encoder for the tabular token, fitted on the training rows.
    fills : dict
        Replacement of missing values in the text, by feature; empty if they are shown.
    widths : list of int
        Number of positions of each column on the fast path.
    provinces : list of str
        Provinces of the training rows, in the order of their codes, which begin at 1.
    """

    config: RMSConfig
    schema: Schema
    encoder: Encoder
    fills: dict[str, float]
    widths: list[int]
    provinces: list[str]

    @classmethod
    def fit(cls, table: SurveyTable, config: RMSConfig, backbone: Backbone) -> Self:
        """Return a reader fitted to the training rows."""
        _check_trajectory(table.schema, config)
        if config.text or config.head == "generative":
            table.schema.wording_in(config.language)
        encoder = Encoder(missing=config.missing, household_mean=config.household_mean)
        reader = cls(
            config=config,
            schema=table.schema,
            encoder=encoder.fit(table),
            fills=_fills(table) if config.text_missing == "impute" else {},
            widths=[],
            provinces=_provinces(table, config),
        )
        if reader.is_by_cells:
            reader.widths = widths_of(backbone, reader.cells(table))
        return reader

    @property
    def is_by_cells(self) -> bool:
        """Whether text is read on the fast path."""
        return self.config.path == "cells"

    @property
    def opening(self) -> str:
        """Text before the cells."""
        return self.schema.wording_in(self.config.language).first_words

    def cell_vectors(self, backbone: Backbone) -> CellVectors | None:
        """Return empty cell vectors for a backbone; None on the text path."""
        if not self.is_by_cells:
            return None
        upper = self.config.upper
        return CellVectors(backbone, opening=self.opening, widths=self.widths, upper=upper)

    def read(
        self,
        table: SurveyTable,
        backbone: Backbone,
        cells: CellVectors | None,
        *,
        is_training: bool = False,
    ) -> Inputs:
        """Return the rows of `table` as inputs.

        Parameters
        ----------
        table : SurveyTable
            Rows to read.
        backbone : Backbone
            Decoder with the tokenizer.
        cells : CellVectors or None
            Vectors of the fast path; None on the text path.
        is_training : bool, default False
            Whether the rows were fitted on (see `Encoder.transform_training`).

        Raises
        ------
        DataError
            If the schema of `table` is another one.
        """
        check_schema(table.schema, self.schema)
        encode = self.encoder.transform_training if is_training else self.encoder.transform
        return Inputs(
            features=np.asarray(encode(table), dtype=np.float32),
            words=self._words(table, backbone, cells),
            trajectory=self._trajectory(table),
        )

    def texts(self, table: SurveyTable) -> list[str]:
        """Return the text of each row, as read on the text path; without text, the opening."""
        if not self.config.text:
            return [self.opening] * len(table)
        style = Verbalisation(language=self.config.language, style=self.config.style)
        rows = self._shown(table).to_dict("records")
        told = without_columns(self.schema, self._skipped)
        return [style.text_of(row, told) for row in rows]

    def state(self) -> dict[str, object]:
        """Return all fitted values for JSON."""
        return {
            "schema": self.schema.to_json(),
            "encoder": self.encoder.state(),
            "fills": self.fills,
            "widths": self.widths,
            "provinces": self.provinces,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any], config: RMSConfig) -> Self:
        """Return the reader that `state` described.

        Raises
        ------
        ValueError, KeyError, TypeError
            If something is lacking, or of another type.
        """
        schema = Schema.from_json(state["schema"])
        encoder = Encoder.from_state(state["encoder"])
        encoder.check_schema(schema)
        reader = cls(
            config=config,
            schema=schema,
            encoder=encoder,
            fills={name: finite(name, value) for name, value in state["fills"].items()},
            widths=[operator.index(one) for one in state["widths"]],
            provinces=[f"{one}" for one in state["provinces"]],
        )
        reader._check_widths()
        return reader

    def _check_widths(self) -> None:
        """Refuse another number of columns than are read, or a column without positions."""
        is_written = self.config.text and self.is_by_cells
        wanted = len(text_features(self.schema, skip=self._skipped)) if is_written else 0
        if len(self.widths) != wanted or any(not 1 <= one <= _WIDEST for one in self.widths):
            message = (
                f"widths must be {wanted} whole numbers from 1 to {_WIDEST}, got {self.widths}"
            )
            raise ValueError(message)

    def _words(self, table: SurveyTable, backbone: Backbone, cells: CellVectors | None) -> Words:
        if cells is not None:
            return cells.index(self.cells(table), rows=len(table))
        ids = [backbone.whole_ids_of(text) for text in self.texts(table)]
        return padded(ids, left=True, multiple=8)

    def cells(self, table: SurveyTable) -> list[NDArray[np.object_]]:
        """Return the text of every cell, one array of shape (n,) for each column."""
        if not self.config.text:
            return []
        language = self.config.language
        return cell_texts(self._shown(table), self.schema, language=language, skip=self._skipped)

    @property
    def _skipped(self) -> tuple[str, ...]:
        return () if self.config.trajectory is None else (self.config.trajectory,)

    def _shown(self, table: SurveyTable) -> pd.DataFrame:
        frame: pd.DataFrame = table.frame
        return frame.fillna(self.fills) if self.fills else frame

    def _trajectory(self, table: SurveyTable) -> Words:
        if self.config.trajectory is None:
            return np.zeros((len(table), 0), dtype=np.int64)
        code = {place: number for number, place in enumerate(self.provinces, start=1)}
        lived = [provinces_of(one) for one in table.frame[self.config.trajectory]]
        # A missing trajectory is one unknown province, code 0.
        return padded([[code.get(place, 0) for place in row] or [0] for row in lived], left=False)


def _names(schema: Schema) -> set[str]:
    return {spec.name for spec in schema.features}


def _check_trajectory(schema: Schema, config: RMSConfig) -> None:
    if config.trajectory is None or config.trajectory in _names(schema):
        return
    message = (
        f"trajectory is {config.trajectory!r}, which is no feature of the schema; "
        f"features are {', '.join(spec.name for spec in schema.features)}"
    )
    raise DataError(message)


def _provinces(table: SurveyTable, config: RMSConfig) -> list[str]:
    if config.trajectory is None:
        return []
    return sorted({p for one in table.frame[config.trajectory] for p in provinces_of(one)})


def _fills(table: SurveyTable) -> dict[str, float]:
    """Return the median of each numeric and the most frequent code of each other feature."""
    fills = {}
    for spec in table.schema.features:
        column = table.frame[spec.name].dropna()
        if spec.kind in {"number", "date"} and len(column):
            fills[spec.name] = float(column.median())
        elif spec.is_coded and len(column):
            fills[spec.name] = column.mode().iloc[0]
    return fills

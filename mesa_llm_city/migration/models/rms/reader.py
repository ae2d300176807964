"""From a survey table to what the network is given; fitted on the training rows alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.models.rms.backbone import Backbone
from mesa_llm_city.migration.models.rms.cells import cell_texts
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.inputs import Inputs, Words, padded
from mesa_llm_city.migration.models.rms.vectors import CellVectors, widths_of
from mesa_llm_city.migration.survey.encoder import Encoder
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.migration.survey.verbalisation import Verbalisation

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Reader", "provinces_of"]

_OPENING = {"en": "Is this migrant a returnee? Profile:", "zh": "这位流动人口是返乡者吗?资料:"}
_BETWEEN = ">"


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
    """How rows of a table become numbers, words and trajectories.

    Parameters
    ----------
    config : RMSConfig
        What is read.
    schema : Schema
        Features of the table; a table with another one is refused.
    encoder : Encoder
        For the tabular token, fitted on the training rows.
    fills : dict
        What stands for a missing value in the words, by feature; empty if it is shown.
    widths : list of int
        Positions set aside for each column on the fast path.
    provinces : list of str
        Those met in training, in order of their codes, which begin at 1.
    """

    config: RMSConfig
    schema: Schema
    encoder: Encoder
    fills: dict[str, float]
    widths: list[int]
    provinces: list[str]

    @classmethod
    def fit(cls, table: SurveyTable, config: RMSConfig, backbone: Backbone) -> Self:
        """Learn from the training rows what reading them takes."""
        _check_trajectory(table.schema, config)
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
        """Whether words come from the fast path; no words at all do as well."""
        return self.config.path == "cells" or not self.config.text

    @property
    def opening(self) -> str:
        """The words before the cells."""
        return _OPENING[self.config.language]

    def cell_vectors(self, backbone: Backbone) -> CellVectors | None:
        """Return the store of cells for a backbone, still empty; None on the text path."""
        if not self.is_by_cells:
            return None
        return CellVectors(backbone, opening=self.opening, widths=self.widths)

    def read(
        self,
        table: SurveyTable,
        backbone: Backbone,
        cells: CellVectors | None,
        *,
        own: bool = False,
    ) -> Inputs:
        """Return the rows of `table` as inputs; `own` tells that they were fitted on.

        Raises
        ------
        DataError
            If the schema of `table` is not the one that was fitted.
        """
        self._check_schema(table)
        encode = self.encoder.transform_training if own else self.encoder.transform
        return Inputs(
            features=np.asarray(encode(table), dtype=np.float32),
            words=self._words(table, backbone, cells),
            trajectory=self._trajectory(table),
        )

    def texts(self, table: SurveyTable) -> list[str]:
        """Return the whole text of each row, as it is read on the text path."""
        wording = Verbalisation(language=self.config.language, style=self.config.style)
        rows = self._shown(table).to_dict("records")
        return [wording.text_of(row, self.schema) for row in rows]

    def state(self) -> dict[str, object]:
        """Return everything learnt, for JSON."""
        return {
            "schema": self.schema.to_json(),
            "encoder": self.encoder.state(),
            "fills": self.fills,
            "widths": self.widths,
            "provinces": self.provinces,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any], config: RMSConfig) -> Self:
        """Build from `state`."""
        return cls(
            config=config,
            schema=Schema.from_json(state["schema"]),
            encoder=Encoder.from_state(state["encoder"]),
            fills=dict(state["fills"]),
            widths=list(state["widths"]),
            provinces=list(state["provinces"]),
        )

    def _check_schema(self, table: SurveyTable) -> None:
        if table.schema.hash() == self.schema.hash():
            return
        here, there = _names(table.schema), _names(self.schema)
        defects = [f"lacks {name}" for name in sorted(there - here)]
        defects += [f"has {name}, which was not trained on" for name in sorted(here - there)]
        defects = defects or ["kinds, codes or labels differ from those trained on"]
        advice = "Read the table with the schema of the checkpoint."
        source = "the schema of the table"
        raise DataError.listing(source, defects, advice=advice)

    def _words(self, table: SurveyTable, backbone: Backbone, cells: CellVectors | None) -> Words:
        if cells is not None:
            return cells.index(self.cells(table), rows=len(table))
        ids = [backbone.ids_of(text) for text in self.texts(table)]
        return padded(ids, left=True, multiple=8)

    def cells(self, table: SurveyTable) -> list[NDArray[np.object_]]:
        """Return the words of every cell, one array of shape (n,) for each column."""
        if not self.config.text:
            return []
        skip = () if self.config.trajectory is None else (self.config.trajectory,)
        return cell_texts(self._shown(table), self.schema, language=self.config.language, skip=skip)

    def _shown(self, table: SurveyTable) -> pd.DataFrame:
        frame: pd.DataFrame = table.frame
        return frame.fillna(self.fills) if self.fills else frame

    def _trajectory(self, table: SurveyTable) -> Words:
        if self.config.trajectory is None:
            return np.zeros((len(table), 0), dtype=np.int64)
        code = {place: number for number, place in enumerate(self.provinces, start=1)}
        lived = [provinces_of(told) for told in table.frame[self.config.trajectory]]
        # Someone who tells nothing has been nowhere known: one code 0.
        return padded([[code.get(place, 0) for place in row] or [0] for row in lived], left=False)


def _names(schema: Schema) -> set[str]:
    return {spec.name for spec in schema.features}


def _check_trajectory(schema: Schema, config: RMSConfig) -> None:
    if config.trajectory is None or config.trajectory in _names(schema):
        return
    message = (
        f"trajectory names {config.trajectory!r}, which is no feature of the schema; "
        f"it has {', '.join(spec.name for spec in schema.features)}"
    )
    raise DataError(message)


def _provinces(table: SurveyTable, config: RMSConfig) -> list[str]:
    if config.trajectory is None:
        return []
    return sorted({p for told in table.frame[config.trajectory] for p in provinces_of(told)})


def _fills(table: SurveyTable) -> dict[str, float]:
    """Return the median of each numeric and the most frequent code of each other feature."""
    fills = {}
    for spec in table.schema.features:
        column = table.frame[spec.name].dropna()
        if spec.kind == "numeric" and len(column):
            fills[spec.name] = float(column.median())
        elif spec.kind == "categorical" and len(column):
            fills[spec.name] = column.mode().iloc[0]
    return fills

"""What changes of a migration over a run, as plain values and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.origins import Background, Settlement
from mesa_llm_city.simulation.migration.decision_dates import DatesState
from mesa_llm_city.simulation.migration.moves import Move
from mesa_llm_city.simulation.migration.register import AwayHousehold

__all__ = ["SavedMigration"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMigration:
    """All that a `Migration` has to remember.

    Parameters
    ----------
    away : tuple of AwayHousehold
        Households away.
    moved : tuple of Move
        Moves so far.
    city : Settlement or None
        The city.
    hometowns : tuple of Settlement
        The hometowns.
    backgrounds : dict of int to Background
        By id of the person.
    dates : DatesState
        Who has decided when.
    read_events : int
        Rows of the table of events that were read.
    seed : int
        Seed of decisions.
    """

    away: tuple[AwayHousehold, ...]
    moved: tuple[Move, ...]
    city: Settlement | None
    hometowns: tuple[Settlement, ...]
    backgrounds: dict[int, Background]
    dates: DatesState
    read_events: int
    seed: int

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        state: dict[str, Any] = _adapter().dump_python(self, mode="json")
        return state

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> SavedMigration:
        """Return what `to_json` has written.

        Raises
        ------
        DataError
            If it is something else.
        """
        try:
            return _adapter().validate_python(dict(state))
        except ValidationError as error:
            message = f"this is no state of a migration: {error}"
            raise DataError(message) from error


@cache
def _adapter() -> TypeAdapter[SavedMigration]:
    return TypeAdapter(SavedMigration)

"""What to do with rows that cannot be used, and how many homes to draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.local_calendar import LocalCalendar

__all__ = ["LoadOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions:
    """Choices in reading a city from files.

    Parameters
    ----------
    unknown : {"error", "drop"}
        Places whose kind is not in the table of categories and which no purpose names: a
        defect, or left out and counted.
    bad_rows : {"error", "drop"}
        Rows without a valid position, with a broken geometry, or outside the zones: a
        defect, or left out and counted.
    country : str, optional
        Two letters of ISO 3166, such as ``"FI"``: whose public holidays count in opening
        hours. By default that in which the places lie.
    residences : int, optional
        Number of residences to draw where the files hold few; by default that of the
        parameters, ``city.loading.residences``.
    seed : int, default 0
        Seed of these draws.
    name : str, optional
        What the city is called; by default what its extract of OpenStreetMap calls the largest
        settlement, or else the name of the first file.

    Raises
    ------
    ConfigError
        If an option is none of those.
    """

    unknown: Literal["error", "drop"] = "error"
    bad_rows: Literal["error", "drop"] = "error"
    country: str | None = None
    residences: int | None = None
    seed: int = 0
    name: str | None = None

    def __post_init__(self) -> None:
        """Check the options."""
        for name in ("unknown", "bad_rows"):
            if getattr(self, name) not in ("error", "drop"):
                message = f"{name} must be 'error' or 'drop', got {getattr(self, name)!r}"
                raise ConfigError(message)
        if self.country is not None:
            LocalCalendar.of(self.country)
        if self.residences is not None and self.residences < 1:
            message = f"residences must be at least 1, got {self.residences}; people need homes"
            raise ConfigError(message)
        if self.seed < 0:
            message = f"rng must be a seed from 0 up, got {self.seed}"
            raise ConfigError(message)

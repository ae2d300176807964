"""How a model keeps its records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mesa_llm_city.core.errors import ConfigError

__all__ = ["RecordOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOptions:
    """How a model keeps what happens: in memory or in files, of everybody or of a sample.

    Parameters
    ----------
    stream : str or Path, optional
        Folder that tables are written to in the course of the run, part by part, so that memory
        stays bounded; in memory by default. It is made, and must not hold anything.
    chunk_rows : int, default 100_000
        Rows of a part, at least 1. So many rows of each table are in memory at most, and are
        lost if the process is killed.
    sample : float, default 1
        Share of the persons whose rows are kept, in (0, 1]. Who they are follows from the seed
        of the run and their ids. Hourly counts (`CityModel.hourly_activity` and the like),
        events and interventions are of everybody all the same.
    minds : int, default 0
        Of how many of these persons memories, insights, beliefs, ties, moods and goals are
        written down too, as they change; of more people, a sample of about that many.

    Raises
    ------
    ConfigError
        If a number is outside its range.

    Examples
    --------
    >>> RecordOptions(stream="week", sample=0.1).chunk_rows
    100000
    """

    stream: str | Path | None = None
    chunk_rows: int = 100_000
    sample: float = 1.0
    minds: int = 0

    def __post_init__(self) -> None:
        """Check the numbers."""
        if isinstance(self.chunk_rows, bool) or self.chunk_rows < 1:
            message = f"chunk_rows must be at least 1, got {self.chunk_rows!r}"
            raise ConfigError(message)
        if isinstance(self.minds, bool) or self.minds < 0:
            message = f"minds must be a number of persons, 0 for none, got {self.minds!r}"
            raise ConfigError(message)
        if not 0.0 < self.sample <= 1.0:
            message = (
                f"sample must be a share of the persons above 0 and at most 1, got {self.sample!r}"
            )
            raise ConfigError(message)

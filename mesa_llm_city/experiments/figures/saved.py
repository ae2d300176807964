"""A finished run as its figures read it: tables when they are needed, and what a caption says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.crowd_results import CROWD
from mesa_llm_city.experiments.figures.town import SavedTown, saved_town
from mesa_llm_city.experiments.palette import Palette, palette_of
from mesa_llm_city.experiments.saved_run import read_manifest
from mesa_llm_city.experiments.saved_sample import of_sample
from mesa_llm_city.experiments.saved_tables import read_table
from mesa_llm_city.experiments.table_parts import has_table
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.outsiders.outsider import RESIDENT

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SavedLives"]


@dataclass(frozen=True, kw_only=True, eq=False)
class SavedLives:
    """The lives of the citizens of a run, or of its crowd.

    Parameters
    ----------
    folder : Path
        Folder of the run.
    manifest : mapping of str to Any
        Its manifest.
    parameters : CityParameters
        Its parameters; they name purposes, modes and needs.
    is_crowd : bool, default False
        Whether it is about the crowd instead of the citizens.
    """

    folder: Path
    manifest: Mapping[str, Any]
    parameters: CityParameters
    is_crowd: bool = False

    @classmethod
    def read(cls, folder: Path, *, crowd: bool = False) -> SavedLives:
        """Read what a run says of itself.

        Parameters
        ----------
        folder : Path
            Folder of the run.
        crowd : bool, default False
            Whether the figures are about its crowd.

        Raises
        ------
        ConfigError
            If it is no folder of a run, or there was no crowd.
        DataError
            If the manifest is damaged.
        """
        manifest = read_manifest(folder)
        if crowd and not isinstance(manifest.get(CROWD), Mapping):
            message = f"{folder} is a run without a crowd; leave --crowd out to draw its citizens"
            raise ConfigError(message)
        parameters = CityParameters.from_dotted(manifest["parameters"])
        return cls(folder=folder, manifest=manifest, parameters=parameters, is_crowd=crowd)

    @property
    def days(self) -> int:
        """Length of the run in days."""
        return int(self.manifest["days"])

    @cached_property
    def clock(self) -> Clock:
        """Calendar of the run."""
        return Clock(start=date.fromisoformat(self.manifest["start"]))

    @cached_property
    def palette(self) -> Palette:
        """Colours and labels of its kinds."""
        return palette_of(self.parameters)

    @cached_property
    def town(self) -> SavedTown:
        """The map."""
        return saved_town(self.folder, self.manifest["city"]["name"])

    @cached_property
    def people(self) -> int:
        """How many people have rows in the tables; outsiders are not counted."""
        if not self.has("people"):
            return int(self._told["people"])
        known = of_sample(read_table(self.home, "people"), self._told)
        return int((known["role"] == RESIDENT).sum()) if "role" in known else len(known)

    @property
    def home(self) -> Path:
        """Folder in which the tables lie."""
        return self.folder / CROWD if self.is_crowd else self.folder

    def has(self, name: str) -> bool:
        """Tell whether a table was kept."""
        return has_table(self.home, name)

    def table(self, name: str, columns: list[str]) -> pd.DataFrame:
        """Return columns of a table, without the rows of outsiders.

        Parameters
        ----------
        name : str
            Name of the table.
        columns : list of str
            Columns to read.

        Raises
        ------
        DataError
            If it is missing or damaged.
        """
        frame = read_table(self.home, name, columns)
        if "person" not in columns or not self._outsiders:
            return frame
        return frame[~frame["person"].isin(self._outsiders)].reset_index(drop=True)

    @cached_property
    def caption(self) -> str:
        """What a caption says of any figure of the run: where, who, when, and who decided."""
        start = self.clock.start
        length = "1 day" if self.days == 1 else f"{self.days} days"
        who = "people of a crowd" if self.is_crowd else "citizens"
        decided = "rules" if self.is_crowd else self.manifest["language_model"]
        return (
            f"{self.town.name}, {self.people:,} {who}, {length} from {start:%A} {start.day} "
            f"{start:%B %Y}, seed {self.manifest['seed']}; who decided: {decided}; "
            f"run {self._told['digest']}"
        )

    @cached_property
    def _outsiders(self) -> list[int]:
        if self.is_crowd or not self.has("people"):
            return []
        people = read_table(self.home, "people")
        if "role" not in people:
            return []
        ids: list[int] = people.loc[people["role"] != RESIDENT, "id"].tolist()
        return ids

    @property
    def _told(self) -> Mapping[str, Any]:
        """What the manifest says of those whose lives these are."""
        told: Mapping[str, Any] = self.manifest[CROWD] if self.is_crowd else self.manifest
        return told

"""What the files of a city hold, in degrees, before anything is built."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mesa_llm_city.city.loading.options import LoadOptions
from mesa_llm_city.city.loading.places import PlaceRows
from mesa_llm_city.city.loading.street_rows import StreetRows
from mesa_llm_city.city.loading.wanted_kinds import WantedKinds
from mesa_llm_city.city.loading.zones import ZoneRows
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.parameters import CityParameters

__all__ = ["Contents"]


@dataclass(slots=True, kw_only=True)
class Contents:
    """What has been read, and how it is to be read.

    Parameters
    ----------
    wanted : WantedKinds
        Kinds of place that the city has a use for.
    options : LoadOptions
        What to do with unusable rows, and how many homes to draw.
    parameters : CityParameters
        What is assumed where the files are silent.
    places, zones, stations, streets : optional
        Rows that have been read, in degrees.
    notes : list of str
        What was assumed or left out.
    files : list of pathlib.Path
        The files.
    """

    wanted: WantedKinds
    options: LoadOptions
    parameters: CityParameters
    places: list[PlaceRows] = field(default_factory=list)
    zones: ZoneRows | None = None
    stations: Stations | None = None
    streets: StreetRows | None = None
    notes: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)

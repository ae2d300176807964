"""What a map of the city shows below its people: land use, waters, buildings and streets."""

from mesa_llm_city.city.land.kinds import AREA_KINDS, LINE_KINDS, AreaKind, LineKind
from mesa_llm_city.city.land.land import DISTRICT, Label, Land, Shapes

__all__ = [
    "AREA_KINDS",
    "DISTRICT",
    "LINE_KINDS",
    "AreaKind",
    "Label",
    "Land",
    "LineKind",
    "Shapes",
]

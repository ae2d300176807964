"""Parameters of the city: ways, streets, weather, events, areas, what is drawn, the town."""

from mesa_llm_city.parameters.base import Branch
from mesa_llm_city.parameters.city.attraction import AttractionParameters, BalanceParameters
from mesa_llm_city.parameters.city.loading import LoadingParameters
from mesa_llm_city.parameters.city.surroundings import (
    AreaParameters,
    EventParameters,
    HurricaneParameters,
    StreetParameters,
    TravelParameters,
    WeatherParameters,
    ZoneParameters,
)
from mesa_llm_city.parameters.city.town import PlaceKindSpec, TownParameters

__all__ = [
    "AreaParameters",
    "AttractionParameters",
    "BalanceParameters",
    "EventParameters",
    "HurricaneParameters",
    "LoadingParameters",
    "PlaceKindSpec",
    "StreetParameters",
    "TownParameters",
    "TravelParameters",
    "UrbanParameters",
    "WeatherParameters",
    "ZoneParameters",
]


class UrbanParameters(Branch):
    """What the city is like."""

    travel: TravelParameters = TravelParameters()
    streets: StreetParameters = StreetParameters()
    weather: WeatherParameters = WeatherParameters()
    hurricane: HurricaneParameters = HurricaneParameters()
    events: EventParameters = EventParameters()
    areas: AreaParameters = AreaParameters()
    attraction: AttractionParameters = AttractionParameters()
    balance: BalanceParameters = BalanceParameters()
    zones: ZoneParameters = ZoneParameters()
    loading: LoadingParameters = LoadingParameters()
    town: TownParameters = TownParameters()

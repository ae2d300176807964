"""Travel along streets, weather, events, and the parts that people choose among."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = [
    "AreaParameters",
    "EventParameters",
    "HurricaneParameters",
    "StreetParameters",
    "TravelParameters",
    "WeatherParameters",
    "ZoneParameters",
]

_TOKYO = "Japan Meteorological Agency, Climatological normals 1991-2020, Tokyo, rounded"


class TravelParameters(Branch):
    """Length and pace of ways; speeds and costs are those of the modes."""

    detour: float = parameter(
        1.3,
        "Length of streets over the straight line, where there is no street network",
        ge=1,
        source=(
            "country means of 1.2 to 1.5: Ballou, Rahardja and Sakai (2002), Transp. Res. A 36(9); "
            "Boscoe, Henry and Zdeb (2012), The Professional Geographer 64(2)"
        ),
    )
    longest_detour: float = parameter(
        3.0, "Greatest detour between two zones that is measured along streets", ge=1
    )
    fastest_pace: float = parameter(
        0.5, "Least time by car between two zones over the mean of the city", gt=0, le=1
    )
    slowest_pace: float = parameter(
        2.0, "Greatest time by car between two zones over the mean of the city", ge=1
    )
    places_per_zone: int = parameter(
        5,
        "Places of a zone to which detour and pace are measured along streets",
        unit="places",
        ge=1,
    )
    same_station_m: float = parameter(
        200.0, "Stations of one name within this distance are one", unit="m", ge=0
    )


class StreetParameters(Branch):
    """Free-flow speeds where a map gives no limit."""

    speed_km_h: FrozenMap[str, float] = parameter(
        FrozenMap(
            {
                "motorway": 90.0,
                "trunk": 70.0,
                "primary": 50.0,
                "secondary": 50.0,
                "tertiary": 40.0,
                "unclassified": 30.0,
                "residential": 30.0,
                "road": 30.0,
                "living_street": 15.0,
                "service": 15.0,
                "track": 10.0,
                "busway": 10.0,
                "pedestrian": 5.0,
                "footway": 5.0,
                "path": 5.0,
                "cycleway": 5.0,
                "bridleway": 5.0,
                "steps": 3.0,
                "corridor": 3.0,
            }
        ),
        "Speed of cars by class of OpenStreetMap's highway; what is not listed is no street",
        unit="km/h",
        gt=0,
        le=200,
        keys="any",
    )
    other_km_h: float = parameter(
        30.0, "Speed of cars on streets without a class", unit="km/h", gt=0, le=200
    )
    worded_km_h: FrozenMap[str, float] = parameter(
        FrozenMap({"walk": 7.0, "living_street": 15.0, "urban": 50.0, "rural": 80.0}),
        "Speed limits that a map gives in words, such as DE:urban",
        unit="km/h",
        gt=0,
        le=200,
        keys="any",
    )
    greatest_km_h: float = parameter(
        200.0, "Speed limits above this are mistakes and not used", unit="km/h", gt=0, le=200
    )
    limits_from_km_h: float = parameter(
        10.0,
        "A speed limit counts on classes of at least this speed; slower ones are footpaths",
        unit="km/h",
        ge=0,
    )
    island_gap_m: float = parameter(
        200.0,
        "Streets without a way to the others are an island if they lie farther from them; "
        "nearer ones are gaps in the map",
        unit="m",
        ge=0,
    )


class WeatherParameters(Branch):
    """Monthly figures from which days are drawn, and when it counts as wet."""

    temperature_c: FrozenMap[int, float] = parameter(
        FrozenMap(dict(enumerate((5, 6, 9, 14, 19, 22, 26, 27, 23, 18, 13, 8), start=1))),
        "Mean air temperature by month",
        unit="degC",
        ge=-90,
        le=60,
        source=_TOKYO,
    )
    rain_mm: FrozenMap[int, float] = parameter(
        FrozenMap(
            dict(enumerate((60, 55, 115, 135, 140, 170, 155, 155, 225, 235, 95, 60), start=1))
        ),
        "Rain by month",
        unit="mm",
        ge=0,
        source=_TOKYO,
    )
    daily_range_c: float = parameter(
        8.0, "Difference between afternoon and early morning", unit="degC", ge=0
    )
    spread_c: float = parameter(
        2.5, "Difference of a day's mean from its month, standard deviation", unit="degC", ge=0
    )
    warmest_h: float = parameter(14.0, "Warmest hour of the day", unit="h", ge=0, lt=24)
    spell_h: float = parameter(6.0, "Mean length of the rain on a wet day", unit="h", ge=1, le=24)
    spell_mm_h: float = parameter(2.0, "Mean rain of a wet hour", unit="mm/h", gt=0)
    most_wet_days: float = parameter(
        0.4, "Greatest share of wet days in a month; beyond that rain is heavier", gt=0, le=1
    )
    rain_shape: float = parameter(
        0.8, "Shape of the gamma distribution of rain; below 1, most wet hours are light", gt=0
    )
    wet_above_mm_h: float = parameter(
        0.1, "It is wet when it rains more than this", unit="mm/h", ge=0
    )
    hold_h: float = parameter(
        3.0, "How long a row of a weather table holds if no other follows", unit="h", gt=0
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield months that do not exist."""
        for name in ("temperature_c", "rain_mm"):
            for month in getattr(self, name):
                if not 1 <= month <= 12:
                    yield Defect(f"{name}.{month}", "is no month; accepted are 1 to 12")


class HurricaneParameters(Branch):
    """A hurricane that passes the city: its strength, its way, and its warnings."""

    max_wind_km_h: float = parameter(
        160.0,
        "Strongest mean wind near the ground",
        unit="km/h",
        gt=0,
        le=330,
        source="assumption: category 2 of Saffir and Simpson",
    )
    radius_km: float = parameter(
        40.0, "Distance from the centre at which the wind is strongest", unit="km", gt=0
    )
    shape: float = parameter(
        1.5,
        "Parameter B of the profile: how fast the wind falls off with distance",
        ge=1,
        le=2.5,
        source="Holland (1980), Mon. Weather Rev. 108(8), 1212-1218: from 1 to 2.5",
    )
    passes_km: float = parameter(
        60.0, "Distance at which the centre passes the city", unit="km", ge=0
    )
    speed_km_h: float = parameter(20.0, "Speed of the centre", unit="km/h", gt=0)
    deadly_km_h: float = parameter(
        200.0,
        "Strongest wind from which people are told of the greatest danger",
        unit="km/h",
        gt=0,
        source="assumption: category 3 of Saffir and Simpson and above",
    )
    gale_km_h: float = parameter(
        63.0,
        "Wind up to whose last hour the highest warning holds",
        unit="km/h",
        gt=0,
        source="34 knots, the wind of a tropical storm (U.S. National Hurricane Center)",
    )
    lasts_h: int = parameter(
        48, "Hours from the first to the last row of the storm", unit="h", ge=2
    )
    warned_h: int = parameter(
        24,
        "Hours before the peak at which the highest warning is given",
        unit="h",
        ge=0,
        source="assumption; the U.S. National Hurricane Center warns 36 h before gales",
    )


class EventParameters(Branch):
    """Events at places."""

    boost: float = parameter(3.0, "Factor on the weight of a place while an event is on", ge=0)


class AreaParameters(Branch):
    """The parts of a city that people choose among first; large zones are divided.

    A person chooses among ten areas (CitySim, sec. 3.2.2), and names no sizes.
    """

    large_m: float = parameter(
        2000.0, "Zones whose places lie farther apart are divided", unit="m", gt=0
    )
    cell_m: float = parameter(1000.0, "Side of the squares they are divided into", unit="m", gt=0)


class ZoneParameters(Branch):
    """Zones of a city that are laid over its places, and how far zones reach."""

    side_m: float = parameter(1000.0, "Side of the cells of a grid", unit="m", gt=0)
    most_cells: int = parameter(
        150, "Number of cells beyond which larger ones are tried", unit="cells", ge=1
    )
    growth: float = parameter(1.5, "Factor by which these are larger", gt=1)
    given_reach_m: float = parameter(
        250.0, "How far outside a drawn zone a place still belongs to it", unit="m", ge=0
    )
    grid_reach_m: float = parameter(
        2000.0, "How far outside a cell of a grid a place still belongs to it", unit="m", ge=0
    )

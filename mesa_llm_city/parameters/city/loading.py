"""What is assumed where the files of a city are silent."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = ["LoadingParameters"]


class LoadingParameters(Branch):
    """Homes and services that are drawn, and how far around the places streets are kept."""

    fewest_residences: int = parameter(
        50, "With fewer residences in the files, homes are drawn", unit="residences", ge=0
    )
    places_per_residence: float = parameter(
        20.0,
        "With more other places for each residence in the files, homes are drawn",
        unit="places/residence",
        gt=0,
        source="assumption: a city has more dwellings than places to go to, and a map of venues "
        "that holds a few of them would house dozens of people in each",
    )
    residences: int = parameter(
        2000, "Number of residences that are drawn then", unit="residences", ge=1
    )
    residence_spread_m: float = parameter(
        150.0,
        "How far homes lie from places where there are no zones, standard deviation",
        unit="m",
        ge=0,
    )
    floor_m2_per_person: float = parameter(
        50.0,
        "Floor area for each person in a building of no kind in a residential area",
        unit="m2",
        gt=0,
    )
    levels: float = parameter(
        2.0, "Levels of such a building where the map gives none", unit="levels", gt=0
    )
    smallest_home_m2: float = parameter(
        30.0, "Ground area below which such a building is a shed", unit="m2", ge=0
    )
    jobs_per_service: float = parameter(
        300.0, "Jobs in a grid of cells for each service of a kind", unit="jobs", gt=0
    )
    service_jobs: FrozenMap[str, float] = parameter(
        FrozenMap(
            {
                "amenity=restaurant": 8.0,
                "amenity=cafe": 5.0,
                "shop=supermarket": 20.0,
                "shop=clothes": 6.0,
                "amenity=bank": 12.0,
                "amenity=bar": 5.0,
                "amenity=cinema": 15.0,
                "leisure=park": 1.0,
                "leisure=fitness_centre": 6.0,
            }
        ),
        "Services that go with jobs in a grid of cells, and the jobs in one",
        unit="jobs",
        gt=0,
        keys="any",
    )
    scatter_share: float = parameter(
        0.85, "Share of the half width of a cell over which places are scattered", ge=0, le=1
    )
    lone_cell_m: float = parameter(250.0, "Half width of a grid of one cell", unit="m", gt=0)
    street_margin_m: float = parameter(
        2000.0, "How far outside the places streets are kept", unit="m", ge=0
    )
    station_reach_m: float = parameter(
        20_000.0, "Stations farther from every place are left out", unit="m", gt=0
    )

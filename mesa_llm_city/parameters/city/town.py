"""The synthetic town: what stands in it, how central, and how its streets are laid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = ["PLACE_KINDS", "PlaceKindSpec", "TownParameters"]


class PlaceKindSpec(Branch):
    """How common a kind of place is, where it stands and how its size varies."""

    per_1000: float = parameter(1.0, "Number among 1000 places", unit="places/1000", ge=0)
    spread_km: float = parameter(
        2.0, "Mean distance from a centre in a town of usual size", unit="km", gt=0
    )
    size: float = parameter(5.0, "Typical jobs, or residents of a residence", unit="persons", ge=0)
    sigma: float = parameter(
        0.4, "Difference in the logarithm of that size, standard deviation", unit="log", ge=0
    )


def _kind(per_1000: float, spread_km: float, size: float, sigma: float = 0.4) -> PlaceKindSpec:
    return PlaceKindSpec(per_1000=per_1000, spread_km=spread_km, size=size, sigma=sigma)


PLACE_KINDS: Mapping[str, PlaceKindSpec] = FrozenMap(
    {
        "building=apartments": _kind(240.0, 1.6, 30.0, 0.6),
        "building=house": _kind(330.0, 9.0, 3.0, 0.3),
        "office=company": _kind(92.0, 0.8, 10.0, 1.1),
        "building=industrial": _kind(16.0, 9.0, 40.0, 0.9),
        "amenity=restaurant": _kind(58.0, 0.8, 8.0),
        "amenity=fast_food": _kind(20.0, 1.2, 6.0),
        "amenity=cafe": _kind(34.0, 1.0, 5.0),
        "amenity=bar": _kind(14.0, 0.6, 5.0),
        "amenity=pub": _kind(9.0, 2.0, 6.0),
        "amenity=nightclub": _kind(1.5, 0.5, 12.0),
        "shop=supermarket": _kind(14.0, 3.5, 30.0),
        "shop=convenience": _kind(22.0, 3.0, 8.0),
        "shop=bakery": _kind(14.0, 2.5, 5.0),
        "shop=clothes": _kind(24.0, 0.5, 6.0),
        "shop=books": _kind(4.0, 0.6, 5.0),
        "shop=electronics": _kind(5.0, 0.8, 10.0),
        "shop=furniture": _kind(4.0, 4.0, 10.0),
        "shop=mall": _kind(0.7, 2.0, 200.0),
        "shop=hairdresser": _kind(14.0, 2.2, 3.0),
        "shop=florist": _kind(4.0, 1.5, 3.0),
        "amenity=bank": _kind(6.0, 0.6, 14.0),
        "amenity=post_office": _kind(3.0, 2.5, 12.0),
        "amenity=townhall": _kind(0.4, 0.2, 120.0),
        "amenity=fuel": _kind(3.0, 7.0, 4.0),
        "amenity=pharmacy": _kind(7.0, 2.0, 6.0),
        "amenity=clinic": _kind(5.0, 2.0, 15.0),
        "amenity=dentist": _kind(5.0, 1.8, 5.0),
        "amenity=hospital": _kind(0.4, 2.5, 450.0),
        "amenity=school": _kind(8.0, 5.0, 42.0),
        "amenity=college": _kind(1.0, 2.5, 80.0),
        "amenity=university": _kind(0.4, 1.2, 420.0),
        "amenity=kindergarten": _kind(6.0, 5.0, 12.0),
        "amenity=cinema": _kind(1.0, 0.6, 15.0),
        "amenity=theatre": _kind(0.8, 0.4, 25.0),
        "amenity=library": _kind(1.4, 1.5, 10.0),
        "amenity=community_centre": _kind(3.0, 5.0, 6.0),
        "amenity=place_of_worship": _kind(5.0, 3.0, 2.0),
        "tourism=museum": _kind(1.4, 0.6, 18.0),
        "leisure=park": _kind(10.0, 5.0, 1.0),
        "leisure=playground": _kind(8.0, 6.0, 0.0),
        "leisure=fitness_centre": _kind(6.0, 1.8, 6.0),
        "leisure=sports_centre": _kind(3.0, 5.0, 10.0),
        "leisure=swimming_pool": _kind(1.0, 4.0, 8.0),
    }
)
"""A European town, with the homes of a few thousand people as half of its places."""


class TownParameters(Branch):
    """A fictional town; all numbers are assumptions.

    The waves of its outline and its river are a drawing and no parameters. `other_kind`
    describes places of a kind that a purpose names and `kinds` lacks.
    """

    kinds: FrozenMap[str, PlaceKindSpec] = parameter(PLACE_KINDS, "Kinds of place", keys="any")
    other_kind: PlaceKindSpec = PlaceKindSpec(per_1000=2.0, size=0.0)
    radius_m: float = parameter(3300.0, "Mean radius of a town of usual size", unit="m", gt=0)
    usual_places: int = parameter(3000, "Number of places of such a town", unit="places", ge=1)
    usual_people: int = parameter(
        10_000, "Number of people for whom such a town is large enough", unit="people", ge=1
    )
    fewest_places: int = parameter(200, "Least number of places", unit="places", ge=1)
    zones_per_1000: float = parameter(
        10.0, "Number of zones for 1000 places", unit="zones/1000", gt=0
    )
    fewest_zones: int = parameter(6, "Least number of zones", unit="zones", ge=1)
    most_zones: int = parameter(
        400,
        "Greatest number of zones; ways between all pairs of them are measured",
        unit="zones",
        ge=1,
    )
    subcentre_weight: float = parameter(
        0.25, "Density of places in a smaller centre over that in the main one", ge=0
    )
    subcentre_spread: float = parameter(
        0.6, "Width of a smaller centre over that of the main one", gt=0
    )
    rating_alpha: float = parameter(
        6.0, "First parameter of the beta distribution of public ratings", gt=0
    )
    rating_beta: float = parameter(
        3.0, "Second parameter of the beta distribution of public ratings", gt=0
    )
    block_m: float = parameter(165.0, "Side of a block", unit="m", gt=0)
    arterial_every: int = parameter(
        6, "Every so many streets one is an arterial", unit="streets", ge=1
    )
    arterial_km_h: float = parameter(50.0, "Speed of cars on arterials", unit="km/h", gt=0)
    street_km_h: float = parameter(30.0, "Speed of cars on other streets", unit="km/h", gt=0)
    diagonal_share: float = parameter(0.03, "Share of blocks that a diagonal crosses", ge=0, le=1)
    missing_centre: float = parameter(
        0.06, "Share of streets that are missing in the centre", ge=0, le=1
    )
    missing_edge_more: float = parameter(
        0.22, "How much larger the share is at the edge", ge=0, le=1
    )
    river_half_width_m: float = parameter(65.0, "Half of the width of the river", unit="m", ge=0)
    least_step_m: float = parameter(8.0, "Least distance of a door from the street", unit="m", ge=0)
    most_step_m: float = parameter(
        22.0, "Greatest distance of a door from the street", unit="m", ge=0
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield doors nearer than the nearest."""
        if self.least_step_m > self.most_step_m:
            told = f"is {self.least_step_m:g}, above most_step_m of {self.most_step_m:g}"
            yield Defect("least_step_m", f"{told}; make it lower")

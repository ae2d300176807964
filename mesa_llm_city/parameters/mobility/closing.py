"""Parameters of closings: how fast people leave, who works at home, where they stay meanwhile."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = ["ClosingParameters"]

_DESTINATIONS = (
    "within the ranges of evacuations: 60-70 % stay with friends and relatives, 15-35 % in hotels "
    "and motels, 2-15 % in public shelters (Mileti, Sorensen and O'Brien 1992, Int. J. Mass "
    "Emergencies and Disasters 10(2); Lindell, Kang and Prater 2011, Natural Hazards 58)"
)
_TELEWORK = (
    "Dingel and Neiman (2020), J. Public Economics 189: of jobs in office and administrative "
    "support 65 %, in business and finance 88 % can be done at home, in sales and services hardly "
    "any; the share of the self-employed is an assumption, near the 37 % of all jobs"
)


class ClosingParameters(Branch):
    """What people do where a place is closed that they are at, or were going to."""

    grace_min: int = parameter(
        15, "Time within which everybody leaves a place that closes", unit="min", ge=0, le=1440
    )
    return_min: int = parameter(
        60,
        "Time within which households go home whose home has opened again, unless all sleep",
        unit="min",
        ge=0,
        le=1440,
    )
    works_at_home: FrozenMap[str, float] = parameter(
        FrozenMap({"office_worker": 0.75, "self_employed": 0.4}),
        "Share of people who work at home while the place of work is closed, by occupation; "
        "others have free time",
        ge=0,
        le=1,
        source=_TELEWORK,
        keys="any",
    )
    least_return_min: int = parameter(
        60,
        "Shortest rest of work or school for which people come back after the place opens",
        unit="min",
        ge=5,
        le=1440,
    )
    to_friends: float = parameter(
        0.65,
        "Share of households that first look for friends and relatives while their home is closed",
        ge=0,
        le=1,
        source=_DESTINATIONS,
    )
    to_hotel: float = parameter(
        0.25,
        "Share of households that first look for a hotel; the rest looks for a public shelter",
        ge=0,
        le=1,
        source=_DESTINATIONS,
    )
    hotel_kinds: tuple[str, ...] = parameter(
        ("tourism=hotel", "tourism=hostel", "tourism=motel", "tourism=guest_house", "hotel*"),
        "Kinds of place that count as hotels; * stands for anything",
        unit="",
    )
    shelter_kinds: tuple[str, ...] = parameter(
        (
            "amenity=community_centre",
            "amenity=school",
            "leisure=sports_centre",
            "amenity=townhall",
            "amenity=place_of_worship",
            "social_facility=shelter",
        ),
        "Kinds of place that count as public shelters; * stands for anything",
        unit="",
        source="assumption: public buildings with halls, as emergency plans name them",
    )

"""How people like to spend free time: shares by purpose, and hobbies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = ["HOBBIES", "FreeTimeParameters", "HobbySpec", "TraitTilt"]


class TraitTilt(Branch):
    """How one level of a trait changes the logarithm of the weight of a purpose."""

    leisure: float = parameter(
        0.0,
        "Change of the logarithm of the weight of leisure per level of the trait",
        unit="log",
        ge=-3,
        le=3,
    )
    sport: float = parameter(
        0.0,
        "Change of the logarithm of the weight of sport per level of the trait",
        unit="log",
        ge=-3,
        le=3,
    )
    social: float = parameter(
        0.0,
        "Change of the logarithm of the weight of meeting others per level of the trait",
        unit="log",
        ge=-3,
        le=3,
    )
    shopping: float = parameter(
        0.0,
        "Change of the logarithm of the weight of shopping per level of the trait",
        unit="log",
        ge=-3,
        le=3,
    )
    rest: float = parameter(
        0.0,
        "Change of the logarithm of the weight of rest per level of the trait",
        unit="log",
        ge=-3,
        le=3,
    )


class FreeTimeParameters(Branch):
    """Shares of free time, and how many hobbies people have.

    Log-ratio normal around a common mean, tilted by personality. Shares are drawn for the
    purposes of the mean; all others have the weight of their specification.
    """

    mean: FrozenMap[str, float] = parameter(
        FrozenMap({"leisure": 0.20, "sport": 0.10, "social": 0.20, "shopping": 0.12, "rest": 0.38}),
        "Weight in the mean share of free time",
        ge=0,
        le=1,
        keys="purposes",
        source="assumption: rest first, as in every time-use survey",
    )
    spread: float = parameter(
        0.4,
        "Difference between persons in the logarithm of weights, standard deviation",
        unit="log",
        ge=0,
    )
    openness: TraitTilt = TraitTilt(leisure=0.25, social=0.05, rest=-0.1)
    conscientiousness: TraitTilt = TraitTilt(sport=0.1)
    extraversion: TraitTilt = TraitTilt(
        leisure=0.1, sport=0.15, social=0.35, shopping=0.1, rest=-0.25
    )
    agreeableness: TraitTilt = TraitTilt(social=0.15)
    neuroticism: TraitTilt = TraitTilt(
        leisure=-0.05, sport=-0.15, social=-0.05, shopping=0.1, rest=0.15
    )
    most_hobbies: int = parameter(4, "Greatest number of hobbies", unit="hobbies", ge=1, le=30)
    young_age: float = parameter(10.0, "Age of the appeal of hobbies to the young", unit="years")
    middle_age: float = parameter(30.0, "Age of their appeal in the middle", unit="years")
    old_age: float = parameter(70.0, "Age of their appeal to the old", unit="years")

    def contradictions(self) -> Iterator[Defect]:
        """Yield ages of appeal in the wrong order."""
        for low, high in (("young_age", "middle_age"), ("middle_age", "old_age")):
            if getattr(self, low) >= getattr(self, high):
                found = f"is {getattr(self, low):g}, not below {high} of {getattr(self, high):g}"
                yield Defect(low, f"{found}; make it lower")


class HobbySpec(Branch):
    """A hobby: what it is for, and how much it appeals relative to others of that purpose."""

    purpose: str = parameter("leisure", "Purpose of doing it", unit="", source="")
    from_age: int = parameter(6, "Lowest age", unit="years", ge=0, le=120)
    young: float = parameter(1.0, "Appeal to the young", ge=0)
    middle: float = parameter(1.0, "Appeal in the middle of life", ge=0)
    old: float = parameter(1.0, "Appeal to the old", ge=0)


def _hobby(purpose: str, from_age: int, young: float, middle: float, old: float) -> HobbySpec:
    return HobbySpec(purpose=purpose, from_age=from_age, young=young, middle=middle, old=old)


HOBBIES: Mapping[str, HobbySpec] = FrozenMap(
    {
        "museums": _hobby("leisure", 8, 0.5, 0.8, 1.2),
        "cinema": _hobby("leisure", 5, 1.0, 1.2, 0.7),
        "concerts": _hobby("leisure", 12, 0.3, 1.0, 0.7),
        "parks": _hobby("leisure", 0, 1.5, 0.8, 1.3),
        "photography": _hobby("leisure", 10, 0.3, 0.8, 0.9),
        "karaoke": _hobby("leisure", 10, 0.7, 1.0, 0.6),
        "arcades": _hobby("leisure", 6, 1.2, 0.8, 0.1),
        "libraries": _hobby("leisure", 4, 0.9, 0.5, 1.0),
        "walking": _hobby("sport", 6, 0.3, 0.7, 2.0),
        "running": _hobby("sport", 10, 0.8, 1.2, 0.3),
        "cycling": _hobby("sport", 6, 1.0, 0.9, 0.6),
        "swimming": _hobby("sport", 4, 1.2, 0.7, 0.8),
        "football": _hobby("sport", 5, 1.5, 0.7, 0.1),
        "gymnastics": _hobby("sport", 5, 1.0, 1.2, 1.0),
        "tennis": _hobby("sport", 8, 0.7, 0.7, 0.4),
        "seeing friends": _hobby("social", 3, 2.0, 1.5, 1.2),
        "dining out": _hobby("social", 12, 0.3, 1.3, 1.0),
        "bars": _hobby("social", 20, 0.0, 1.0, 0.4),
        "board games": _hobby("social", 5, 0.8, 0.5, 0.6),
        "volunteering": _hobby("social", 14, 0.2, 0.5, 1.2),
        "fashion": _hobby("shopping", 12, 0.8, 1.2, 0.6),
        "markets": _hobby("shopping", 12, 0.3, 0.8, 1.3),
        "bookshops": _hobby("shopping", 8, 0.8, 0.8, 0.8),
        "reading": _hobby("rest", 5, 1.0, 1.0, 1.4),
        "television": _hobby("rest", 3, 1.2, 1.0, 1.8),
        "video games": _hobby("rest", 6, 2.0, 1.2, 0.2),
        "music": _hobby("rest", 6, 0.8, 1.2, 0.8),
        "gardening": _hobby("rest", 10, 0.1, 0.4, 1.6),
        "cooking": _hobby("rest", 10, 0.3, 1.0, 1.0),
    }
)
"""The built-in hobbies."""

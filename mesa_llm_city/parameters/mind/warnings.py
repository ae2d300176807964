"""Parameters of responding to messages and warnings."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter

__all__ = ["WarningParameters"]

_SIGN = (
    "direction by Huang, Lindell and Prater (2016), Environment and Behavior 48(8), 991-1029; "
    "size assumed"
)
_STAGES = (
    "stages by Lindell and Perry (2012), Risk Analysis 32(4), 616-632; size assumed so that at "
    "trust 0.75 some 85 % believe"
)
_LEVEL = (
    "assumption; with the other terms nine of ten leave an area of great danger, as those whom "
    "officials told to leave did (Baker 1991, Int. J. Mass Emergencies and Disasters 9(2), 287-310)"
)


class WarningParameters(Branch):
    """Who believes a message, who acts on it, and how long it takes to get ready.

    Two logits: whether a message is believed, and whether somebody who believes it acts.
    """

    belief_constant: float = parameter(
        -2.0, "Utility of believing without other terms", unit="utility", source=_STAGES
    )
    belief_trust: float = parameter(
        5.0, "Weight of trust in the source, from 0 to 1", unit="utility", source=_STAGES
    )
    belief_confirmed: float = parameter(
        0.6,
        "Weight of each time that the same was heard before",
        unit="utility",
        source="direction by Mileti and Sorensen (1990), ORNL-6609; size assumed",
    )
    belief_seen: float = parameter(
        0.8, "Weight of a storm that is seen: rain or strong wind", unit="utility", source=_SIGN
    )
    most_confirmed: int = parameter(
        3, "Number of earlier messages above which more make no difference", unit="times", ge=0
    )
    constant: float = parameter(
        -3.8, "Utility of acting without other terms", unit="utility", source=_LEVEL
    )
    danger: float = parameter(
        4.0, "Weight of the danger told, from 0 to 1", unit="utility", source=_SIGN
    )
    inside: float = parameter(
        2.0, "Weight of being in the area, or living there", unit="utility", source=_SIGN
    )
    cue: float = parameter(
        1.0, "Weight of somebody who leaves and says so", unit="utility", source=_SIGN
    )
    seen: float = parameter(0.5, "Weight of a storm that is seen", unit="utility", source=_SIGN)
    children: float = parameter(
        0.3,
        "Weight of children in the household",
        unit="utility",
        source="assumption; mixed results in Huang, Lindell and Prater (2016), see danger",
    )
    older: float = parameter(
        -0.4,
        "Weight of being older than older_from of the stages of life",
        unit="utility",
        source="assumption; mixed results in Huang, Lindell and Prater (2016), see danger",
    )
    without_car: float = parameter(
        -0.3, "Weight of having no car, for leaving", unit="utility", source="assumption"
    )
    alone_from: int = parameter(
        12,
        "Age from which a person acts on messages alone; younger ones go along with the household",
        unit="years",
        ge=0,
    )
    near_m: float = parameter(
        0.0,
        "Distance from the area within which people leave as well (shadow evacuation)",
        unit="m",
        ge=0,
    )
    ready_min: float = parameter(
        30.0,
        "Median time to get ready to leave home at no danger",
        unit="min",
        gt=0,
        source="assumption; hours for hurricanes (Lindell, Kang and Prater 2011, Natural Hazards "
        "58, 1093-1109), minutes for floods that are near",
    )
    ready_away_min: float = parameter(
        10.0, "Median time to get ready to leave another place", unit="min", gt=0
    )
    ready_spread: float = parameter(
        0.6,
        "Standard deviation of the logarithm of this time, a lognormal",
        ge=0,
        source="assumption; skewed to the right as in Sorensen (2000), Natural Hazards Review "
        "1(2), 119-125",
    )
    haste: float = parameter(
        0.5, "Share of this time that the greatest danger saves", ge=0, lt=1, source="assumption"
    )
    refuge_min: int = parameter(
        60, "Least stay at a refuge before anything else is done", unit="min", ge=5
    )
    refuges: int = parameter(
        20,
        "Number of homes nearest to the own outside the danger among which a household finds one "
        "to stay in",
        unit="places",
        ge=1,
        source="assumption; most stay with friends and relatives (Wu, Lindell and Prater 2012, "
        "Transp. Res. F 15(4), 445-461)",
    )
    lasts_h: float = parameter(
        24.0, "How long a danger is believed to last of which no end is told", unit="h", gt=0
    )
    mood: float = parameter(
        0.4, "How much a believed message of the greatest danger lowers the mood", ge=0, le=1
    )
    safety: float = parameter(0.6, "How much it lowers the need for safety", ge=0, le=1)
    storm_safety_per_h: float = parameter(
        0.3,
        "How much an hour on the way in strong wind lowers the need for safety",
        unit="1/h",
        ge=0,
        le=10,
    )
    strong_wind_km_h: float = parameter(
        62.0,
        "Wind from which a storm is seen",
        unit="km/h",
        ge=0,
        source="Beaufort 8, a gale (WMO-No. 306)",
    )
    heavy_rain_mm_h: float = parameter(
        7.6,
        "Rain from which a storm is seen",
        unit="mm/h",
        ge=0,
        source="heavy rain in the Glossary of Meteorology (AMS)",
    )

"""Parameters of messages: how they reach people, who passes them on, and trust in sources."""

from __future__ import annotations

from collections.abc import Mapping

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = ["ChannelSpec", "MessageParameters", "TrustParameters"]


class ChannelSpec(Branch):
    """A way in which messages come: whom they reach, and how much they are trusted."""

    awake: float = parameter(
        1.0, "Share of those awake who hear a message", ge=0, le=1, source="assumption"
    )
    asleep: float = parameter(
        0.0,
        "Share of sleepers who are woken by a message",
        ge=0,
        le=1,
        source="assumption; order by Sorensen (2000), Natural Hazards Review 1(2), 119-125: few "
        "are woken by broadcasts, most by telephone and at the door",
    )
    repeated_h: float = parameter(
        0.0, "Time for which sleepers hear it on waking up, since it is repeated", unit="h", ge=0
    )
    delay_min: float = parameter(
        0.0,
        "Mean time until people hear a message, an exponential; 0 for at once",
        unit="min",
        ge=0,
        source="assumption; tens of minutes for broadcasts in the day (Rogers and Sorensen 1988, "
        "The Environmental Professional 10, 281-294), at once by telephone and at the door",
    )
    trust: float = parameter(
        0.0, "How much more the source is trusted than by other channels", ge=-1, le=1
    )


_CHANNELS: Mapping[str, ChannelSpec] = FrozenMap(
    {
        "radio": ChannelSpec(repeated_h=12.0, delay_min=15.0),
        "phone": ChannelSpec(asleep=0.8),
        "in_person": ChannelSpec(asleep=1.0, trust=0.05),
    }
)


class MessageParameters(Branch):
    """How messages reach people, and how they pass from person to person."""

    channels: FrozenMap[str, ChannelSpec] = parameter(
        _CHANNELS, "Ways in which messages come", keys="any"
    )
    inform_news: float = parameter(
        0.05, "Share of those who believe a message without danger and pass it on", ge=0, le=1
    )
    inform_danger: float = parameter(
        0.6,
        "How much greater the share of those is who pass on a message of the greatest danger",
        ge=0,
        le=1,
        source="assumption; a large part of warnings comes from other people (Rogers and Sorensen "
        "1988, The Environmental Professional 10, 281-294)",
    )
    ties_told: int = parameter(
        3, "Number of people outside the household whom a person tells", unit="persons", ge=0
    )
    most_passed: int = parameter(
        3, "How often a message is passed on from person to person", unit="times", ge=0
    )


class TrustParameters(Branch):
    """How much sources of messages are trusted, from 0 to 1."""

    sources: FrozenMap[str, float] = parameter(
        FrozenMap({"authorities": 0.75, "experts": 0.7, "media": 0.6, "strangers": 0.3}),
        "Trust in a source, by its name",
        ge=0,
        le=1,
        keys="any",
        source="assumption; authorities, media and peers as stakeholders: Lindell and Perry "
        "(2012), Risk Analysis 32(4), 616-632",
    )
    unknown: float = parameter(0.5, "Trust in a source that is not listed", ge=0, le=1)
    spread: float = parameter(
        0.15, "Difference in this trust between persons, standard deviation", ge=0, le=1
    )

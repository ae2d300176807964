"""Parameters of sharing: who passes a message on, how and when."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.defects import Defect

__all__ = ["SharingParameters"]

_CASCADES = (
    "chosen so that cascades from hubs of a network of friends have about the depth and timing of "
    "1,450 rumours on Weibo (CED data, Song et al. 2018, arXiv:1811.04175)"
)


class SharingParameters(Branch):
    """How likely a message that is read is passed on, in which form, and after how long."""

    broadcast: float = parameter(
        0.3,
        "Probability with which a follower of a broadcaster passes on what that one has posted",
        ge=0,
        le=1,
        source=_CASCADES,
    )
    later: float = parameter(
        0.01,
        "Probability with which anything else is passed on, at depth 1 of its cascade",
        ge=0,
        le=1,
        source=_CASCADES,
    )
    decay: float = parameter(
        0.75,
        "Share of this probability that is left at each further depth",
        ge=0,
        le=1,
        source=_CASCADES,
    )
    broadcaster_share: float = parameter(
        0.0025, "Share of the people, those with most followers, who are broadcasters", ge=0, le=1
    )
    delay_min: float = parameter(
        150.0,
        "Median time from a post to its being passed on, a lognormal",
        unit="min",
        gt=0,
        source=_CASCADES,
    )
    delay_sigma: float = parameter(
        1.5,
        "Standard deviation of the logarithm of this time",
        ge=0,
        source=_CASCADES,
    )
    wakes_h: float = parameter(
        7.0, "Time of the day from which people share", unit="h", ge=0, lt=24
    )
    sleeps_h: float = parameter(
        23.0, "Time of the day until which people share", unit="h", gt=0, le=24
    )
    emotion: float = parameter(
        1.0,
        "Factor by which the logarithm of the probability rises with intensity times emotion",
        source="assumption; each moral-emotional word raises sharing by a factor of 1.20 (Brady et "
        "al. 2017, PNAS 114(28), 7313-7318)",
    )
    distance: float = parameter(
        1.0,
        "Factor by which the logarithm of the probability falls with the distance of stances",
        ge=0,
    )
    unbelieved: float = parameter(
        0.5,
        "Probability for somebody who is sure that it is not true, as a share of that for "
        "somebody who is sure that it is",
        ge=0,
        le=1,
        source="assumption; what is shared depends little on what is believed (Pennycook et al. "
        "2021, Nature 592, 590-595)",
    )
    attention: float = parameter(
        20.0,
        "Number of messages read together from which each gets less attention",
        unit="messages",
        gt=0,
        source="limited attention: Hodas and Lerman (2014), Sci. Rep. 4, 4343; value assumed",
    )
    label: float = parameter(
        0.55,
        "Probability for a message with a label, as a share of that without",
        ge=0,
        le=1,
        source="46 percent fewer reposts after a note (Slaughter et al. 2025, PNAS 122(38), "
        "e2503413122)",
    )
    activity_shape: float = parameter(
        2.0,
        "Shape of the Pareto distribution of how active people are; the mean is 1",
        gt=1,
        source="assumption; Pareto as in RecAgent (Wang et al. 2025, ACM Trans. Inf. Syst. 43(2))",
    )
    most_active: float = parameter(
        10.0, "Greatest activity of a person, as a multiple of the mean", ge=1
    )
    forward: float = parameter(
        0.7, "Share of what is shared that is forwarded as it is", ge=0, le=1
    )
    reply: float = parameter(0.2, "Share of it that is a reply; the rest are posts", ge=0, le=1)
    talk: float = parameter(
        1.0,
        "Probability with which somebody who feels most strongly about a topic speaks of it in a "
        "conversation; it falls with the emotion",
        ge=0,
        le=1,
    )
    ask_above: float = parameter(
        0.0,
        "Probability by rule from which a language model is asked about sharing",
        ge=0,
        le=1,
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield shares beyond 1, and days without a waking hour."""
        if self.forward + self.reply > 1.0 + 1e-9:
            yield Defect("reply", f"{self.reply:g} and forward {self.forward:g} are more than 1")
        if self.sleeps_h <= self.wakes_h:
            yield Defect("sleeps_h", f"is {self.sleeps_h:g}, not after wakes_h {self.wakes_h:g}")

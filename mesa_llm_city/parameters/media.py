"""Parameters of media: how long people read, what they may be shown, moderation and ads."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, parameter, switch, wording
from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = [
    "AdParameters",
    "FeedParameters",
    "MediaParameters",
    "MediaUseParameters",
    "ModerationParameters",
    "WritingParameters",
]


class MediaUseParameters(Branch):
    """How long people read feeds, when and how fast."""

    from_age: int = parameter(
        13,
        "Age from which people read feeds",
        unit="years",
        ge=0,
        source="least age of most platforms (US Children's Online Privacy Protection Act)",
    )
    minutes_by_age: FrozenMap[int, float] = parameter(
        FrozenMap({13: 290.0, 18: 186.0, 25: 172.0, 35: 155.0, 45: 137.0, 55: 120.0, 65: 102.0}),
        "Mean time with social media of people from an age on",
        unit="min/day",
        keys="any",
        ge=0,
        le=1440,
        source="United States: 4.8 h of teenagers (Rothwell 2023, Gallup); 186 min at 18 to 24 and "
        "102 min from 65 on (Statista, February 2024), an even fall between them",
    )
    alone_share: float = parameter(
        0.25,
        "Share of this time that takes up free time; the rest passes beside other activities",
        ge=0,
        le=1,
        source="assumption: leaves about the 34 min of games and computer use for leisure that are "
        "a main activity (American Time Use Survey 2022)",
    )
    spread: float = parameter(
        0.5, "Standard deviation of the logarithm of a person's time from day to day", ge=0
    )
    session_min: int = parameter(15, "Usual length of reading at a time", unit="min", ge=5, le=240)
    begins: float = parameter(
        0.6,
        "Probability that somebody whose time of the day is not used up begins to read when free "
        "time begins",
        ge=0,
        le=1,
    )
    minutes_per_post: float = parameter(1.0, "Time for a post that is read", unit="min", gt=0)
    posts_per_day: int = parameter(
        20,
        "Number of posts that somebody reads on a day that is not simulated minute by minute",
        unit="posts",
        ge=0,
    )
    round_min: int = parameter(
        60,
        "Length of a round of such a day, in which feeds do not change",
        unit="min",
        ge=1,
        le=1440,
    )
    wakes_h: float = parameter(
        7.0, "Time of such a day from which feeds are read", unit="h", ge=0, lt=24
    )
    sleeps_h: float = parameter(
        23.0, "Time of such a day until which feeds are read", unit="h", gt=0, le=24
    )
    trust_followed: float = parameter(
        0.6, "Trust in whoever somebody follows, where no tie says otherwise", ge=0, le=1
    )
    trust_unknown: float = parameter(
        0.3,
        "Trust in other authors",
        ge=0,
        le=1,
    )
    trust_ad: float = parameter(0.15, "Trust in ads", ge=0, le=1)

    def contradictions(self) -> Iterator[Defect]:
        """Yield a day without a waking hour."""
        if self.sleeps_h <= self.wakes_h:
            yield Defect("sleeps_h", f"is {self.sleeps_h:g}, not after wakes_h {self.wakes_h:g}")

    def minutes_at(self, age: int) -> float:
        """Return the mean time of people of an age, in minutes a day.

        Examples
        --------
        >>> MediaUseParameters().minutes_at(41), MediaUseParameters().minutes_at(8)
        (155.0, 0.0)
        """
        known = [one for one in self.minutes_by_age if one <= age]
        return self.minutes_by_age[max(known)] if known and age >= self.from_age else 0.0


class FeedParameters(Branch):
    """What people may be shown: posts of those they follow, recent ones, and a sample."""

    page: int = parameter(
        5,
        "Number of posts shown at a time",
        unit="posts",
        ge=1,
        source="page of RecAgent (Wang et al. 2025, ACM Trans. Inf. Syst. 43(2))",
    )
    window_h: float = parameter(
        48.0,
        "Age from which posts are not shown any more",
        unit="h",
        gt=0,
        source="assumption; half of the views of a post are within about 80 min (Pfeffer, Matter "
        "and Sargsyan 2023, ICWSM 17, 1163-1167)",
    )
    per_followee: int = parameter(
        3, "Greatest number of posts of one followee among the candidates", unit="posts", ge=1
    )
    followed: int = parameter(
        100, "Greatest number of posts of followees among the candidates", unit="posts", ge=0
    )
    recent: int = parameter(
        50, "Number of the newest posts of anybody among the candidates", unit="posts", ge=0
    )
    sampled: int = parameter(
        50, "Number of posts drawn from all that can be shown", unit="posts", ge=0
    )
    calls_per_day: int = parameter(
        3,
        "Greatest number of pages a day about which a language model is asked for a person; the "
        "rule reads further pages",
        unit="calls/day",
        ge=0,
    )


class WritingParameters(Branch):
    """How often people write of their own accord, and what."""

    per_day: float = parameter(
        0.3,
        "Mean number of posts that somebody writes in a day without being moved to by a feed",
        unit="posts/day",
        ge=0,
        source="assumption; most adults write little: a quarter of US users wrote 97 percent of "
        "tweets (Pew Research Center 2021)",
    )
    stance_spread: float = parameter(
        0.1, "Standard deviation of the stance of a post about that of its author", ge=0
    )
    intensity_calm: float = parameter(
        0.2, "Intensity of a post of somebody who feels nothing about its topic", ge=0, le=1
    )


class ModerationParameters(Branch):
    """What the platform does about posts that break its rules."""

    harmful_from: float = parameter(
        0.7, "Intensity from which a post is inflammatory, and so against the rules", ge=0, le=1
    )
    false_is_harmful: bool = switch(
        "Whether a post that is not true is against the rules", default=True
    )
    found: float = parameter(
        0.9, "Probability that a post that is against the rules is found", ge=0, le=1
    )
    mistaken: float = parameter(0.0, "Probability that any other post is taken for one", ge=0, le=1)
    delay_min: float = parameter(60.0, "Time until a post has been looked at", unit="min", ge=0)
    label: str = wording("Label that is put on posts", default="disputed")
    ban_after: int = parameter(
        3,
        "Number of posts found after which the author is banned",
        unit="posts",
        ge=1,
        source="AgentSociety (Piao et al. 2025, arXiv:2502.08691): three flagged messages",
    )


class AdParameters(Branch):
    """Ads between the posts of a feed."""

    every: int = parameter(0, "An ad follows each so many posts; 0 for no ads", unit="posts", ge=0)


class MediaParameters(Branch):
    """Media: how long people read, what they may be shown and write, moderation, and ads."""

    use: MediaUseParameters = MediaUseParameters()
    feed: FeedParameters = FeedParameters()
    writing: WritingParameters = WritingParameters()
    moderation: ModerationParameters = ModerationParameters()
    ads: AdParameters = AdParameters()

"""Parameters of social life: ties, contacts, conversations, acquaintances, and topics."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, parameter, wording
from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.media import MediaParameters
from mesa_llm_city.parameters.messages import MessageParameters, TrustParameters
from mesa_llm_city.parameters.society import (
    AwarenessParameters,
    CommunityParameters,
    EmotionParameters,
    RecommenderParameters,
    SharingParameters,
    StanceParameters,
    ViewingParameters,
)

__all__ = [
    "AcquaintanceParameters",
    "ContactParameters",
    "ConversationParameters",
    "SimilarityParameters",
    "SocialParameters",
    "TieLevels",
    "TieParameters",
    "TieStart",
    "TieSteps",
    "TopicParameters",
]


class TieLevels(Branch):
    """The three beliefs of a tie, or a change of them (CitySim, sec. 3.3)."""

    affinity: float = parameter(0.0, "Affinity", ge=-1, le=1)
    trust: float = parameter(0.0, "Trust", ge=-1, le=1)
    familiarity: float = parameter(0.0, "Familiarity", ge=-1, le=1)


def _levels(affinity: float, trust: float, familiarity: float) -> TieLevels:
    return TieLevels(affinity=affinity, trust=trust, familiarity=familiarity)


class TieStart(Branch):
    """The tie with which a relation begins, at a similarity of 0.5.

    The order of trust from family to strangers is that of surveys (Delhey, Newton and Welzel
    2011, Am. Sociol. Rev. 76(5), 786-807); the values are assumptions.
    """

    household: TieLevels = _levels(0.80, 0.85, 0.95)
    friend: TieLevels = _levels(0.70, 0.70, 0.70)
    classmate: TieLevels = _levels(0.50, 0.45, 0.50)
    colleague: TieLevels = _levels(0.45, 0.45, 0.50)
    neighbour: TieLevels = _levels(0.40, 0.40, 0.30)
    acquaintance: TieLevels = _levels(0.30, 0.20, 0.00)
    stranger: TieLevels = _levels(0.30, 0.20, 0.00)

    def contradictions(self) -> Iterator[Defect]:
        """Yield levels below 0."""
        for relation, levels in self:
            for name, level in levels:
                if level < 0:
                    yield Defect(
                        f"{relation}.{name}", f"got {level}; accepted is a number from 0 to 1"
                    )


class TieSteps(Branch):
    """Shares of the distance to 1, or if negative to 0, by which an outcome changes a tie.

    They are small, since it takes weeks to make a friend (Hall 2019, J. Soc. Pers. Relat.
    36(4), 1278-1296); trust is lost faster than it is gained (Slovic 1993, Risk Analysis
    13(6), 675-682). The values are assumptions.
    """

    positive: TieLevels = _levels(0.03, 0.02, 0.03)
    neutral: TieLevels = _levels(0.0, 0.0, 0.03)
    negative: TieLevels = _levels(-0.06, -0.06, 0.03)


class TieParameters(Branch):
    """How ties begin, change and fade; the paper gives no constants."""

    start: TieStart = TieStart()
    homophily: TieLevels = _levels(0.3, 0.15, 0.0)
    steps: TieSteps = TieSteps()
    fade_per_day: float = parameter(
        0.0,
        "Share of the familiarity above that of the relation lost in a day without contact",
        unit="1/day",
        ge=0,
        le=1,
        source="assumption: 0, since ties do not fade in the paper",
    )
    slots: int = parameter(
        24,
        "Greatest number of people that somebody knows; the household, friends, colleagues and "
        "neighbours of the beginning fit, and some who were met since",
        unit="persons",
        ge=1,
        le=1000,
        source="assumption: somebody with work and a household of 2 to 5 begins with 19 to 22",
    )
    crowd_slots: int = parameter(
        8,
        "Greatest number of people that a row of a crowd knows, instead of slots: the closest at "
        "the beginning, and some who were met since",
        unit="persons",
        ge=1,
        le=1000,
        source="assumption: the household and half of the friends and colleagues",
    )
    crowd_open: int = parameter(
        2,
        "Number of those slots that only the household takes at the beginning, so that there is "
        "room for people who are met",
        unit="persons",
        ge=0,
        le=1000,
        source="assumption",
    )
    acquaintances: int = parameter(
        100,
        "Number of people without a relation that are remembered, as far as there are slots",
        unit="persons",
        ge=1,
        source="about 150 ties with all relations (Dunbar 1992, J. Hum. Evol. 22(6), 469-493)",
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield more open slots than there are."""
        if self.crowd_open > self.crowd_slots:
            yield Defect(
                "crowd_open",
                f"got {self.crowd_open}; accepted is at most crowd_slots, {self.crowd_slots}",
            )


class ContactParameters(Branch):
    """When people talk: a binary logit (see `contact_probability`)."""

    gap_min: int = parameter(
        30,
        "Least time from one contact to the next",
        unit="min",
        ge=0,
        source="CitySim, appendix A: one partner per 30 minutes",
    )
    company: int = parameter(
        16,
        "Greatest number of people at the same place of whom somebody takes notice, drawn by "
        "chance",
        unit="persons",
        ge=1,
        le=1000,
        source="assumption",
    )
    online_below: float = parameter(
        0.2,
        "Level of the social need at or below which people elsewhere are contacted",
        ge=0,
        le=1,
        source='"defined threshold" of CitySim, sec. 3.3; value: threshold of the need',
    )
    online_free_min: int = parameter(15, "Least free time for such a contact", unit="min", ge=0)
    constant: float = parameter(-2.0, "Utility of talking without other terms", unit="utility")
    need: float = parameter(3.0, "Weight of the social need that is not met", unit="utility")
    extraversion: float = parameter(
        0.5, "Weight of a level of extraversion above the medium", unit="utility"
    )
    belief: float = parameter(4.0, "Weight of the score of the tie minus 0.5", unit="utility")
    time: float = parameter(1.0, "Weight of free time, up to ample_min", unit="utility")
    mood: float = parameter(0.5, "Weight of the valence of the mood", unit="utility")
    ample_min: int = parameter(
        30, "Free time above which more makes no difference", unit="min", ge=1
    )
    ask_above: float = parameter(
        0.5,
        "Probability by rule from which a language model is asked about a contact",
        ge=0,
        le=1,
    )
    prompt_people: int = parameter(
        6,
        "Greatest number of people named in a prompt, up to half of them elsewhere",
        unit="persons",
        ge=1,
    )
    social_unknown: float = parameter(
        0.5, "Level of the social need of a person without needs", ge=0, le=1
    )


class TopicParameters(Branch):
    """What people talk about, besides common hobbies and the activity; empty for nothing."""

    household: str = wording("Topic of people of one household", default="home")
    friend: str = wording("Topic of friends", default="friends")
    classmate: str = wording("Topic of classmates", default="school")
    colleague: str = wording("Topic of colleagues", default="work")
    neighbour: str = wording("Topic of neighbours", default="the neighbourhood")
    acquaintance: str = wording("Topic of acquaintances")
    stranger: str = wording("Topic of strangers")
    nothing_in_common: str = wording(
        "Topic of people who have none in common", default="small talk"
    )


class ConversationParameters(Branch):
    """Length and effect of conversations; the paper gives no constants."""

    turns: int = parameter(
        4, "Greatest number of utterances of both people together", unit="utterances", ge=2
    )
    words_above: float = parameter(
        0.45, "Mean score of both ties from which a language model may speak", ge=0, le=1
    )
    words_share: float = parameter(
        0.25,
        "Share of these conversations that a language model speaks",
        ge=0,
        le=1,
        source="assumption: each utterance is a call; a quarter is enough for ties to differ",
    )
    constant: float = parameter(0.15, "Quality of a conversation without other terms", ge=-1, le=1)
    affinity: float = parameter(0.4, "Weight of affinity in the quality")
    interests: float = parameter(0.2, "Weight of common interests in the quality")
    mood: float = parameter(0.2, "Weight of the mood in the quality")
    noise: float = parameter(
        0.3, "Standard deviation of normally distributed noise in the quality", ge=0
    )
    positive_above: float = parameter(
        0.2, "Quality at or above which an outcome is positive", ge=-1, le=1
    )
    negative_below: float = parameter(
        -0.5, "Quality at or below which an outcome is negative", ge=-1, le=1
    )
    mood_weight: float = parameter(0.3, "Greatest change of the mood", ge=0, le=1)
    company_positive: float = parameter(
        0.3, "Gain of the social need by a positive conversation", ge=0, le=1
    )
    company_neutral: float = parameter(
        0.15, "Gain of the social need by a neutral conversation", ge=0, le=1
    )
    company_negative: float = parameter(
        0.0, "Gain of the social need by a negative conversation", ge=0, le=1
    )
    topics: TopicParameters = TopicParameters()
    prompt_memories: int = parameter(
        5, "Greatest number of memories in the prompt of a speaker", unit="entries", ge=0
    )
    prompt_turns: int = parameter(
        8, "Greatest number of earlier utterances in a prompt", unit="utterances", ge=1
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield outcomes that are positive and negative at once."""
        if self.negative_below >= self.positive_above:
            problem = f"is {self.negative_below:g}, not below positive_above of"
            yield Defect("negative_below", f"{problem} {self.positive_above:g}; make it lower")


class SimilarityParameters(Branch):
    """How the similarity of people is computed."""

    age_range: float = parameter(
        40.0, "Difference from which ages have nothing in common", unit="years", gt=0
    )
    hobby_weight: float = parameter(
        0.5, "Weight of common hobbies in interests; the rest is that of preferences", ge=0, le=1
    )


class AcquaintanceParameters(Branch):
    """How many people a person knows when a run begins.

    Numbers are even: half of the people are on each side of a ring (see `circles`).
    """

    friends: int = parameter(6, "Number of friends", unit="persons", ge=0)
    colleagues: int = parameter(8, "Number of colleagues or classmates", unit="persons", ge=0)
    neighbours: int = parameter(4, "Number of neighbours", unit="persons", ge=0)
    friends_from_age: int = parameter(6, "Age from which children have friends", unit="years", ge=0)
    friends_age_years: int = parameter(
        10, "Width of the age groups within which friends are drawn", unit="years", ge=1
    )
    oldest_group_from: int = parameter(
        80, "Age from which all people are in one age group", unit="years", ge=0
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield odd numbers."""
        for name in ("friends", "colleagues", "neighbours"):
            if getattr(self, name) % 2:
                yield Defect(name, f"got {getattr(self, name)}; accepted is an even number")


class SocialParameters(Branch):
    """Ties, contacts, conversations, messages, and what people feel and think about topics."""

    ties: TieParameters = TieParameters()
    contact: ContactParameters = ContactParameters()
    conversation: ConversationParameters = ConversationParameters()
    similarity: SimilarityParameters = SimilarityParameters()
    acquaintances: AcquaintanceParameters = AcquaintanceParameters()
    messages: MessageParameters = MessageParameters()
    trust: TrustParameters = TrustParameters()
    emotion: EmotionParameters = EmotionParameters()
    stance: StanceParameters = StanceParameters()
    awareness: AwarenessParameters = AwarenessParameters()
    sharing: SharingParameters = SharingParameters()
    recommender: RecommenderParameters = RecommenderParameters()
    viewing: ViewingParameters = ViewingParameters()
    community: CommunityParameters = CommunityParameters()
    media: MediaParameters = MediaParameters()

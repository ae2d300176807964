"""Parameters of online communities: visits, breaches of rules, and moderation."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter, wording

__all__ = ["CommunityParameters"]

_TROLLS = (
    "chosen to fit the shares of posts by trolls in an experiment, 35, 47, 49 and 68 percent "
    "(Cheng, Bernstein, Danescu-Niculescu-Mizil and Leskovec 2017, CSCW, 1217-1230)"
)


class CommunityParameters(Branch):
    """When members write, what makes them break rules, and how moderators work."""

    visits_a_day: float = parameter(
        2.0, "Mean number of visits of a member in a day", unit="1/day", gt=0
    )
    page: int = parameter(12, "Number of posts read on a visit, the newest", unit="posts", ge=1)
    reply_share: float = parameter(
        0.7, "Share of contributions that answer a post, if there is one", ge=0, le=1
    )
    provoke: float = parameter(
        0.5, "Log of how much likelier a hostile post is answered than another", ge=0
    )
    interest: float = parameter(
        0.7, "Log of how much likelier a post about the member's own topic is answered", ge=0
    )
    mood: float = parameter(
        0.73,
        "Rise of the log odds of a hostile post from a calm member to one most upset",
        source=_TROLLS,
    )
    context: float = parameter(
        0.65,
        "Rise of the log odds of a hostile post when all posts on the page are hostile",
        source=_TROLLS,
    )
    norms: float = parameter(
        0.49,
        "Fall of the log odds of a breach of a rule that is on display",
        ge=0,
        source="rules on display raised compliance of newcomers by 8 percentage points (Matias "
        "2019, PNAS 116(20), 9785-9789), here from 75 to 83 percent",
    )
    removed: float = parameter(
        0.3,
        "Fall of the log odds of a breach with each own post that was removed",
        ge=0,
        source="assumption; removals lower later breaches (Srinivasan, Danescu-Niculescu-Mizil, "
        "Lee and Tan 2019, Proc. ACM Hum.-Comput. Interact. 3, CSCW, 163)",
    )
    most_removed: int = parameter(
        5, "Number of removals beyond which more make no difference", unit="posts", ge=0
    )
    bystander: float = parameter(
        0.1, "How much hostility between others concerns a reader, from 0 to 1", ge=0, le=1
    )
    hostile_intensity: float = parameter(0.8, "Intensity of a hostile post", ge=0, le=1)
    usual_intensity: float = parameter(0.2, "Intensity of any other post", ge=0, le=1)
    hostile_from: float = parameter(
        0.7,
        "Intensity from which the words of a language model count as hostile",
        ge=0,
        le=1,
    )
    chill: float = parameter(
        0.5, "Share of the visits that a member most upset leaves out", ge=0, le=1
    )
    leaves: float = parameter(
        0.03, "Probability of leaving for good with each hostile answer received", ge=0, le=1
    )
    found: float = parameter(0.8, "Probability that moderators see a breach of a rule", ge=0, le=1)
    mistaken: float = parameter(
        0.01, "Probability that moderators see a breach where there is none", ge=0, le=1
    )
    delay_h: int = parameter(
        3, "Time from a post to the moment at which moderators look at it", unit="h", ge=0
    )
    other_topic: str = wording("Topic of posts that are about none of the topics", default="other")

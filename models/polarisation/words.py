"""The topic, also turned round, and what is said about it."""

from __future__ import annotations

from collections.abc import Mapping

from mesa_llm_city.parameters.society import StanceParameters
from mesa_llm_city.social.stance import stance_word

__all__ = ["TOPICS", "said_by_friend", "said_by_persuader"]

TOPICS: Mapping[bool, str] = {
    False: "closing the main street to cars",
    True: "keeping the main street open to cars",
}
"""The topic, by whether it is flipped. Who is in favour of one is against the other, so a model
whose answers depend on the words alone shows in the difference."""

_FOR_CLOSING = (
    "Without cars the street is quiet and the air is clean; children can walk to school alone.",
    "Shops in streets without cars sell more, since people stay and come back.",
    "Most people come on foot or by bus already. The street should be theirs.",
)
_FOR_CARS = (
    "Shops live on customers who come by car; a closed street will be an empty one.",
    "The cars will not vanish, they will drive through the small streets where people live.",
    "Old people and craftsmen need to drive up to the door. Who thinks of them?",
)


def said_by_friend(stance: float, parameters: StanceParameters) -> str:
    """Return what somebody says who holds a stance.

    Examples
    --------
    >>> said_by_friend(-0.3, StanceParameters())
    'I am against it.'
    """
    return f"I am {stance_word(stance, parameters)}."


def said_by_persuader(stance: float, topic: str, turn: int) -> str:
    """Return an argument of a persuader; the turn says which.

    Examples
    --------
    >>> said_by_persuader(0.9, TOPICS[False], 0) == said_by_persuader(-0.9, TOPICS[True], 0)
    True
    """
    is_for_closing = (stance > 0) == (topic == TOPICS[False])
    texts = _FOR_CLOSING if is_for_closing else _FOR_CARS
    return texts[turn % len(texts)]

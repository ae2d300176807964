"""What a person says about topics: in conversations, and when they are asked."""

from __future__ import annotations

from mesa_llm_city.citizen.opinion import UNNUMBERED, Delivered
from mesa_llm_city.citizen.person import Person
from mesa_llm_city.social import Post, Reader, Sharing, stance_word
from mesa_llm_city.social.post_facts import tenths

__all__ = ["opinion_lines", "said_in_talk"]


def said_in_talk(person: Person, *, at_min: int, channel: str) -> Delivered | None:
    """Return what a person says in a conversation about the topic they feel most about, if any.

    Parameters
    ----------
    person : Person
        The person.
    at_min : int
        When, in minutes.
    channel : str
        ``"in_person"`` or ``"phone"``.

    Returns
    -------
    Delivered or None
        What the other hears; None if the person has no emotion about anything, or does not
        come to speak of it (see ``social.sharing.talk``).
    """
    emotion, stance = person.components.emotion, person.components.stance
    if emotion is None or not emotion.topics:
        return None
    levels = {topic: emotion.level(topic, at_min=at_min) for topic in emotion.topics}
    topic = max(levels, key=lambda one: levels[one])
    drawn = float(person.streams.at("speak of a topic", step=at_min).random())
    if drawn >= person.parameters.social.sharing.talk * levels[topic]:
        return None
    view = 0.0 if stance is None else stance.value(topic)
    reader = Reader(emotion=levels[topic], stance=view)
    text = Sharing(person.parameters).words(topic, reader)
    post = Post(
        id=UNNUMBERED,
        author=person.persona.id,
        minute=at_min,
        topic=topic,
        stance=min(max(view, -1.0), 1.0),
        intensity=levels[topic],
        text=text,
    )
    return Delivered(post, channel, may_share=False)


def opinion_lines(person: Person, *, at_min: int) -> tuple[str, ...]:
    """Return what a person feels, thinks and believes about topics, a line for each.

    Parameters
    ----------
    person : Person
        The person.
    at_min : int
        When, in minutes.
    """
    parts = person.components
    keepers = (parts.emotion, parts.stance, parts.awareness)
    # Names once each, in the order in which they were first heard of.
    topics = dict.fromkeys(
        topic for part in keepers if part is not None for topic in getattr(part, "topics", ())
    )
    return tuple(_opinion_line(person, topic, at_min) for topic in topics)


def _opinion_line(person: Person, topic: str, at_min: int) -> str:
    parts, social = person.components, person.parameters.social
    said = []
    if parts.stance is not None:
        said.append(stance_word(parts.stance.value(topic), social.stance))
    if parts.emotion is not None:
        said.append(str(parts.emotion.word(topic, at_min=at_min)))
    if parts.awareness is not None:
        said.append(f"believes it {tenths(parts.awareness.belief(topic, at_min=at_min))} of 10")
        said += parts.awareness.remembered(topic)[-1:]
    return f"About {topic}: {'; '.join(said)}"

"""Answers of an interview by rule: facts of the person in plain sentences, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from mesa_llm_city.experiments.interview_context import InterviewContext
from mesa_llm_city.experiments.phrases import in_tens, words

__all__ = ["PlainAnswer", "answered_by_rule"]


class PlainAnswer(NamedTuple):
    """What a rule answers, and which facts it told."""

    text: str
    told: str


class _Topic(NamedTuple):
    """A kind of question: what it is about, the words that mark it, and how it is answered.

    The field is the one of `InterviewContext` that has to be known, if any.
    """

    about: str
    words: frozenset[str]
    answer: Callable[[InterviewContext], str]
    field: str


def answered_by_rule(asked: InterviewContext, question: str) -> PlainAnswer:
    """Answer a question with the facts that it seems to be about.

    The topic is the one of which the question has most words; with none, memories like
    the question are told, and what can be asked.

    Parameters
    ----------
    asked : InterviewContext
        Who is asked, with memories that fit the question.
    question : str
        What is asked.

    Examples
    --------
    >>> anna = InterviewContext(person=3, minute=0, name="Anna Sato", described="Anna Sato is 34.",
    ...                  time="Monday 1 April 2024, 00:00", doing="sleep at home")
    >>> answered_by_rule(anna, "What are you doing right now?").text
    'It is Monday 1 April 2024, 00:00. I am at: sleep at home.'
    """
    spoken = words(question)
    best = max(_TOPICS, key=lambda topic: len(topic.words & spoken))
    if not best.words & spoken:
        return PlainAnswer(_at_a_loss(asked), "memories like the question")
    if best.field in asked.unknown:
        return PlainAnswer(f"This run holds nothing about {best.about}.", best.about)
    return PlainAnswer(best.answer(asked), best.about)


def _plans(asked: InterviewContext) -> str:
    return _listed("Next I have: ", asked.plan, "I have no further plans for now.")


def _feelings(asked: InterviewContext) -> str:
    met = ", ".join(f"{name} {level}" for name, level in in_tens(asked.needs).items())
    needs = f" My needs are met, of 10: {met}." if met else ""
    source = f" On my mind: {asked.thought}." if asked.thought else ""
    return f"My mood is {asked.mood or 'even'}.{needs}{source}"


def _people(asked: InterviewContext) -> str:
    return _listed("I know, of 10 each: ", asked.people, "I know nobody here.")


def _goals(asked: InterviewContext) -> str:
    return _listed("I am after this: ", asked.goals, "I am after nothing in particular.")


def _thoughts(asked: InterviewContext) -> str:
    nothing = "I have not come to any conclusions yet."
    return _listed("I have come to think: ", asked.insights, nothing)


def _places(asked: InterviewContext) -> str:
    nothing = "I have no opinion of any place yet."
    return _listed("What I think of places, of 10: ", asked.beliefs, nothing)


def _memories(asked: InterviewContext) -> str:
    return _listed("I remember: ", asked.memories, "I remember nothing of that.")


def _now(asked: InterviewContext) -> str:
    return f"It is {asked.time}. I am at: {asked.doing}."


def _myself(asked: InterviewContext) -> str:
    return asked.described


def _at_a_loss(asked: InterviewContext) -> str:
    first = _listed("What I remember that may have to do with it: ", asked.memories, "")
    topics = ", ".join(topic.about for topic in _TOPICS)
    return f"{first} I can tell facts about: {topics}.".strip()


def _listed(opening: str, lines: Sequence[str], nothing: str) -> str:
    return f"{opening}{'; '.join(lines)}." if lines else nothing


def _topic(
    about: str, marks: str, answer: Callable[[InterviewContext], str], *, field: str = ""
) -> _Topic:
    return _Topic(about, frozenset(marks.split()), answer, field)


# Of topics with as many words in a question, the first is taken.
_TOPICS = (
    _topic(
        "people I know",
        "friend friends family know knows colleague colleagues neighbour neighbours people "
        "somebody anybody partner household trust talk",
        _people,
        field="people",
    ),
    _topic(
        "what I remember",
        "remember yesterday did happened was were been had went earlier past last",
        _memories,
        field="memories",
    ),
    _topic(
        "my plans",
        "plan plans planned next later tomorrow tonight going will then afterwards after soon",
        _plans,
    ),
    _topic(
        "what I am after",
        "goal goals want wish hope dream dreams aim after",
        _goals,
        field="goals",
    ),
    _topic(
        "what I have come to think",
        "think believe habit habits usually prefer preference learnt learned why opinion",
        _thoughts,
        field="insights",
    ),
    _topic(
        "places",
        "place places restaurant restaurants shop shops cafe park favourite favorite best worst "
        "recommend avoid",
        _places,
        field="beliefs",
    ),
    _topic("what I am doing", "doing now where moment currently busy time", _now),
    _topic(
        "how I feel",
        "feel feeling feelings mood hungry tired lonely safe happy sad need needs how mind",
        _feelings,
    ),
    _topic(
        "who I am",
        "who name age old job yourself live hobby hobbies self describe introduce",
        _myself,
    ),
)

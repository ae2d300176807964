"""Answers of an interview by rule: facts of the person in plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from mesa_llm_city.simulation.interview_context import InterviewContext
from mesa_llm_city.simulation.phrases import out_of_ten, words

__all__ = ["PlainAnswer", "answer_by_rule"]


class PlainAnswer(NamedTuple):
    """An answer by rule, and the topic it found in the question."""

    text: str
    topic: str


class _Topic(NamedTuple):
    """A topic of questions: its name, the words that mark it, and how it is answered.

    The field is the one of `InterviewContext` that has to be known, if any.
    """

    about: str
    words: frozenset[str]
    answer: Callable[[InterviewContext], str]
    field: str


def answer_by_rule(context: InterviewContext, question: str) -> PlainAnswer:
    """Answer a question with the facts that it seems to be about.

    The topic is the one of which the question has most words. If it has none, the answer
    lists memories that resemble the question, and the topics.

    Parameters
    ----------
    context : InterviewContext
        What the person could tell, with memories that fit the question.
    question : str
        The question.

    Examples
    --------
    >>> anna = InterviewContext(person=3, minute=0, name="Anna Sato", described="Anna Sato is 34.",
    ...                  time="Monday 1 April 2024, 00:00", doing="sleep at home")
    >>> answer_by_rule(anna, "What are you doing right now?").text
    'It is Monday 1 April 2024, 00:00. I am at: sleep at home.'
    """
    asked = words(question)
    best = max(_TOPICS, key=lambda topic: len(topic.words & asked))
    if not best.words & asked:
        return PlainAnswer(_without_topic(context), "memories like the question")
    if best.field in context.unknown:
        return PlainAnswer(f"This run holds nothing about {best.about}.", best.about)
    return PlainAnswer(best.answer(context), best.about)


def _plans(context: InterviewContext) -> str:
    return _listed("Next I have: ", context.plan, "I have no further plans for now.")


def _feelings(context: InterviewContext) -> str:
    met = ", ".join(f"{name} {level}" for name, level in out_of_ten(context.needs).items())
    needs = f" My needs are met, of 10: {met}." if met else ""
    thought = f" I am thinking of: {context.thought}." if context.thought else ""
    return f"My mood is {context.mood or 'even'}.{needs}{thought}"


def _people(context: InterviewContext) -> str:
    return _listed("I know, of 10 each: ", context.people, "I know nobody here.")


def _goals(context: InterviewContext) -> str:
    return _listed("My goals: ", context.goals, "I have no goals at the moment.")


def _thoughts(context: InterviewContext) -> str:
    nothing = "I have drawn no conclusions yet."
    return _listed("My conclusions: ", context.insights, nothing)


def _places(context: InterviewContext) -> str:
    nothing = "I have no opinion of any place yet."
    return _listed("My opinion of places, of 10: ", context.beliefs, nothing)


def _memories(context: InterviewContext) -> str:
    return _listed("I remember: ", context.memories, "I remember nothing of that.")


def _now(context: InterviewContext) -> str:
    return f"It is {context.time}. I am at: {context.doing}."


def _myself(context: InterviewContext) -> str:
    return context.described


def _without_topic(context: InterviewContext) -> str:
    first = _listed("What I remember that may have to do with it: ", context.memories, "")
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
        "my goals",
        "goal goals want wish hope dream dreams aim after",
        _goals,
        field="goals",
    ),
    _topic(
        "my conclusions",
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

"""Judges: a language model that is asked, and a rule that counts oddities."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import Backend, ask
from mesa_llm_city.experiments.judges.item import Choice, JudgeItem
from mesa_llm_city.experiments.judges.verdicts import BEST, WORST, JudgeKind
from mesa_llm_city.prompts import Reason

__all__ = [
    "Comparison",
    "Judge",
    "ModelJudge",
    "PairReply",
    "RatingReply",
    "Score",
    "judge_of",
]

_SHOWS = {
    "routine": "what a person did on a day",
    "dialogue": "a conversation of two people, A and B",
    "mobility": "the trips of a person on a day",
    "reaction": "what a person did before and after hearing a message",
}


class Comparison(NamedTuple):
    """Which of two items is more human-like, by each criterion, and why."""

    naturalness: Choice
    coherence: Choice
    plausibility: Choice
    overall: Choice
    reason: str


class Score(NamedTuple):
    """How human-like an item is, from 1 to 5, and why."""

    score: int
    reason: str


class PairReply(BaseModel):
    """What a language model answers when it compares two items."""

    reason: Reason
    naturalness: Literal["first", "second", "tie"]
    coherence: Literal["first", "second", "tie"]
    plausibility: Literal["first", "second", "tie"]
    overall: Literal["first", "second", "tie"]


class RatingReply(BaseModel):
    """What a language model answers when it rates an item."""

    reason: Reason
    score: int = Field(ge=WORST, le=BEST)


class Judge(Protocol):
    """Compares and rates items; its methods may ask questions and change nothing.

    Attributes
    ----------
    name : str
        Its name in tables.
    kind : {"model", "person", "script", "rule"}
        What it is; claims need a model or a person.
    """

    name: str
    kind: JudgeKind

    async def compare(self, first: JudgeItem, second: JudgeItem) -> Comparison:
        """Return which of two items, shown in this order, is more human-like."""
        ...

    async def rate(self, item: JudgeItem) -> Score:
        """Return how human-like an item is."""
        ...


class ModelJudge:
    """A language model that judges, by the prompts ``judge_pair`` and ``judge_item``.

    Parameters
    ----------
    name : str
        Name of the model.
    kind : {"model", "script"}, default "model"
        Whether it is a model, or a function in its place.
    """

    def __init__(self, name: str, kind: JudgeKind = "model") -> None:
        self.name = name
        self.kind = kind

    async def compare(self, first: JudgeItem, second: JudgeItem) -> Comparison:
        """Ask which of two items is more human-like (see `Judge`)."""
        reply = await ask(
            "judge_pair",
            PairReply,
            shows=_SHOWS[first.kind],
            first_about=first.about,
            first=list(first.lines),
            second_about=second.about,
            second=list(second.lines),
        )
        return Comparison(
            reply.naturalness, reply.coherence, reply.plausibility, reply.overall, reply.reason
        )

    async def rate(self, item: JudgeItem) -> Score:
        """Ask how human-like an item is (see `Judge`)."""
        reply = await ask(
            "judge_item",
            RatingReply,
            shows=_SHOWS[item.kind],
            about=item.about,
            lines=list(item.lines),
        )
        return Score(reply.score, reply.reason)


def judge_of(llm: Backend) -> ModelJudge:
    """Return the judge that a language model is; a scripted one is no real judge.

    Parameters
    ----------
    llm : Backend
        An `LLM`; any other backend counts as a script. A recording counts as its model.

    Examples
    --------
    >>> from mesa_llm_city.llm import LLM, ClientSpec
    >>> judge = judge_of(LLM(ClientSpec(backend="scripted", model="coin")))
    >>> judge.name, judge.kind
    ('coin', 'script')
    """
    spec, mode = getattr(llm, "spec", None), getattr(llm, "mode", "live")
    if spec is None:
        return ModelJudge(type(llm).__name__, "script")
    is_script = spec.backend == "scripted" and mode != "replay"
    return ModelJudge(spec.model, "script" if is_script else "model")

"""Scripted answers: what stands in for a language model, so that a run needs no key.

They are no language model. Each answer is made of what the prompt tells, by a few rules, and of
words that were written beforehand.
"""

from __future__ import annotations

import json
import re

from mesa_llm_city.core import streams
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.llm.base import Request
from mesa_llm_city.llm.clients.scripted import fill_schema

__all__ = ["SCRIPTED", "answer", "scripted_llm"]

SCRIPTED = "scripted answers (no language model)"
"""Name of the model in tables and manifest."""

_GO_ON = "go on with what is planned"
_BELIEVED_FROM = 6
_MEAL_MIN, _REST_MIN, _NO_MIN = 30, 45, 5
_STAYING = (
    "A wind like that takes roofs off. I will not go out in it.",
    "They do not say such things for nothing. I stay where I am.",
    "The shopping can wait until it is over.",
    "I would rather be bored at home than out there.",
)
_CONFIRMED = (
    "It is the second time I hear it today. It must be true.",
    "Everybody says the same. I stay in.",
)
_DOUBTING = (
    "They warn us every autumn, and then it rains a little.",
    "I have heard that before. I go on.",
)
_BUSY = ("I believe it, but I have to finish here first.", "Yes, but not before the evening.")


def scripted_llm() -> LLM:
    """Return a language model whose answers are `answer`; it keeps them in memory."""
    return LLM(ClientSpec(backend="scripted", model=SCRIPTED, script=answer))


def answer(request: Request) -> str:
    """Return what somebody answers, as JSON.

    To a warning: believed by trust, danger and whether it was heard before; who believes it
    stays in or leaves, a few go on. To a need that presses: a meal or a rest, if that is among
    the options and the person is not at work. To anything else: values drawn from the form.

    Parameters
    ----------
    request : Request
        The question with its prompt.
    """
    asked = request.messages[-1].content
    if request.address.purpose == "heed":
        return json.dumps(_heeded(asked, _draw(request)))
    if request.address.purpose == "react":
        return json.dumps(_reacted(asked))
    return fill_schema(request)


def _heeded(asked: str, draw: float) -> dict[str, object]:
    options = _options(asked)
    trust, danger = _number(asked, "Trust"), _number(asked, "Danger told")
    before = _number(asked, "Heard before")
    believed = min(10, round(0.5 * trust + 0.4 * danger) + before)
    doubts = believed < _BELIEVED_FROM
    is_busy = not doubts and draw < 0.1
    words = _DOUBTING if doubts else _BUSY if is_busy else _CONFIRMED if before else _STAYING
    goes_on = options.index(_GO_ON)
    others = [row for row in range(len(options)) if row != goes_on]
    choice = goes_on if doubts or is_busy or not others else others[0]
    return {
        "reason": words[int(draw * 997) % len(words)],
        "believed": believed,
        "choice": choice + 1,
        "informs": not doubts,
        "minutes": 0,
    }


def _reacted(asked: str) -> dict[str, object]:
    options = _options(asked)
    is_at_work = re.search(r'Now: "(?:work|school)"', asked) is not None
    for begins, minutes, words in (
        ("eat", _MEAL_MIN, "I am hungry."),
        ("rest", _REST_MIN, "I am tired."),
    ):
        found = [row for row, one in enumerate(options) if one.startswith(begins)]
        need = "hunger" if begins == "eat" else "energy"
        if found and not is_at_work and f"{need} has fallen low" in asked:
            return {"reason": words, "choice": found[0] + 1, "minutes": minutes}
    choice = options.index(_GO_ON) + 1 if _GO_ON in options else 1
    return {"reason": "It can wait.", "choice": choice, "minutes": _NO_MIN}


def _options(asked: str) -> list[str]:
    return re.findall(r'^\d+\. "(.*)"$', asked, flags=re.MULTILINE)


def _number(asked: str, name: str) -> int:
    found = re.search(rf"{name}: (\d+)", asked)
    return 0 if found is None else int(found[1])


def _draw(request: Request) -> float:
    """Return a number in [0, 1) that depends on the question alone."""
    return float(streams.rng(int(request.key()[:16], 16), 0, "scripted", 0).random())

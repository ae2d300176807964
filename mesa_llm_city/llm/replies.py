"""Replies: the object that a model answers with, read from the text that comes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from mesa_llm_city.core.errors import LLMReplyError
from mesa_llm_city.core.plain_text import plain_text, plain_values
from mesa_llm_city.core.secrets import redact
from mesa_llm_city.llm.base import Completion, Message, Request
from mesa_llm_city.llm.fitting import fitted, unwrapped
from mesa_llm_city.llm.loose_json import values_in
from mesa_llm_city.llm.reply_schema import plain_schema
from mesa_llm_city.llm.thoughts import after_thoughts

__all__ = ["parse_reply", "reask", "refused", "unusable"]

Reply = TypeVar("Reply", bound=BaseModel)

_SHOWN = 600
_QUOTED = 80
_SHORT = 40
_NO_WORDS = "(no answer)"
# What a parser may let pass: halves of a sign, control characters, numbers that are none.
_ODD = re.compile(r"\\u|NaN|Infinity|\x7f|true|false")
# What may stand before an answer that was cut off behind it.
_BEGINNING = re.compile(r"\s*(?:```\w*\s*)?[\[\s]*")


def parse_reply(
    text: str,
    reply: type[Reply],
    *,
    facts: Mapping[str, object] | None = None,
    cut_off: bool = False,
) -> tuple[Reply, bool]:
    """Read a reply from the text of an answer.

    The reply is the last object of its form after the model's thoughts. An object that has
    all fields but cannot be used is a failure, whatever stands before it. Spare commas,
    comments, single quotes, objects around it, and numbers such as ``"7/10"`` or ``"2. walk"``
    are read where the meaning is certain.

    Parameters
    ----------
    text : str
        What the model wrote.
    reply : type of pydantic.BaseModel
        The form it should have.
    facts : mapping, optional
        What the prompt says; lists whose items a reply names by number.
    cut_off : bool, default False
        Whether the model was stopped while it wrote, so that what stands within other words
        may be a draft.

    Returns
    -------
    value : pydantic.BaseModel
        The reply.
    repaired : bool
        Whether it is not the whole text as it stands.

    Raises
    ------
    LLMReplyError
        If there is no such object in the text; the message says what is wrong.

    Examples
    --------
    >>> class Vote(BaseModel):
    ...     choice: int
    >>> parse_reply('Sure! {"choice": 2} Anything else?', Vote)
    (Vote(choice=2), True)
    """
    try:
        return _whole(text, reply)
    except (ValueError, RecursionError):
        answer = _unquoted(after_thoughts(text))
    try:
        found = _last(answer, reply, facts or {})
    except RecursionError:
        message = "the answer is nested too deep"
        raise LLMReplyError(message) from None
    if cut_off and not _BEGINNING.fullmatch(answer, 0, found.start):
        message = "the answer was cut off, so what it holds may be a draft"
        raise LLMReplyError(message)
    return found.reply, True


def _whole(text: str, reply: type[Reply]) -> tuple[Reply, bool]:
    """Return the reply that a text is, and whether signs had to be left out of it."""
    if not _ODD.search(text):
        return reply.model_validate_json(text), False
    value = json.loads(text)
    plain = plain_values(value)
    if fitted(plain, plain_schema(reply)) != plain:
        message = "not as asked for, though a parser would let it pass"
        raise ValueError(message)
    return reply.model_validate_json(json.dumps(plain, allow_nan=False)), plain != value


class _Last(NamedTuple, Generic[Reply]):
    """A reply, and where in the text it begins."""

    reply: Reply
    start: int


def _last(answer: str, reply: type[Reply], facts: Mapping[str, object]) -> _Last[Reply]:
    """Return the last reply of a text without thoughts."""
    flaw = LLMReplyError(_nothing(answer))
    found = [*values_in(answer)]
    tail = answer[found[-1].start :] if found and found[-1].value is None else ""
    for one in (one for one in reversed(found) if one.value is not None):
        wrapped = _Wrapped(one.value, reply, facts)
        if (value := wrapped.reply) is not None:
            if not answer[one.start : one.end].startswith(tail):
                break
            return _Last(value, one.start)
        flaw = wrapped.flaw if one is found[-1] else flaw
        if wrapped.is_whole:
            raise wrapped.flaw
    raise LLMReplyError("the answer ends within an object") if tail else flaw


class _Wrapped(Generic[Reply]):
    """A value that may be a reply, or hold one."""

    def __init__(self, value: object, reply: type[Reply], facts: Mapping[str, object]) -> None:
        schema = plain_schema(reply)
        self._names = schema.get("properties", {}).keys()
        self._decisive = {name for name in self._names if not _is_prose(schema, name)}
        self.flaw = LLMReplyError("the answer holds no object with the fields asked for")
        self.is_whole = False
        self._most = 0
        self._found: list[Reply] = []
        for one in unwrapped(value):
            self._try(fitted(one, schema, facts), reply)
            if self._found and one is value:
                break
        if self._found and self.reply is None:
            self.flaw = LLMReplyError("the answer holds several replies that differ")

    @property
    def reply(self) -> Reply | None:
        """The reply, if there is just one."""
        if self._found and all(one == self._found[0] for one in self._found):
            return self._found[0]
        return None

    def _try(self, value: Mapping[str, Any], reply: type[Reply]) -> None:
        shared = len(self._names & value.keys())
        if self._names and not shared:
            return
        self.is_whole |= self._decisive <= value.keys()
        try:
            self._found.append(reply.model_validate_json(json.dumps(value)))
        except ValidationError as error:
            if shared > self._most:
                self._most, self.flaw = shared, LLMReplyError(_described(error))


def _is_prose(schema: Mapping[str, Any], name: str) -> bool:
    """Tell whether a field holds words, such as a reason, and decides nothing."""
    field = schema["properties"][name]
    return field.get("type") == "string" and "enum" not in field


def _unquoted(text: str) -> str:
    """Return the text that a JSON string holds, if the whole text is one."""
    bare = text.strip()
    try:
        inner = json.loads(bare) if bare.startswith('"') else text
    except (ValueError, RecursionError):
        return text
    return inner if isinstance(inner, str) else text


def _nothing(answer: str) -> str:
    return "the answer holds no JSON object" if answer.strip() else "there is no answer"


def _described(error: ValidationError) -> str:
    flaws = [
        f"{'.'.join(map(str, flaw['loc'])) or 'the reply'}: {flaw['msg']}{_got(flaw)}"
        for flaw in error.errors(include_url=False, include_context=False)
    ]
    return "; ".join(flaws[:5])


def _got(flaw: Mapping[str, Any]) -> str:
    """Return the value that is wrong, if it is a short one."""
    is_short = isinstance(flaw["input"], str | int | float) and len(str(flaw["input"])) <= _SHORT
    return f", got {flaw['input']!r}" if is_short and flaw["type"] != "missing" else ""


def unusable(completion: Completion, request: Request, error: LLMReplyError) -> LLMReplyError:
    """Return the error of an answer for people: what is wrong, the words, and what to do.

    Parameters
    ----------
    completion : Completion
        The answer.
    request : Request
        What was asked.
    error : LLMReplyError
        The flaw that `parse_reply` found, which the prompt of the next try quotes.
    """
    own = LLMReplyError(_explained(completion, request, error.message))
    own.flaw = error.message
    return own


def _explained(completion: Completion, request: Request, flaw: str) -> str:
    words = after_thoughts(completion.text).strip()
    wrote = f"; the model wrote {_quoted(words)}" if words else ""
    if completion.finish == "length":
        size = completion.completion_tokens or request.max_tokens
        what = "of answer" if words else "of thoughts, before any answer"
        room = "; models that think first need 1,000 or more" if not words else wrote
        return f"cut off at {size:,} tokens {what}; raise --answer-tokens{room}"
    if not words and completion.text.strip():
        return f"the model thought, but gave no answer; it wrote {_quoted(completion.text)}"
    return f"{flaw}{wrote}" if words else "the model gave an empty answer"


def refused(words: str) -> str:
    """Return the message about a model that refuses to answer."""
    if words.strip():
        return f"the model refused: {_quoted(words)}"
    return "the provider's content filter stopped the answer; reword the prompt or change the model"


def _quoted(text: str) -> str:
    """Return the first words of a text in quotes, without secrets."""
    line = " ".join(redact(plain_text(text)).split())
    return repr(line if len(line) <= _QUOTED else f"{line[: _QUOTED - 1]}\u2026")


def reask(request: Request, text: str, error: LLMReplyError) -> Request:
    """Return the request that asks again, with the bad answer and what is wrong with it."""
    again = (
        # Servers refuse an empty message.
        Message("assistant", after_thoughts(text).strip()[:_SHOWN] or _NO_WORDS),
        Message(
            "user",
            f"That cannot be used: {error.flaw or error.message}. Answer again with one JSON "
            "object of the form asked for and nothing else.",
        ),
    )
    address = request.address._replace(attempt=request.address.attempt + 1)
    return replace(request, messages=(*request.messages, *again), address=address)

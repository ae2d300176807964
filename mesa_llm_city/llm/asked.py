"""A question on its way to an answer: worded as a request, read, asked again, booked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import BaseModel

from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.errors import LLMReplyError
from mesa_llm_city.llm.base import Address, Completion, Message, Request
from mesa_llm_city.llm.budget import estimate_tokens
from mesa_llm_city.llm.clients import ClientSpec
from mesa_llm_city.llm.engine import Done
from mesa_llm_city.llm.grammar import grammar_of
from mesa_llm_city.llm.ledger import Call, Source
from mesa_llm_city.llm.replies import parse_reply, reask, refused, unusable
from mesa_llm_city.llm.reply_schema import schema_of
from mesa_llm_city.prompts import PromptLibrary

__all__ = ["Asked", "asked_again", "call_of", "read_reply", "shared_call", "worded"]


class Asked(NamedTuple):
    """A question on its way to an answer.

    Attributes
    ----------
    ticket : int
        Number by which its answer is returned.
    question : Question
        What is asked.
    request : Request
        What is sent.
    prompt : str
        Name and version of the prompt.
    route : str
        Name of the model that it goes to; empty for the usual one.
    answer_tokens : int
        Most tokens of the answer.
    first : Request
        The request before the question was asked again.
    began_s : float
        When it was first sent, by the monotonic clock; 0 before.
    unusable : tuple of tuple
        Key and call of each answer that could not be used.
    """

    ticket: int
    question: Question
    request: Request
    prompt: str
    route: str
    answer_tokens: int
    first: Request
    began_s: float = 0.0
    unusable: tuple[tuple[str, Call], ...] = ()

    @property
    def size(self) -> dict[str, int]:
        """Tokens of the prompt, as estimated, and the most of an answer."""
        tokens = estimate_tokens(self.request.messages)
        return {"prompt_tokens": tokens, "max_tokens": self.answer_tokens}


def worded(
    ticket: int,
    question: Question,
    *,
    library: PromptLibrary,
    route: str,
    spec: ClientSpec,
    sample: Callable[[Question], str],
) -> Asked:
    """Return a question with the request for it.

    Parameters
    ----------
    ticket : int
        Number by which its answer is returned.
    question : Question
        What is asked.
    library : PromptLibrary
        The prompts.
    route : str
        Name of the model that it goes to; empty for the usual one.
    spec : ClientSpec
        How that model is reached.
    sample : callable
        Names the person or group that the answer belongs to.

    Raises
    ------
    PromptError
        If the prompt is missing or does not fit the question.
    """
    rendered = library.render(question)
    minute = -1 if question.minute is None else question.minute
    request = Request(
        model=spec.model,
        messages=tuple(Message(*one) for one in rendered.messages),
        address=Address(sample(question), minute, question.purpose, question.count),
        schema=schema_of(question.reply),
        schema_name=question.reply.__name__,
        temperature=rendered.temperature,
        max_tokens=rendered.max_tokens,
        options={
            **spec.options,
            **dict.fromkeys(sorted(spec.omit)),
            **(_grammar(question.reply) if spec.native_schema == "grammar" else {}),
        },
    )
    label = f"{rendered.name}@{rendered.version}"
    most = spec.answer_tokens or request.max_tokens
    return Asked(ticket, question, request, label, route, most, first=request)


def asked_again(one: Asked, completion: Completion, error: LLMReplyError) -> Asked:
    """Return the question once more, with what is wrong with the answer if there is any."""
    answer = completion.text
    again = reask(one.first, answer, error) if answer.strip() else one.first
    attempt = one.request.address.attempt + 1
    address = one.request.address._replace(attempt=attempt)
    return one._replace(request=replace(again, address=address))


def read_reply(completion: Completion, one: Asked) -> tuple[BaseModel, bool]:
    """Return the reply in an answer, and whether something around it was cut off.

    Raises
    ------
    LLMReplyError
        If it is a refusal, or has not the form asked for.
    """
    question, is_cut = one.question, completion.finish == "length"
    if completion.finish == "refusal":
        raise LLMReplyError(refused(completion.text))
    try:
        return parse_reply(completion.text, question.reply, facts=question.facts, cut_off=is_cut)
    except LLMReplyError as error:
        raise unusable(completion, one.request, error) from None


def call_of(
    one: Asked,
    completion: Completion | None,
    source: Source,
    cost: float | None,
    done: Done | None,
    *,
    repaired: bool = False,
    error: str = "",
) -> Call:
    """Return the row of the ledger for a question.

    Parameters
    ----------
    one : Asked
        The question.
    completion : Completion or None
        Its answer, None if there is none.
    source : Source
        Where the answer came from.
    cost : float or None
        Price paid for it in this run, in US dollars; None if there is no price.
    done : Done or None
        What came of sending it; None if it was not sent.
    repaired : bool, default False
        Whether something around the answer was cut off.
    error : str, optional
        Why there is no usable answer.
    """
    address = one.request.address
    return Call(
        sample=address.sample,
        minute=address.minute,
        purpose=address.purpose,
        turn=address.turn,
        attempt=address.attempt,
        prompt=one.prompt,
        model=one.request.model,
        source=source,
        tries=0 if done is None else done.tries,
        latency_s=0.0 if done is None else done.latency_s,
        prompt_tokens=None if completion is None else completion.prompt_tokens,
        cached_tokens=None if completion is None else completion.cached_tokens,
        completion_tokens=None if completion is None else completion.completion_tokens,
        cost_usd=cost,
        valid=not error,
        repaired=repaired,
        error=error,
    )


def shared_call(question: Question, *, group: str, prompt: str, model: str) -> Call:
    """Return the row of the ledger for a question that got the answer of its archetype.

    Parameters
    ----------
    question : Question
        The question, which was not sent.
    group : str
        Name of the group.
    prompt, model : str
        Those of the answer.
    """
    return Call(
        sample=group,
        minute=-1 if question.minute is None else question.minute,
        purpose=question.purpose,
        turn=question.count,
        attempt=0,
        prompt=prompt,
        model=model,
        source=Source.ARCHETYPE,
        tries=0,
        latency_s=0.0,
        prompt_tokens=None,
        cached_tokens=None,
        completion_tokens=None,
        cost_usd=0.0,
        valid=True,
        repaired=False,
        error="",
    )


@lru_cache(maxsize=256)
def _grammar(reply: type[BaseModel]) -> Mapping[str, Any]:
    return {"grammar": grammar_of(schema_of(reply))}

"""A short question that shows whether a model can be asked: key, address, name, parameters."""

from __future__ import annotations

from typing import NamedTuple, Self

from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.errors import LLMReplyError
from mesa_llm_city.llm.asked import Asked
from mesa_llm_city.llm.base import Address, Completion, Message, Request
from mesa_llm_city.llm.clients.spec import ClientSpec
from mesa_llm_city.llm.engine import Done, Engine, Job
from mesa_llm_city.llm.replies import parse_reply
from mesa_llm_city.llm.reply_schema import schema_of
from mesa_llm_city.llm.retry import EngineConfig
from mesa_llm_city.prompts import reply_hint

__all__ = ["CHECKING", "CHECK_PROMPT", "Checked", "check_asked", "send_one"]

CHECK_PROMPT = "check@1"
"""Name and version of the question, as the ledger has it."""

CHECKING = EngineConfig(in_flight=1, tries=6, base_delay_s=0.1, max_delay_s=1.0)
"""Tries of the question: who fails for some seconds is given up, who is busy is waited for."""

_PURPOSE = "check"
_MAX_TOKENS = 160


class _Sum(BaseModel):
    """The reply."""

    answer: int = Field(ge=0, le=100)


class Checked(NamedTuple):
    """What came of the question.

    Attributes
    ----------
    model : str
        Name of the model.
    completion : Completion
        Its answer.
    cost_usd : float or None
        Price, in US dollars; None if there is none.
    latency_s : float
        Time to the answer, in seconds.
    refused : tuple of str
        Parameters that the model refuses.
    flaw : str
        What is wrong with the form of the answer, empty if nothing is.
    """

    model: str
    completion: Completion
    cost_usd: float | None
    latency_s: float
    refused: tuple[str, ...]
    flaw: str

    @classmethod
    def of(cls, spec: ClientSpec, done: Done, cost_usd: float | None) -> Self:
        """Return what an answer shows.

        Raises
        ------
        LLMReplyError
            If it is cut off, as all others would be.
        """
        completion = done.completion or Completion(text="")
        if completion.finish == "length":
            limit = spec.answer_tokens or _MAX_TOKENS
            message = (
                f"the answer of {spec.model} to a short question was cut off at {limit} tokens, "
                "which a model that thinks first may need for its thoughts; raise --answer-tokens "
                "(ClientSpec(answer_tokens=2000))"
            )
            raise LLMReplyError(message)
        flaw = _flaw(completion.text)
        return cls(spec.model, completion, cost_usd, done.latency_s, done.refused, flaw)

    def __str__(self) -> str:
        """Return time, tokens and price in a line."""
        usage = (self.completion.prompt_tokens, self.completion.completion_tokens)
        tokens = "tokens unknown" if None in usage else f"{usage[0]} + {usage[1]} tokens"
        money = "no known price" if self.cost_usd is None else f"{self.cost_usd:.2g} USD"
        flaw = f"; not in the form asked for: {self.flaw}" if self.flaw else ""
        return f"{self.model} answers in {self.latency_s:.1f} s: {tokens}, {money}{flaw}"


def check_asked(spec: ClientSpec) -> Asked:
    """Return the question for a model, with the parameters that all questions have."""
    request = Request(
        model=spec.model,
        messages=(
            Message("system", f"You answer briefly.\n\n{reply_hint(_Sum)}"),
            Message("user", "How much is 2 + 3?"),
        ),
        address=Address("-", -1, _PURPOSE),
        schema=schema_of(_Sum),
        schema_name="Sum",
        max_tokens=_MAX_TOKENS,
        options={**spec.options, **dict.fromkeys(sorted(spec.omit))},
    )
    question = Question(purpose=_PURPOSE, reply=_Sum, facts={})
    most = spec.answer_tokens or _MAX_TOKENS
    return Asked(0, question, request, CHECK_PROMPT, "", most, first=request)


def send_one(asked: Asked, spec: ClientSpec, config: EngineConfig) -> Done:
    """Send a question over a connection of its own, and return what came of it."""
    engine = Engine(spec, config)
    try:
        engine.submit([Job(0, asked.request)])
        (done,) = engine.take()
    finally:
        engine.close()
    return done


def _flaw(text: str) -> str:
    try:
        parse_reply(text, _Sum)
    except LLMReplyError as error:
        return error.message
    return ""

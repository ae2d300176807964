"""The parameters of a chat request, and what a model refuses of them.

Models differ in what they take: newer ones of OpenAI want ``max_completion_tokens`` in place of
``max_tokens`` and no temperature, others enforce no JSON schema. A parameter that is refused
is replaced or left out from then on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mesa_llm_city.core.errors import LLMUnavailableError
from mesa_llm_city.llm.base import Request
from mesa_llm_city.llm.clients.failures import is_too_long, unavailable
from mesa_llm_city.llm.clients.spec import ClientSpec

__all__ = ["ChatParameters", "in_words"]

_FORM = "response_format"
_SCHEMA = "json_schema"
_LIMIT = "max_tokens"
_NEW_LIMIT = "max_completion_tokens"
# Statuses and words by which servers complain of a parameter.
_STATUSES = frozenset({400, 404, 415, 422, 501})
_COMPLAINT = re.compile(
    r"unsupported|not support|unavailable|unrecogni[sz]ed|unknown|unexpected|not permitted"
    r"|not allowed|not available|invalid(?!_request)|only .{0,40}(allowed|supported|default)"
    r"|deprecated|deserialize|not implemented|cannot be used|incompatible|extra inputs"
    r"|failed to (parse|compile)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"""["']param["']\s*:\s*["'](\w+)""")
# Other words for a parameter in the messages of servers.
_ALSO_CALLED: Mapping[str, str] = {
    _FORM: r"json[_ ]schema|structured[_ ]outputs?|response format|guided|grammar|schema for"
}
_IN_WORDS = {
    _LIMIT: f"{_NEW_LIMIT} is sent in place of {_LIMIT}",
    _SCHEMA: "a JSON object is asked for, without its schema",
    _FORM: "the form of replies is asked for in words only",
}


class ChatParameters:
    """What is sent beside model and messages; it learns from refusals.

    Parameters
    ----------
    spec : ClientSpec
        How the form of replies is demanded, the greatest length of answers, and what is known
        to be refused.

    Examples
    --------
    >>> from mesa_llm_city.llm.base import Address
    >>> spec = ClientSpec(backend="http", model="m", api_base="http://127.0.0.1:8000/v1")
    >>> parameters = ChatParameters(spec)
    >>> sent = parameters.of(Request(model="m", messages=(), address=Address("1", 0, "vote")))
    >>> sent
    {'temperature': 0.7, 'max_tokens': 512}
    >>> parameters.refusal(sent, 400, "unsupported: 'max_tokens'").cause
    'adapted'
    >>> parameters.of(Request(model="m", messages=(), address=Address("1", 0, "vote")))
    {'temperature': 0.7, 'max_completion_tokens': 512}
    """

    def __init__(self, spec: ClientSpec) -> None:
        self._is_native = spec.native_schema is True
        self._answer_tokens = spec.answer_tokens
        self._refused = set(spec.refused)

    @property
    def refused(self) -> tuple[str, ...]:
        """What the model has refused so far, sorted."""
        return tuple(sorted(self._refused))

    def of(self, request: Request) -> dict[str, Any]:
        """Return the parameters of a request; an option of None is left out."""
        limit = _NEW_LIMIT if _LIMIT in self._refused else _LIMIT
        wanted: dict[str, Any] = {
            "temperature": request.temperature,
            limit: self._answer_tokens or request.max_tokens,
            _FORM: self._form(request),
            **request.options,
        }
        left_out = self._refused - {_SCHEMA}
        return {
            name: value
            for name, value in wanted.items()
            if value is not None and name not in left_out
        }

    def refusal(
        self, sent: Mapping[str, Any], status: int, detail: str
    ) -> LLMUnavailableError | None:
        """Return the error of a refused parameter, which the next try goes without.

        Parameters
        ----------
        sent : mapping
            The parameters that were sent.
        status : int
            Status of the response.
        detail : str
            Text of the response.

        Returns
        -------
        LLMUnavailableError or None
            None if it complains of something else.
        """
        if status not in _STATUSES or is_too_long(detail) or not _COMPLAINT.search(detail):
            return None
        name = _complained_of(sent, detail)
        if name is None or name == _NEW_LIMIT:  # without any limit an answer could be endless
            return None
        if name == _FORM and sent[_FORM].get("type") == _SCHEMA:
            name = _SCHEMA
        self._refused.add(name)
        return unavailable(f"the model refuses {name}: {detail[:200]}", cause="adapted")

    def _form(self, request: Request) -> dict[str, Any] | None:
        """Return the form of reply the server is to enforce, None if it is not to."""
        if request.schema is None or not self._is_native:
            return None
        if _SCHEMA in self._refused:
            return {"type": "json_object"}
        named = {"name": request.schema_name or "reply", "schema": request.schema, "strict": True}
        return {"type": _SCHEMA, _SCHEMA: named}


def in_words(refused: str) -> str:
    """Return what is done about a parameter that a model refuses.

    Examples
    --------
    >>> in_words("temperature")
    'temperature is left out, so that the default of the model applies'
    """
    usual = f"{refused} is left out, so that the default of the model applies"
    return _IN_WORDS.get(refused, usual)


def _complained_of(sent: Mapping[str, Any], detail: str) -> str | None:
    """Return which of the parameters a message is about: the one it names first."""
    if (named := _NAMED.search(detail)) and named[1] in sent:
        return named[1]
    places = {name: found.start() for name in sent if (found := _mention(name, detail))}
    return min(places, key=lambda name: places[name], default=None)


def _mention(name: str, detail: str) -> re.Match[str] | None:
    words = rf"\b{re.escape(name)}\b"
    if name in _ALSO_CALLED:
        words += f"|{_ALSO_CALLED[name]}"
    return re.search(words, detail, re.IGNORECASE)

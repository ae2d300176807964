"""The chat interface of OpenAI, as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mesa_llm_city.core.errors import LLMReplyError, LLMUnavailableError
from mesa_llm_city.llm.base import Completion
from mesa_llm_city.llm.clients.wire import body_of, completion_of
from tests.llm.asking import asked


def answered(finish: str = "stop", **said: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"choices": [{"message": {"role": "assistant", **said}, "finish_reason": finish}]}


class TestBody:
    def test_it_holds_the_prompt_the_parameters_and_the_bare_name_of_the_model(self) -> None:
        assert json.loads(body_of(asked(3), {"temperature": 0.2, "max_tokens": 9})) == {
            "model": "loopback",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Question 3?"},
            ],
            "temperature": 0.2,
            "max_tokens": 9,
        }

    def test_the_address_of_a_draw_is_not_sent(self) -> None:
        assert b"test" not in body_of(asked(), {})


class TestCompletion:
    def test_text_and_sizes_are_read(self) -> None:
        usage = {
            "prompt_tokens": 12,
            "completion_tokens": 3,
            "prompt_tokens_details": {"cached_tokens": 8},
            "cost": 0.002,
        }
        assert completion_of({**answered(content="yes"), "usage": usage}) == Completion(
            text="yes", prompt_tokens=12, cached_tokens=8, completion_tokens=3, cost_usd=0.002
        )

    def test_sizes_that_the_server_does_not_tell_are_unknown(self) -> None:
        assert completion_of(answered(content="yes")) == Completion(text="yes")

    def test_an_answer_in_parts_is_put_together(self) -> None:
        parts = [{"type": "text", "text": "y"}, {"type": "image"}, {"type": "text", "text": "es"}]
        assert completion_of(answered(content=parts)).text == "yes"

    @pytest.mark.parametrize(
        ("finish", "said", "completion"),
        [
            ("length", {"content": "ye"}, Completion(text="ye", finish="length")),
            ("length", {"content": None}, Completion(text="", finish="length")),
            ("content_filter", {"content": ""}, Completion(text="", finish="refusal")),
            ("stop", {"content": None, "refusal": "No."}, Completion(text="No.", finish="refusal")),
        ],
    )
    def test_the_end_of_an_answer_is_told(
        self, finish: str, said: dict[str, Any], completion: Completion
    ) -> None:
        assert completion_of(answered(finish, **said)) == completion

    @pytest.mark.parametrize("payload", [[], "yes", {}, {"choices": []}, {"choices": [{}]}, None])
    def test_anything_else_is_no_answer(self, payload: object) -> None:
        with pytest.raises(LLMUnavailableError) as caught:
            completion_of(payload)
        assert not caught.value.fatal

    def test_an_error_sent_as_a_success_is_an_error(self) -> None:
        with pytest.raises(LLMUnavailableError, match="429"):
            completion_of({"error": {"code": 429, "message": "busy"}})
        with pytest.raises(LLMReplyError, match="too long"):
            completion_of({"error": {"code": 400, "message": "maximum context length"}})
        with pytest.raises(LLMUnavailableError, match="out of order"):
            completion_of({"error": "out of order"})
